"""How a tenant's invoices stand, as Home sums it up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.invoices.model import SENDABLE, Invoice, InvoiceState

LATEST = 100
RECENT = 8
MOST_CARDS = 5
MOST_LOOKED_AT = 50
"""Of invoices that differ: those that somebody lets be are among them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts over the latest invoices; ``complete`` when those are all there are.

    ``due`` is what is yet to be paid, by currency. ``drifting`` are invoices of any age that Xero
    has otherwise and nobody has said a word about, a few of them; ``more_drifting``: not all.
    """

    to_send: int
    waiting: int
    due: Mapping[str, Decimal]
    troubled: Sequence[Invoice]
    recent: Sequence[Invoice]
    complete: bool
    drifting: Sequence[Invoice] = ()
    more_drifting: bool = False


def standing(tenant_id: str) -> Standing:
    """The standing, from one read of the newest invoices and one of those that differ."""
    from chalicelib.invoices import drift_store, store

    differ = drift_store.listing(tenant_id, limit=MOST_LOOKED_AT)
    drifting = [invoice for invoice in differ.items if not _decided(invoice)]
    page = store.listing(tenant_id, limit=LATEST)
    kept = [invoice for invoice in page.items if invoice.state is not InvoiceState.DISCARDED]
    waiting = [invoice for invoice in kept if invoice.mirror and invoice.mirror.amount_due > 0]
    due: defaultdict[str, Decimal] = defaultdict(Decimal)
    for invoice in waiting:
        due[invoice.currency] += invoice.mirror.amount_due if invoice.mirror else 0
    return Standing(
        to_send=sum(invoice.state in SENDABLE for invoice in kept),
        waiting=len(waiting),
        due=dict(sorted(due.items())),
        troubled=[invoice for invoice in kept if _troubled(invoice)],
        recent=kept[:RECENT],
        complete=page.next is None,
        drifting=drifting[:MOST_CARDS],
        more_drifting=len(drifting) > MOST_CARDS or differ.next is not None,
    )


def _troubled(invoice: Invoice) -> bool:
    failed = invoice.state in {InvoiceState.FAILED, InvoiceState.UNCERTAIN}
    return (
        failed
        or invoice.credits_lost > 0
        or (invoice.drift is None and invoice.difference is not None)
    )


def _decided(invoice: Invoice) -> bool:
    """Whether somebody said what becomes of the work of one that has ended in Xero."""
    said = invoice.released or invoice.redraft_id or invoice.left_because
    return bool(said and invoice.mirror and invoice.mirror.ended)
