"""Making a draft in the tenant's lane: claim the work in batches, then add it up.

Nothing but a finished draft can be sent. A worker that dies leaves a job that goes on where the
claims stand; a job that cannot succeed puts all its work back before it ends.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import msgspec

from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Failed, Job, More, Slice, Step, Wait
from chalicelib.errors import Conflict, InvalidInput, NotConnected, NotFound
from chalicelib.invoices import (
    begin,
    bill,
    deductions,
    deposits,
    discard,
    lines_work,
    send,
    store,
)
from chalicelib.invoices import scope as scopes
from chalicelib.invoices.bill import Gathered
from chalicelib.invoices.compose import amount_of, compose
from chalicelib.invoices.gather import MOST_PIECES, Gathering
from chalicelib.invoices.model import Invoice, InvoiceState, Problem, advance
from chalicelib.invoices.scope import Scope, Selection
from chalicelib.invoices.terms import Known
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people import tenants

GIVE_UP_AFTER = 4
"""Tries; the dispatch gives up after the fifth, and the work must be back by then."""

GOING = frozenset({InvoiceState.DISCARDING, InvoiceState.DISCARDED})
MISSED = "billed_meanwhile"
NOTHING = "Nothing is left to bill here. Somebody may have billed it just now."
GONE = "This invoice was discarded."
GIVEN_UP = "The draft could not be made. Its work is unbilled again. Ask for help."


def handle(job: Job, part: Slice) -> Step:
    """Make the draft that the job names, or put everything back; safe to repeat."""
    work = Building(job, part, msgspec.convert(job.params["wanted"], NewInvoice))
    if job.attempts >= GIVE_UP_AFTER or job.params.get("given_up"):
        return work.give_up()
    try:
        return work.run()
    except (InvalidInput, NotFound, Conflict) as error:
        work.undo()
        return Failed(error.sentence)


@dataclass(slots=True)
class Building:
    """One draft on its way; what has been done is in the job's params and in the store."""

    job: Job
    part: Slice
    wanted: NewInvoice

    @property
    def tenant_id(self) -> str:
        """Whose draft it is."""
        return self.job.tenant_id

    @property
    def invoice_id(self) -> str:
        """Given when the invoice was asked for, so that a repetition makes no second one."""
        return str(self.job.params["invoice_id"])

    def run(self) -> Step:
        """From nothing to a draft, or as far as this slice goes."""
        scope = scopes.of(self.tenant_id, self.wanted)
        invoice = self._begun(scope)
        if invoice is None or invoice.state in GOING:
            self.undo()
            return Failed(GONE)
        if invoice.state is InvoiceState.BUILDING:
            if not self._claimed():
                return More()
            invoice = self._finish(invoice, scope)
        return self._end(invoice)

    def give_up(self) -> Step:
        """Put the work back, however often that takes: a job that ends leaves none behind."""
        self.job.params["given_up"] = True
        try:
            self.undo()
        except Exception:  # noqa: BLE001  whatever it is, the work must come back
            again = self.part.now() + timedelta(minutes=1)
            return Wait(again, "The draft could not be made; its work is being put back.")
        return Failed(GIVEN_UP)

    def undo(self) -> None:
        """Put the work back and let the unfinished invoice go."""
        try:
            invoice = store.get(self.tenant_id, self.invoice_id)
        except NotFound:
            return
        if invoice.state in {InvoiceState.BUILDING, InvoiceState.DISCARDING}:
            discard.put_back(self.tenant_id, invoice)

    def _begun(self, scope: Scope) -> Invoice | None:
        """The invoice as it stands; None when it was discarded under way."""
        if "begun" not in self.job.params:
            tenant = tenants.get(self.tenant_id)
            blank = begin.blank_invoice(self.job, self.wanted, scope, tenant, self.part.now())
            store.add(self.tenant_id, blank)
            self.job.params["begun"] = True
        try:
            return store.get(self.tenant_id, self.invoice_id)
        except NotFound:
            return None

    def _claimed(self) -> bool:
        """Whether all work is on the invoice; False when the slice ended first."""
        if not self.wanted.of_work:
            return True
        scope = scopes.of(self.tenant_id, self.wanted)
        return self._gathering(scopes.select(self.tenant_id, self.wanted, scope)).run()

    def _gathering(self, selection: Selection) -> Gathering:
        return Gathering(self.job, self.part, self.invoice_id, self.wanted, selection)

    def _finish(self, invoice: Invoice, scope: Scope) -> Invoice:
        """The draft, from what is really claimed."""
        known = Known(self.tenant_id, scope.client)
        invoice = known.registered(invoice)
        if self.wanted.of_work:
            work = bill.gathered(self.tenant_id, self.invoice_id)
            if not work:
                raise InvalidInput(NOTHING)
            selection = scopes.select(self.tenant_id, self.wanted, scope)
            lines = bill.lines_of(self.tenant_id, work, selection, known)
            invoice = replace(
                invoice,
                records=len(work.records),
                materials=len(work.materials),
                problems=self._missed(work),
            )
        else:
            lines = begin.by_hand(self.wanted, known)
        whole = self._less_deposits(compose(invoice, lines), known)
        kept = lines_work.keep(self.tenant_id, self.invoice_id, whole.lines)
        deposits.keep(self.tenant_id, whole)
        draft = advance(whole, InvoiceState.DRAFT, lines=kept)
        return store.save_with_lines(self.tenant_id, draft)

    def _missed(self, work: Gathered) -> tuple[Problem, ...]:
        """What to tell somebody who saw more work than is on the draft."""
        missed = self.job.params.get("missed", 0)
        if self.wanted.seen is not None:
            missed = max(missed, self.wanted.seen - work.pieces)
        if missed <= 0:
            return ()
        pieces = "1 piece of work was" if missed == 1 else f"{missed} pieces of work were"
        sentence = f"{pieces} billed or changed by somebody else at the same moment. "
        return (Problem(MISSED, f"{sentence}This draft holds what was left.", blocking=False),)

    def _less_deposits(self, invoice: Invoice, known: Known) -> Invoice:
        lines = list(invoice.lines)
        for one in self.wanted.deduct:
            most = amount_of(lines)
            taken = deposits.deduct(self.tenant_id, invoice, one.deposit_id, one.amount, most)
            deposit = deposits.get(self.tenant_id, one.deposit_id).invoice
            lines += deductions.lines_of(deposit, taken, known.percent_of)
        return compose(invoice, lines)

    def _end(self, invoice: Invoice) -> Step:
        result: dict[str, Any] = {"invoice_id": self.invoice_id, "records": invoice.records}
        if self.wanted.send and invoice.state in {InvoiceState.DRAFT, InvoiceState.QUEUED}:
            return self._send(invoice, result)
        more = f" It holds {MOST_PIECES:,} pieces of work; more are unbilled." * self._is_full()
        return Done(f"The draft is ready.{more}", result)

    def _is_full(self) -> bool:
        cursors = [self.job.params.get(f"{what}_cursor") for what in ("time", "materials")]
        return self.job.progress.get("done", 0) >= MOST_PIECES and any(cursors)

    def _send(self, invoice: Invoice, result: dict[str, Any]) -> Step:
        try:
            organisation_id = connections.active(self.tenant_id).organisation_id
        except NotConnected as error:
            return Done(f"The draft is ready and was not sent. {error.sentence}", result)
        send.queue(self.tenant_id, invoice, self.wanted.send_as)
        job = send.job_for(
            self.tenant_id, organisation_id, [self.invoice_id], self.job.created_by
        )
        enqueue.enqueue(job, unless_open=True)
        return Done("The draft is ready and on its way to Xero.", {**result, "send": job.job_id})
