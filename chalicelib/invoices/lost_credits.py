"""Credit notes of ours that somebody takes back in Xero: voids, deletes, or spends no more.

The invoice itself shows that what was spent on it is gone; only then is the credit note looked
at. One that was never spent on it is looked at when Xero hints at it, or somebody asks.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Job, More, Priority, Slice, Step
from chalicelib.errors import Conflict
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices import credit, store
from chalicelib.invoices.books import Books
from chalicelib.invoices.credit import Credit, CreditState
from chalicelib.invoices.line import ZERO
from chalicelib.invoices.mirror import CREDIT_NOTE, ENDED, Mirror
from chalicelib.invoices.model import Invoice, Problem
from chalicelib.storage.rows import transaction_connection
from chalicelib.xero.wire.credit_note import CreditNote

if TYPE_CHECKING:
    from chalicelib.xero.accounting import Accounting

KIND = "look-at-credits"
AS_BEFORE = "Xero has the credit notes as they were."


def fewer(before: Invoice, told: Mirror) -> bool:
    """Whether less credit is on it in Xero than there was, where some of it was made here."""
    was, now = _spent(before.mirror), _spent(told)
    return before.credited > 0 and any(now.get(key, ZERO) < amount for key, amount in was.items())


def ask(tenant_id: str, organisation_id: str, invoice_id: str) -> None:
    """Have an invoice's credit notes looked at, in the organisation's lane."""
    wanted = enqueue.job(
        KIND,
        organisation_id,
        tenant_id,
        params={"invoice_id": invoice_id},
        priority=Priority.HINT,
        name=f"credits-{invoice_id}",
    )
    jobs.ask(wanted, unless_open=True)


def ask_about(tenant_id: str, organisation_id: str, credit_note_ids: Iterable[str]) -> None:
    """The same of the invoices for which these credit notes were made; others are left aside."""
    found = {credit.whose(tenant_id, one) for one in credit_note_ids}
    for invoice_id in sorted(one for one in found if one):
        ask(tenant_id, organisation_id, invoice_id)


def handle(job: Job, _part: Slice) -> Step:
    """Hold each credit note of an invoice against Xero; safe to repeat."""
    books = tenant_books.of(job.tenant_id, job.lane)
    try:
        said = look(job.tenant_id, job.params["invoice_id"], books)
    except Conflict:
        return More()
    job.progress = {"updated": len(said)}
    return Done(" ".join(said) or AS_BEFORE)


def look(tenant_id: str, invoice_id: str, books: Books, *, unspent: bool = False) -> list[str]:
    """Look at those that came to their end, and say what was lost; one call for each.

    With ``unspent`` only at those whose money the invoice itself does not show. Raises Conflict
    where somebody changed one meanwhile.
    """
    said = []
    for one in credit.of_invoice(tenant_id, invoice_id):
        shown = unspent and one.allocated == one.totals.total
        if one.state is CreditState.DONE and not shown:
            said += _held_against(tenant_id, one, books(partial(_note, found=one)))
    return said


def _held_against(tenant_id: str, found: Credit, note: CreditNote) -> list[str]:
    invoice = store.get(tenant_id, found.invoice_id)
    ended = note.status in ENDED
    xero_id = invoice.mirror.xero_invoice_id if invoice.mirror else ""
    spent = ZERO if ended else credit.spent_on(note, xero_id)
    if not ended and spent == found.allocated:
        return []
    after = replace(found, allocated=spent)
    if ended:
        told = f"{found.number} was {note.status.lower()} in Xero, so that it takes nothing back."
        problem = Problem("credit_ended", told, blocking=False)
        after = replace(after, state=CreditState.VOIDED, problems=(problem,))
        invoice = replace(invoice, credited=invoice.credited - (note.total or ZERO))
    elif spent < found.allocated:
        less = f"{found.allocated - spent:,.2f} of {found.number}"
        told = f"{less} is spent on this invoice in Xero no longer. The credit note is there."
        after = replace(after, problems=(Problem("credit_unspent", told, blocking=False),))
    lost = ended or spent < found.allocated
    if lost:
        invoice = replace(invoice, credits_lost=invoice.credits_lost + 1, left_because="")
    _keep(tenant_id, after, invoice)
    return [after.problems[0].sentence] if lost else []


def _keep(tenant_id: str, after: Credit, invoice: Invoice) -> None:
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            credit.save_in(transaction, tenant_id, after)
            store.save_in(transaction, tenant_id, invoice)
    except TransactWriteError:
        raise Conflict(store.CHANGED) from None


def _spent(mirror: Mirror | None) -> dict[str, Decimal]:
    ledger = mirror.ledger if mirror else ()
    return {one.entry_id: one.amount for one in ledger if one.kind == CREDIT_NOTE}


def _note(accounting: "Accounting", *, found: Credit) -> CreditNote:
    return accounting.credit_note(found.credit_note_id)
