"""Looking in Xero whether an invoice is there, before anything is repeated.

An invoice is ours when it bears our address, whatever its status and whatever became of its
number. Every failure to look is raised: who cannot look must wait.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

from chalicelib.invoices.books import Books, of_numbers, pages_changed
from chalicelib.invoices.mirror import ENDED
from chalicelib.invoices.model import Invoice
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice

CLOCKS_APART = timedelta(minutes=5)
"""By how much Xero's clock may be behind ours."""


def look_up(books: Books, invoices: Sequence[Invoice], since: datetime) -> dict[str, XeroInvoice]:
    """What Xero holds of these invoices, by our ids; one that is missing is not in Xero.

    First by number in every status, voided and deleted ones too; then among all that changed
    since, for somebody may have changed the number, or it was Xero's to give.
    """
    wanted = {invoice.url: invoice.invoice_id for invoice in invoices}
    found = _ours(of_numbers(books, [invoice.number for invoice in invoices]), wanted)
    if len(found) < len(wanted):
        missing = {url: ours for url, ours in wanted.items() if ours not in found}
        changed = pages_changed(books, since - CLOCKS_APART)
        found |= _ours(chain.from_iterable(page.items for page in changed), missing)
    return found


def _ours(records: Iterable[XeroInvoice], wanted: dict[str, str]) -> dict[str, XeroInvoice]:
    """Of several with one address, the live one."""
    found: dict[str, XeroInvoice] = {}
    for record in records:
        invoice_id = wanted.get(record.url)
        if invoice_id and (invoice_id not in found or record.status not in ENDED):
            found[invoice_id] = record
    return found
