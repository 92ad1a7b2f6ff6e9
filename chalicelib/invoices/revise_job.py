"""Looking at what Xero has of an invoice, and writing an approved change of it, exactly once.

Before the call its key is on record. Whatever happens then, the next attempt reads the invoice in
Xero first: what is there already is taken over, and what is not is written under the right key.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Failed, Job, More, Slice, Step, Wait
from chalicelib.dispatch.setbacks import back_off
from chalicelib.dispatch.wake import wake
from chalicelib.errors import Conflict, NotFound, WorkbillError
from chalicelib.events.outbox import Teller
from chalicelib.invoices import (
    adopt,
    deposits,
    drift,
    drift_store,
    edit,
    facts,
    happened,
    lines_work,
    notice,
    preflight,
    refusals,
    revise,
    revised,
    revision,
    store,
)
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices.books import Books
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Invoice, Problem
from chalicelib.invoices.revision import Revision, RevisionState, Theirs
from chalicelib.invoices.sending import MOST_TRIES, NOT_DONE
from chalicelib.storage.rows import transaction_connection
from chalicelib.work import draws
from chalicelib.xero.errors import XeroIdempotencyMisuse, XeroOutcomeUnknown
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice

LOOKING = "Xero did not confirm the change. Workbill looks in Xero before it repeats anything."
AGAIN = (
    "Somebody changed the invoice in Xero since you looked at it. Nothing was written: look at "
    "it again."
)
CHANGED_HERE = "The invoice was changed here since this was proposed. Propose it anew."
GIVEN_UP = "Xero did not confirm the change. Look at the invoice in Xero, then write it again."
GONE = "The change is settled."
WRITTEN = "The change is in Xero."


def handle_look(job: Job, _part: Slice) -> Step:
    """Hold a proposed change against Xero; one that is under way is left to whoever writes it."""
    found = revision.find(job.tenant_id, job.params["invoice_id"])
    if found is None or found.state is RevisionState.WRITING:
        return Done(GONE)
    record = _read(tenant_books.of(job.tenant_id, job.lane), found)
    try:
        revision.save(job.tenant_id, as_shown(found, record))
    except Conflict:
        return More()
    return Done("Compared with what Xero has.", {"invoice_id": found.invoice_id})


def handle_write(job: Job, part: Slice) -> Step:
    """Write an approved change; safe to repeat from any point."""
    found = revision.find(job.tenant_id, job.params["invoice_id"])
    if found is None:
        return Done(WRITTEN)
    if found.state is not RevisionState.WRITING:
        return Failed(found.problems[0].sentence if found.problems else AGAIN)
    writing = Writing(job.tenant_id, tenant_books.of(job.tenant_id, job.lane), part.now, job)
    try:
        return writing.go_on(found)
    except Conflict:
        return More()


@dataclass(frozen=True, slots=True)
class Writing:
    """Carries one approved change into Xero."""

    tenant_id: str
    books: Books
    now: Callable[[], datetime]
    job: Job

    def go_on(self, found: Revision) -> Step:
        """From the record of the call, if there is one, else from the start."""
        record = _read(self.books, found)
        if found.under_way:
            return self._recover(found, record)
        shown = as_shown(found, record)
        if shown.theirs != found.theirs:
            return self._turn_down(shown, Problem("changed_in_xero", AGAIN, blocking=False))
        if not revise.same_face(store.get(self.tenant_id, found.invoice_id), found.sent):
            return self._turn_down(found, Problem("changed_here", CHANGED_HERE))
        known = facts.load(self.tenant_id, self.job.lane)(found.wanted)
        blocking = preflight.blocking(revise.problems(found, known))
        if blocking:
            return self._turn_down(found, *blocking)
        begun = self._begin(found)
        return self._turn_down(found, begun) if isinstance(begun, Problem) else self._make(begun)

    def _begin(self, found: Revision) -> Revision | Problem:
        """The key on record, and what the change needs held until it has come to an end.

        That is more of a fixed price where a line bills more of it, and a deposit whose amount
        changes. A problem where less is left of a price, or something was taken off the
        deposit; then nothing is stored.
        """
        now = self.now()
        begun = self._keyed(found, now)
        moves = edit.moves(self.tenant_id, found.wanted)
        more = [(held, cents) for held, cents in moves if cents > held.cents]
        other = revise.other_deposit(found.sent, found.wanted)
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                begun = revision.save_in(transaction, self.tenant_id, begun)
                for held, cents in more:
                    draws.change_in(transaction, self.tenant_id, found.invoice_id, held, cents)
                if other:
                    deposits.hold_in(transaction, self.tenant_id, found.sent)
        except TransactWriteError:
            present = revision.find(self.tenant_id, found.invoice_id)
            unchanged = present is not None and present.version == found.version
            if unchanged and other and deposits.deducted(self.tenant_id, found.sent):
                return Problem("deposit_taken_off", revise.TAKEN_OFF)
            if unchanged and more:
                return Problem("overdrawn", edit.LESS_LEFT)
            raise Conflict(store.CHANGED) from None
        return begun

    def _keyed(self, found: Revision, now: datetime) -> Revision:
        token = wiring.current().token()
        return replace(
            found,
            key=f"{self.tenant_id}.{token}",
            key_used_at=now,
            last_tried_at=now,
            tries=found.tries + 1,
            remembered=False,
        )

    def _make(self, found: Revision) -> Step:
        content, xero_id = revision.body(found, _xero_id(found)), _xero_id(found)
        try:
            record = self.books(lambda books: books.post_invoice(xero_id, content, found.key))
        except (XeroOutcomeUnknown, XeroIdempotencyMisuse) as error:
            return self._unsure(found, error)
        except NOT_DONE:
            if found.tries == 1:
                revision.save(self.tenant_id, replace(found, key="", tries=0))
            raise
        except WorkbillError as error:
            if not refusals.known(error):
                raise
            return self._refused(found, error)
        return self._settle(found, record)

    def _unsure(self, found: Revision, error: XeroOutcomeUnknown | XeroIdempotencyMisuse) -> Step:
        own = error.http_status == HTTPStatus.INTERNAL_SERVER_ERROR
        if own or isinstance(error, XeroIdempotencyMisuse):
            found = revision.save(self.tenant_id, replace(found, remembered=True))
        record = _read(self.books, found)
        if self._carried(found, record):
            return self._settle(found, record)
        return self._later(found)

    def _recover(self, found: Revision, record: XeroInvoice) -> Step:
        if self._carried(found, record):
            return self._settle(found, record)
        if found.tries >= MOST_TRIES:
            return self._turn_down(as_shown(found, record), Problem("given_up", GIVEN_UP))
        now = self.now()
        same = found.same_key_may_serve(now)
        if not same and now < found.quiet_at and not found.remembered:
            # What is still on its way may yet arrive, and would undo what is done meanwhile.
            return Wait(found.quiet_at, LOOKING)
        shown = as_shown(found, record)
        if shown.theirs != found.theirs:
            if now < found.quiet_at:
                return Wait(found.quiet_at, LOOKING)
            return self._turn_down(shown, Problem("changed_in_xero", AGAIN, blocking=False))
        again = replace(found, tries=found.tries + 1, last_tried_at=now)
        if not same:
            again = self._keyed(found, now)
        return self._make(revision.save(self.tenant_id, again))

    def _refused(self, found: Revision, error: WorkbillError) -> Step:
        """An earlier attempt may have been done, so it is looked at what Xero has now."""
        record = _read(self.books, found)
        if found.tries > 1 and self._carried(found, record):
            return self._settle(found, record)
        return self._turn_down(as_shown(found, record), *refusals.problems_of(error))

    def _carried(self, found: Revision, record: XeroInvoice) -> bool:
        _, wanted = found.faces
        return revised.carries(revised.of_xero(record), wanted, revision.written(found))

    def _later(self, found: Revision) -> Wait:
        return Wait(self.now() + back_off(found.tries - 1), LOOKING)

    def _turn_down(self, found: Revision, *problems: Problem) -> Step:
        """Nothing was written: it waits for a person, and holds no more than it did."""
        ended = replace(
            found,
            state=RevisionState.REFUSED,
            problems=problems,
            key="",
            tries=0,
            remembered=False,
        )
        present = store.get(self.tenant_id, found.invoice_id)
        moves = edit.moves(self.tenant_id, present)
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                revision.save_in(transaction, self.tenant_id, ended)
                for held, cents in moves:
                    draws.change_in(transaction, self.tenant_id, found.invoice_id, held, cents)
                if revise.other_deposit(found.sent, found.wanted):
                    deposits.let_go_in(transaction, self.tenant_id, present)
        except TransactWriteError:
            raise Conflict(store.CHANGED) from None
        return Failed(problems[0].sentence)

    def _settle(self, found: Revision, record: XeroInvoice) -> Step:
        """All in one transaction: the invoice as it now is, and what it holds no more."""
        invoice = store.get(self.tenant_id, found.invoice_id)
        after = self._after(found, invoice, record)
        gone = edit.gone(invoice, after) if found.release else []
        after = _less(after, gone)
        for line in gone:
            lines_work.set_aside(self.tenant_id, invoice.invoice_id, line)
        job = edit.release_job(self.tenant_id, self.job.created_by, after, gone)
        teller, happenings = Teller(self.tenant_id), happened.between(invoice, after)
        listened = teller.listens(happenings)
        dropped = {one.work.deposit_id for one in edit.gone(invoice, after) if one.work} - {""}
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                store.save_with_lines_in(transaction, self.tenant_id, after)
                revision.forget_in(transaction, self.tenant_id, found)
                if gone:
                    jobs.ask_in(transaction, job)
                for held, cents in edit.moves(self.tenant_id, after):
                    draws.change_in(transaction, self.tenant_id, after.invoice_id, held, cents)
                if listened:
                    teller.put_in(transaction, happenings)
                for deposit_id in sorted(dropped):
                    deposits.give_back_in(
                        transaction, self.tenant_id, after.invoice_id, deposit_id
                    )
        except TransactWriteError:
            raise Conflict(store.CHANGED) from None
        store.drop_old_lines(self.tenant_id, after)
        teller.wake()
        if invoice.sent_parts:
            drift_store.forget_as_sent(self.tenant_id, invoice.invoice_id)
        if invoice.drift and after.drift is None:
            drift_store.forget(self.tenant_id, invoice.invoice_id)
        if gone:
            wake([job.lane])
        return Done(WRITTEN, {"invoice_id": after.invoice_id})

    def _after(self, found: Revision, invoice: Invoice, record: XeroInvoice) -> Invoice:
        wanted, (_, face) = found.wanted, found.faces
        ids = revised.ids_in(face, record)
        lines, ids = _in_their_order(wanted.lines, ids, record)
        after = replace(
            invoice,
            reference=wanted.reference,
            date=wanted.date,
            due_date=wanted.due_date,
            line_amount_types=wanted.line_amount_types,
            discount_percent=wanted.discount_percent,
            discount_amount=wanted.discount_amount,
            lines=lines,
            line_ids=wanted.line_ids,
            totals=wanted.totals,
            deposit=wanted.deposit,
            mirror=adopt.mirror_of(record),
            xero_line_ids=ids,
            sent_parts=0,
            edited_by=found.asked_by,
            edited_at=self.now(),
        )
        return replace(after, drift=notice.noticed(self.tenant_id, after, record))


def _in_their_order(
    lines: tuple[Line, ...], ids: tuple[str, ...], record: XeroInvoice
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines as Xero has them in order, for it puts new ones where it likes."""
    places = {item.line_item_id: place for place, item in enumerate(record.line_items)}
    if not ids or set(ids) - set(places):
        return lines, ids
    both = sorted(zip(lines, ids, strict=True), key=lambda one: places[one[1]])
    return tuple(line for line, _ in both), tuple(line_id for _, line_id in both)


def as_shown(found: Revision, record: XeroInvoice) -> Revision:
    """The change as held against what Xero has now."""
    face = revised.of_xero(record)
    there = {line.key for line in face.lines}
    keys = revised.keys_of(found.sent, record)
    theirs = Theirs(
        face,
        record.status,
        money=bool(adopt.mirror_of(record).ledger),
        keys={line_id: key for line_id, key in keys.items() if key in there},
        stays=drift.unwritable(drift.theirs(record)),
    )
    return replace(found, theirs=theirs, state=RevisionState.SHOWN, problems=())


def _read(books: Books, found: Revision) -> XeroInvoice:
    xero_id = _xero_id(found)
    return books(lambda books: books.invoice(xero_id))


def _xero_id(found: Revision) -> str:
    if found.sent.mirror is None:
        raise NotFound(revision.NONE)
    return found.sent.mirror.xero_invoice_id


def _less(invoice: Invoice, gone: Sequence[Line]) -> Invoice:
    works = [line.work for line in gone if line.work]
    return replace(
        invoice,
        records=invoice.records - sum(one.records for one in works),
        materials=invoice.materials - sum(one.materials for one in works),
    )
