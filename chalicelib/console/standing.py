"""How a tenant's invoices stand, as Home sums it up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.invoices.model import SENDABLE, Invoice, InvoiceState

LATEST = 100
RECENT = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts over the latest invoices; ``complete`` when those are all there are.

    ``due`` is what is yet to be paid, by currency.
    """

    to_send: int
    waiting: int
    due: Mapping[str, Decimal]
    troubled: Sequence[Invoice]
    recent: Sequence[Invoice]
    complete: bool


def standing(tenant_id: str) -> Standing:
    """The standing, from one read of the newest invoices."""
    from chalicelib.invoices import store

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
    )


def _troubled(invoice: Invoice) -> bool:
    failed = invoice.state in {InvoiceState.FAILED, InvoiceState.UNCERTAIN}
    return failed or invoice.difference is not None
