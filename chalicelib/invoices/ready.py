"""Which drafts can be sent as they stand."""

from collections.abc import Iterator

from chalicelib import wiring
from chalicelib.invoices import facts, preflight, show, store
from chalicelib.invoices.model import Invoice, InvoiceState
from chalicelib.invoices.send import MOST_ASKED

AT_ONCE = 100
NONE = "No draft is ready to be sent. Each draft says what stands in its way."


def ready(tenant_id: str, most: int = MOST_ASKED) -> list[str]:
    """Ids of drafts that nothing stands in the way of, newest first, at most so many."""
    known = facts.load(tenant_id)
    found = []
    for invoice in _drafts(tenant_id):
        judged = known(invoice)
        frozen = show.frozen(invoice, judged, wiring.current().settings.public_base_url)
        if not preflight.blocking(preflight.problems_of(frozen, judged)):
            found.append(invoice.invoice_id)
        if len(found) == most:
            break
    return found


def _drafts(tenant_id: str) -> Iterator[Invoice]:
    """With their lines, which lists leave out."""
    cursor: str | None = None
    while True:
        page = store.listing(
            tenant_id, limit=AT_ONCE, cursor=cursor, status=InvoiceState.DRAFT.value
        )
        if page.items:
            whole = store.get_many(tenant_id, [one.invoice_id for one in page.items])
            yield from (one for one in whole.values() if one.state is InvoiceState.DRAFT)
        cursor = page.next
        if not cursor:
            return
