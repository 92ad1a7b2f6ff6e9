"""Crediting an invoice: asked for here, made in Xero once, spent on what is due, work released.

The key is on record before the call. After a doubt the credit note is searched for, by its number
and its reference, among all that changed since; what is not there is asked for again under the
right key. What is spent on the invoice is read from Xero before it is tried again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Failed, Job, More, Slice, Step, Wait
from chalicelib.dispatch.setbacks import back_off
from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.invoices import begin, credit, deposits, refusals, store, sync
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices.books import Books
from chalicelib.invoices.credit import Credit, CreditState
from chalicelib.invoices.line import ZERO
from chalicelib.invoices.mirror import XeroStatus
from chalicelib.invoices.model import Invoice, InvoiceKind, InvoiceState, Problem
from chalicelib.invoices.reconcile import CLOCKS_APART
from chalicelib.invoices.release import release_in
from chalicelib.invoices.sending import MOST_TRIES, NOT_DONE
from chalicelib.people import tenants
from chalicelib.people.caller import Caller
from chalicelib.reference import small_lists
from chalicelib.reference.code_rules import of_day
from chalicelib.storage.rows import transaction_connection
from chalicelib.work import claims
from chalicelib.xero.errors import XeroIdempotencyMisuse, XeroOutcomeUnknown, XeroRejected
from chalicelib.xero.wire.credit_note import CreditNote
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice

if TYPE_CHECKING:
    from chalicelib.xero.accounting import Accounting
    from chalicelib.xero.caller import Page

KIND = "credit-invoice"
LONGEST_REASON = 200
CREDITABLE = frozenset({XeroStatus.AUTHORISED.value, XeroStatus.PAID.value})
LOOKING = "Xero did not confirm the credit note. Workbill looks there before it repeats anything."
GIVEN_UP = "Xero did not confirm the credit note. Look for it in Xero, then go on here."
OPEN = "A credit note of this invoice is being made. Let that come to an end first."


def ask(
    caller: Caller,
    invoice_id: str,
    *,
    reason: str,
    amounts: Mapping[str, Decimal] | None = None,
    release: bool = False,
    work_ids: Sequence[str] = (),
) -> Job:
    """Credit an invoice that Xero has approved: these amounts of its lines, or all that is left.

    ``amounts`` are by our lines' ids, with tax where prices include it. A full credit with
    ``release`` makes the work unbilled again; a part releases ``work_ids`` and no others. Raises
    NotFound, NotConnected, InvalidInput for more than is left, and Conflict where Xero takes no
    credit note of it.
    """
    invoice = store.get(caller.tenant_id, invoice_id)
    organisation_id = connections.active(caller.tenant_id).organisation_id
    _check(invoice, organisation_id, reason)
    if deposits.deducted(caller.tenant_id, invoice):
        raise Conflict("Part of this deposit is taken off later invoices. Take those back first.")
    before = credit.of_invoice(caller.tenant_id, invoice_id)
    if any(one.state.open for one in before):
        raise Conflict(OPEN)
    lines, taken, sums = credit.lines_of(invoice, before, amounts)
    whole = taken == credit.left_of(invoice, before)
    if invoice.kind is InvoiceKind.DEPOSIT and not whole:
        raise Conflict("A deposit is credited in full, for later invoices take all of it off.")
    if release and not whole:
        raise InvalidInput(
            "A part of an invoice releases the work that is named.", field="release"
        )
    _check_work(caller.tenant_id, invoice_id, work_ids)
    now, place = wiring.current().clock.now(), len(before) + 1
    today = begin.today(tenants.get(caller.tenant_id), now)
    locked = of_day(today, small_lists.organisation(caller.tenant_id))
    if locked:
        raise Conflict(locked.sentence)
    number = f"{invoice.number}-CR{place}"
    asked = Credit(
        invoice_id,
        place,
        number,
        reference=f"Credit {place} of {invoice.number}",
        reason=reason,
        date=today,
        lines=lines,
        amounts=taken,
        totals=sums,
        whole=whole,
        release=release,
        asked_by=caller.name,
        asked_at=now,
        work_ids=tuple(dict.fromkeys(work_ids)),
    )
    trail.record(
        caller,
        "invoice.credit",
        f"invoice:{invoice_id}",
        "asked",
        reason=reason,
        number=number,
        total=f"{sums.total} {invoice.currency}",
    )
    return _begin(caller, organisation_id, asked)


def go_on(caller: Caller, invoice_id: str) -> Job:
    """Take up a credit note that came to no end; raises NotFound, NotConnected and Conflict."""
    invoice = store.get(caller.tenant_id, invoice_id)
    organisation_id = connections.active(caller.tenant_id).organisation_id
    tenant_books.demand_same(invoice, organisation_id)
    found = [one for one in credit.of_invoice(caller.tenant_id, invoice_id) if one.state.open]
    if not found:
        raise Conflict("No credit note of this invoice is waiting.")
    return enqueue.do_now(_job(caller, organisation_id, found[0]))


def handle(job: Job, part: Slice) -> Step:
    """Make the credit note that the job names, spend it, and release; safe to repeat."""
    invoice_id, place = job.params["invoice_id"], job.params["place"]
    found = credit.of_invoice(job.tenant_id, invoice_id)[place - 1]
    crediting = Crediting(
        job.tenant_id, tenant_books.of(job.tenant_id, job.lane), part.now, job, part
    )
    try:
        return crediting.go_on(found)
    except Conflict:
        return More()


@dataclass(frozen=True, slots=True)
class Crediting:
    """Carries one credit note to its end."""

    tenant_id: str
    books: Books
    now: Callable[[], datetime]
    job: Job
    part: Slice

    def go_on(self, found: Credit) -> Step:
        """From wherever it stands."""
        match found.state:
            case CreditState.ASKED:
                return self._first(found)
            case CreditState.WRITING:
                return self._recover(found)
            case CreditState.NOTED:
                return self._spend(found)
            case CreditState.DONE:
                return self._release(found)
        return Failed(found.problems[0].sentence if found.problems else GIVEN_UP)

    def _first(self, found: Credit) -> Step:
        """Nothing was asked of Xero yet: it is looked at whether the invoice still stands."""
        invoice = store.get(self.tenant_id, found.invoice_id)
        record = self._mirror(invoice)
        if record.status not in CREDITABLE:
            told = f"It is {record.status.lower()} in Xero by now, so nothing was credited."
            return self._refuse(found, Problem("ended_in_xero", told))
        return self._make(self._keyed(found))

    def _keyed(self, found: Credit) -> Credit:
        now = self.now()
        return credit.save(
            self.tenant_id,
            replace(
                found,
                state=CreditState.WRITING,
                key=f"{self.tenant_id}.{wiring.current().token()}",
                key_used_at=now,
                last_tried_at=now,
                tries=found.tries + 1,
                remembered=False,
            ),
        )

    def _make(self, found: Credit) -> Step:
        invoice = store.get(self.tenant_id, found.invoice_id)
        content = credit.body(found, invoice)
        try:
            note = self.books(lambda books: books.put_credit_note(content, found.key))
        except (XeroOutcomeUnknown, XeroIdempotencyMisuse) as error:
            own = error.http_status == HTTPStatus.INTERNAL_SERVER_ERROR
            if own or isinstance(error, XeroIdempotencyMisuse):
                found = credit.save(self.tenant_id, replace(found, remembered=True))
            there = self._look(found)
            return self._noted(found, there) if there else self._later(found)
        except NOT_DONE:
            if found.tries == 1:
                asked = replace(found, state=CreditState.ASKED, key="", tries=0)
                credit.save(self.tenant_id, asked)
            raise
        except WorkbillError as error:
            if not refusals.known(error):
                raise
            # The number may be taken by this very one, from an attempt before.
            there = self._look(found)
            if there:
                return self._noted(found, there)
            return self._refuse(found, *refusals.problems_of(error))
        return self._noted(found, note)

    def _recover(self, found: Credit) -> Step:
        there = self._look(found)
        if there:
            return self._noted(found, there)
        if found.tries >= MOST_TRIES:
            return Failed(GIVEN_UP)
        now = self.now()
        if found.same_key_may_serve(now):
            again = replace(found, tries=found.tries + 1, last_tried_at=now)
            return self._make(credit.save(self.tenant_id, again))
        if now < found.quiet_at and not found.remembered:
            return Wait(found.quiet_at, LOOKING)
        return self._make(self._keyed(found))

    def _look(self, found: Credit) -> CreditNote | None:
        """The credit note in Xero, whatever became of it there; who cannot look must wait."""
        invoice = store.get(self.tenant_id, found.invoice_id)
        number = 1
        while True:
            page = self.books(partial(_page, since=found.asked_at - CLOCKS_APART, number=number))
            for note in page.items:
                same = note.contact.contact_id == invoice.contact_id
                named = found.number == note.credit_note_number
                if same and (named or found.reference == note.reference):
                    return note
            if page.is_last:
                return None
            number += 1

    def _noted(self, found: Credit, note: CreditNote) -> Step:
        """It is there: counted with the invoice, in one transaction."""
        invoice = store.get(self.tenant_id, found.invoice_id)
        total = note.total or ZERO
        noted = replace(
            found,
            state=CreditState.NOTED,
            credit_note_id=note.credit_note_id,
            number=note.credit_note_number or found.number,
            problems=_sums(found, total),
            tries=0,
        )
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                noted = credit.save_in(transaction, self.tenant_id, noted)
                store.save_in(
                    transaction,
                    self.tenant_id,
                    replace(invoice, credited=invoice.credited + total, credits_lost=0),
                )
        except TransactWriteError:
            raise Conflict(store.CHANGED) from None
        return self._spend(noted)

    def _spend(self, found: Credit) -> Step:
        """On what is due of the invoice, as far as it goes; a paid one leaves it unspent."""
        invoice = store.get(self.tenant_id, found.invoice_id)
        record = self._mirror(invoice)
        note = self._note(found)
        there = credit.spent_on(note, record.invoice_id)
        due = record.amount_due or ZERO if record.status == XeroStatus.AUTHORISED else ZERO
        amount = min(due, note.remaining_credit or ZERO)
        if there or amount <= 0 or found.tries >= MOST_TRIES:
            return self._end(found, there)
        found = credit.save(self.tenant_id, replace(found, tries=found.tries + 1))
        key = f"{self.tenant_id}.{wiring.current().token()}"
        day = found.date.isoformat()
        try:
            self.books(
                lambda books: books.allocate_credit(
                    note.credit_note_id, record.invoice_id, amount, day, key
                )
            )
        except XeroOutcomeUnknown:
            return self._later(found)
        except XeroRejected as error:
            # It may be an attempt before this one that left nothing to spend.
            there = credit.spent_on(self._note(found), record.invoice_id)
            if there:
                return self._end(found, there)
            problem = Problem("not_spent", error.sentence, blocking=False)
            found = replace(found, problems=(*found.problems, problem))
            return self._end(found, ZERO)
        self._mirror(store.get(self.tenant_id, found.invoice_id))
        return self._end(found, amount)

    def _note(self, found: Credit) -> CreditNote:
        return self.books(lambda books: books.credit_note(found.credit_note_id))

    def _end(self, found: Credit, spent: Decimal) -> Step:
        ended = replace(found, state=CreditState.DONE, allocated=spent, tries=0)
        return self._release(credit.save(self.tenant_id, ended))

    def _release(self, found: Credit) -> Step:
        invoice = store.get(self.tenant_id, found.invoice_id)
        if found.release and not invoice.released:
            if not release_in(self.job, self.part, invoice):
                return More()
            store.save(self.tenant_id, replace(invoice, records=0, materials=0, released=True))
        elif found.work_ids:
            self._release_some(found, invoice)
        spent = f"{found.allocated:,.2f} of it is spent on the invoice"
        rest = found.totals.total - found.allocated
        if rest:
            spent += f", and {rest:,.2f} is left for the client: pay it out or spend it in Xero"
        return Done(f"{found.number} is in Xero; {spent}.", {"number": found.number})

    def _release_some(self, found: Credit, invoice: Invoice) -> None:
        released = claims.release_some(self.tenant_id, invoice.invoice_id, found.work_ids)
        if released:
            records = len(claims.claimed(self.tenant_id, invoice.invoice_id))
            materials = len(claims.claimed_materials(self.tenant_id, invoice.invoice_id))
            store.save(self.tenant_id, replace(invoice, records=records, materials=materials))

    def _mirror(self, invoice: Invoice) -> XeroInvoice:
        """What Xero has now, kept too."""
        xero_id = invoice.mirror.xero_invoice_id if invoice.mirror else ""
        record = self.books(lambda books: books.invoice(xero_id))
        sync.mirror(self.tenant_id, invoice, record)
        return record

    def _refuse(self, found: Credit, *problems: Problem) -> Step:
        credit.save(
            self.tenant_id,
            replace(found, state=CreditState.REFUSED, problems=problems, key="", tries=0),
        )
        return Failed(problems[0].sentence)

    def _later(self, found: Credit) -> Wait:
        return Wait(self.now() + back_off(found.tries - 1), LOOKING)


def _begin(caller: Caller, organisation_id: str, asked: Credit) -> Job:
    """The credit note on record together with its job, or neither."""
    job = _job(caller, organisation_id, asked)
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            credit.add_in(transaction, caller.tenant_id, asked)
            jobs.ask_in(transaction, job, anew=True)
    except TransactWriteError:
        raise Conflict(OPEN) from None
    return enqueue.work_at(job)


def _check(invoice: Invoice, organisation_id: str, reason: str) -> None:
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise InvalidInput("Give a reason of 1 to 200 characters.", field="reason")
    if invoice.state is not InvoiceState.SENT or invoice.mirror is None:
        raise Conflict(f"This invoice is {invoice.state}: it is not in Xero.")
    tenant_books.demand_same(invoice, organisation_id)
    if invoice.mirror.ended:
        raise Conflict(f"It was {invoice.mirror.status.lower()} in Xero already.")
    if invoice.mirror.status not in CREDITABLE:
        raise Conflict("It is not approved in Xero. Take it back instead: it is deleted there.")


def _check_work(tenant_id: str, invoice_id: str, work_ids: Sequence[str]) -> None:
    if not work_ids:
        return
    held = {
        *claims.claimed(tenant_id, invoice_id),
        *claims.claimed_materials(tenant_id, invoice_id),
    }
    if set(work_ids) - held:
        raise InvalidInput("Some of this work is not on this invoice.", field="record_ids")


def _job(caller: Caller, organisation_id: str, asked: Credit) -> Job:
    return enqueue.job(
        KIND,
        organisation_id,
        caller.tenant_id,
        params={"invoice_id": asked.invoice_id, "place": asked.place},
        created_by=caller.actor,
        name=f"credit-{asked.invoice_id}",
    )


def _page(accounting: "Accounting", *, since: datetime, number: int) -> "Page[CreditNote]":
    return accounting.credit_notes_changed_since(since, number)


def _sums(found: Credit, total: Decimal) -> tuple[Problem, ...]:
    if total == found.totals.total:
        return ()
    told = f"Xero's total of the credit note is {total} and ours is {found.totals.total}."
    return (Problem("totals_differ", told, blocking=False),)
