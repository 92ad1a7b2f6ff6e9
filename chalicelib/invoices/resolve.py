"""What a person says became of an invoice that Workbill cannot be sure of.

It is about one whose sending was never confirmed, or whose number Xero has given to another
document. Nothing in Xero is changed by it, and nothing there is ever overwritten.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Failed, Job, Slice, Step, Wait
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.events.outbox import Teller
from chalicelib.invoices import adopt, after_sending, calls, reconcile, store, sync, tell
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices.books import Books
from chalicelib.invoices.calls import Call
from chalicelib.invoices.mirror import ENDED
from chalicelib.invoices.model import STOPPED, Invoice, InvoiceState, Problem, advance
from chalicelib.invoices.payload import SALES_INVOICE
from chalicelib.invoices.refusals import NUMBER_TAKEN
from chalicelib.invoices.verdict import Verdict
from chalicelib.people.caller import Caller
from chalicelib.xero.errors import XeroNotFound
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice

KIND = "resolve-invoice"
LONGEST = 500
NEVER_TRIED = datetime.min.replace(tzinfo=UTC)
XERO_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

NO_DOUBT = "Nothing is in doubt about this invoice."
NEVER = "Somebody looked, and it never arrived in Xero. It can be edited and sent again."
HALTED = (
    "The search for it was stopped. It may still be in Xero: look there, then say what became "
    "of it, or have Workbill look again."
)
STILL_COMING = "What was sent may still be arriving in Xero. This is looked at again by itself."


def start(caller: Caller, invoice_id: str, verdict: Verdict, document: str = "") -> Job:
    """Settle the doubt as somebody says; ``document`` is a number, an id or a link in Xero.

    Xero is looked at all the same: a document must be there and free, and one that never
    arrived must not be there. Raises NotConnected, NotFound, InvalidInput, and Conflict for an
    invoice that nothing is in doubt about.
    """
    invoice = store.get(caller.tenant_id, invoice_id)
    if not _in_question(invoice, verdict):
        raise Conflict(NO_DOUBT)
    named = document.strip()
    if verdict is Verdict.THIS_ONE and not 1 <= len(named) <= LONGEST:
        raise InvalidInput(
            "Give the number of the document in Xero, or its link.", field="document"
        )
    organisation_id = connections.active(caller.tenant_id).organisation_id
    tenant_books.demand_same(invoice, organisation_id)
    about = f"invoice:{invoice_id}"
    trail.record(caller, "invoice.resolve", about, "asked", verdict=verdict.value, document=named)
    job = enqueue.job(
        KIND,
        organisation_id,
        caller.tenant_id,
        params={"invoice_id": invoice_id, "verdict": verdict.value, "document": named},
        created_by=caller.actor,
        name=f"resolve-{invoice_id}",
    )
    return enqueue.do_now(job)


def handle(job: Job, part: Slice) -> Step:
    """Hold what was said against Xero, and store it; safe to repeat."""
    invoice = store.get(job.tenant_id, job.params["invoice_id"])
    verdict = Verdict(job.params["verdict"])
    if not _in_question(invoice, verdict):
        return Done("It was settled meanwhile.")
    call = calls.get(job.tenant_id, invoice.call_id) if invoice.call_id else None
    books = tenant_books.of(job.tenant_id, job.lane)
    doubt = Doubt(job.tenant_id, invoice, call, books)
    match verdict:
        case Verdict.THIS_ONE:
            step = doubt.link(job.params["document"], part)
        case Verdict.NEVER_ARRIVED:
            step = doubt.give_up(part)
        case _:
            step = doubt.stop(job.lane, part)
    if store.get(job.tenant_id, invoice.invoice_id).state is InvoiceState.SENT:
        after_sending.follow(job, [invoice.invoice_id], None)
    return step


@dataclass(frozen=True, slots=True)
class Doubt:
    """An invoice in question, with its open call, if there is one."""

    tenant_id: str
    invoice: Invoice
    call: Call | None
    books: Books

    def link(self, named: str, part: Slice) -> Step:
        """Take over the document that somebody named, as it is, unless our own is there."""
        found = _named(self.books, named)
        if len(found) != 1:
            return Failed(SEVERAL if found else "Xero has no such sales invoice.")
        record, own = found[0], self._own(part)
        if own is not None and own.invoice_id != record.invoice_id:
            return Failed(f"It did arrive: it is {own.invoice_number} in Xero. Check with Xero.")
        refusal = self._refusal(record)
        if refusal:
            return Failed(refusal)
        if own is None and self._still_coming(part):
            return Wait(self._quiet_at, STILL_COMING)
        invoice = self.invoice
        if invoice.number and invoice.number != record.invoice_number:
            former = (*invoice.former_numbers, invoice.number)
            invoice = replace(invoice, number=record.invoice_number, former_numbers=former)
        self._settle(adopt.adopt(invoice, record))
        sync.mirror(self.tenant_id, store.get(self.tenant_id, invoice.invoice_id), record)
        return Done(f"This is {record.invoice_number} in Xero now.")

    def give_up(self, part: Slice) -> Step:
        """Let it fail, so that it can be sent anew, once Xero certainly has not got it."""
        own = self._own(part)
        if own is not None:
            self._settle(adopt.adopt(self.invoice, own))
            return Done(f"It did arrive: it is {own.invoice_number} in Xero.")
        if self._still_coming(part):
            return Wait(self._quiet_at, STILL_COMING)
        problem = Problem("never_arrived", NEVER, blocking=False)
        failed = advance(self.invoice, InvoiceState.FAILED, call_id="", problems=(problem,))
        self._settle(failed)
        return Done(NEVER)

    def _own(self, part: Slice) -> XeroInvoice | None:
        """The document in Xero that bears our address; a failing look-up is raised."""
        since = self.call.first_tried_at if self.call else self.invoice.sent_at or part.now()
        found = reconcile.look_up(self.books, [self.invoice], since)
        return found.get(self.invoice.invoice_id)

    @property
    def _quiet_at(self) -> datetime:
        return self.call.quiet_at if self.call else NEVER_TRIED

    def _still_coming(self, part: Slice) -> bool:
        return part.now() < self._quiet_at

    def stop(self, lane: str, part: Slice) -> Step:
        """Nothing more is done about it by itself; what it holds stays on it."""
        if not self.invoice.stopped:
            problems = (Problem(STOPPED, HALTED),)
            store.save(self.tenant_id, replace(self.invoice, problems=problems))
        searching = f"send-{self.invoice.invoice_id}"
        for waiting in jobs.open_jobs(lane):
            if waiting.name == searching:
                jobs.cancel(waiting, HALTED, part.now())
        return Done(HALTED)

    def _refusal(self, record: XeroInvoice) -> str:
        """Why it cannot be this one; the sums may differ, which is shown and not hidden."""
        ours = store.id_of_xero(self.tenant_id, record.invoice_id)
        if ours not in {None, self.invoice.invoice_id}:
            return "That document is another invoice of yours here already."
        base = self.invoice.url.removesuffix(self.invoice.invoice_id)
        if base and record.url.startswith(base) and record.url != self.invoice.url:
            return "That document was made for another invoice of yours here."
        if record.currency_code not in {"", self.invoice.currency}:
            return f"That document is in {record.currency_code}, not {self.invoice.currency}."
        if record.contact.contact_id != self.invoice.contact_id:
            return f"That document is for {record.contact.name or 'another contact'}."
        return ""

    def _settle(self, invoice: Invoice) -> None:
        teller = Teller(self.tenant_id)
        if self.call is None:
            tell.save(self.invoice, invoice, teller)
            teller.wake()
            return
        calls.settle_one(teller, self.call, invoice)


SEVERAL = "Xero has several documents of that number. Give the link of the one that it is."


def _in_question(invoice: Invoice, verdict: Verdict) -> bool:
    if invoice.state is InvoiceState.UNCERTAIN:
        return True
    clashes = any(problem.code == NUMBER_TAKEN for problem in invoice.problems)
    failed = invoice.state is InvoiceState.FAILED and clashes
    return failed and verdict is Verdict.THIS_ONE


def _named(books: Books, named: str) -> Sequence[XeroInvoice]:
    """The sales invoices that somebody may mean; of one number, the live ones before others."""
    by_id = XERO_ID.search(named)
    try:
        found = (
            [books(lambda asked: asked.invoice(by_id.group()))]
            if by_id
            else list(tenant_books.of_numbers(books, [named]))
        )
    except XeroNotFound:
        return []
    sales = [one for one in found if one.type in {"", SALES_INVOICE}]
    return [one for one in sales if one.status not in ENDED] or sales
