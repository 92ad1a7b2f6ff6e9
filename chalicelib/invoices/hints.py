"""Whether Xero's hints tell of anything that is not known here already.

What we write ourselves comes back as an event, which costs no call: what Xero answered to the
write bears the moment of its change. In doubt there is news.
"""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.invoices import store
from chalicelib.xero.formats import read_moment

INVOICE = "INVOICE"
CREDIT_NOTE = "CREDITNOTE"
MOST = 20
"""Finding out about more costs as much as a look."""


def tell_news(tenant_id: str, hints: Iterable[str]) -> bool:
    """Whether one of them is of anything but an invoice that is known as it has been since.

    The moment of the event has to be no later than what Xero said with the invoice, to the
    millisecond; where Xero rounds its answer down to the second, that is news.
    """
    found = [_read(hint) for hint in hints]
    if not found or len(found) > MOST:
        return True
    return any(one is None or not _known(tenant_id, *one) for one in found)


def credit_notes(hints: Iterable[str]) -> list[str]:
    """The ids of the credit notes that they are about; none where that would be too many."""
    parts = [hint.split(" ") for hint in hints]
    found = sorted({one[1] for one in parts if one[0] == CREDIT_NOTE and one[1:] and one[1]})
    return found if len(found) <= MOST else []


def _known(tenant_id: str, xero_invoice_id: str, changed_at: datetime) -> bool:
    invoice_id = store.id_of_xero(tenant_id, xero_invoice_id)
    if invoice_id is None:
        return False
    invoice = store.heads(tenant_id, [invoice_id]).get(invoice_id)
    updated_at = invoice.mirror.updated_at if invoice and invoice.mirror else None
    return updated_at is not None and changed_at <= updated_at


def _read(hint: str) -> tuple[str, datetime] | None:
    """The invoice and the moment; None of what cannot be told from news."""
    category, _, rest = hint.partition(" ")
    xero_invoice_id, _, moment = rest.partition(" ")
    if category != INVOICE or not xero_invoice_id:
        return None
    try:
        return xero_invoice_id, read_moment(moment)
    except ValueError:
        return None
