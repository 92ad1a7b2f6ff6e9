"""The job that sends: 50 invoices to a call, each frozen and judged just before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ulid import ULID

from chalicelib import wiring
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.lease import LeaseLost
from chalicelib.dispatch.model import (
    Done,
    Failed,
    Handler,
    Job,
    More,
    Priority,
    Slice,
    Step,
    Wait,
)
from chalicelib.dispatch.setbacks import setback
from chalicelib.dispatch.wish import NotKept, Wish
from chalicelib.errors import Conflict, WorkbillError
from chalicelib.invoices import (
    after_sending,
    approval,
    cadence,
    calls,
    needed,
    payload,
    preflight,
    store,
    tell,
)
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices.books import Books
from chalicelib.invoices.calls import MOST_INVOICES, Call
from chalicelib.invoices.model import UNSETTLED, Invoice, InvoiceState, Problem, advance
from chalicelib.invoices.needed import Needed
from chalicelib.invoices.send import address
from chalicelib.invoices.sending import Sending

LARGEST_BODY = 3_500_000
"""Xero's advice for one request."""


def handle(job: Job, part: Slice) -> Step:
    """Send what the job names; safe to repeat from any point."""
    return _batch(job, part, tenant_books.of(job.tenant_id, job.lane)).run()


def handler_of(invoice: Invoice, wish: Wish) -> Handler:
    """Sends an invoice that is wished under this very lease, so that it is not read again.

    ``invoice`` is as it would be queued by the wish.
    """

    def handle_it(job: Job, part: Slice) -> Step:
        known = needed.read(job.tenant_id, job.lane, [invoice])
        batch = _batch(job, part, tenant_books.reached_by(known.connection, job.lane))
        batch.at_hand, batch.needed, batch.wish = {invoice.invoice_id: invoice}, known, wish
        return batch.run()

    return handle_it


def _batch(job: Job, part: Slice, books: Books) -> "Batch":
    present = wiring.current()
    sending = Sending(job.tenant_id, job.lane, books, part.now, present.token)
    return Batch(job, part, sending, present.settings.public_base_url)


@dataclass(slots=True)
class Batch:
    """A job's invoices, taken 50 at a time; the job remembers how far it has got.

    ``at_hand`` and ``needed`` are what was read already under this lease, and serve once;
    ``wish`` is what asked for them, where that is not stored yet.
    """

    job: Job
    part: Slice
    sending: Sending
    base_url: str
    known: dict[str, Invoice] = field(default_factory=dict)
    at_hand: dict[str, Invoice] = field(default_factory=dict)
    needed: Needed | None = None
    wish: Wish | None = None
    chosen: tuple[str, ...] | None = None

    def run(self) -> Step:
        """Every invoice to an end, or as far as this slice goes; raises what may pass."""
        try:
            return self._go_on()
        except (LeaseLost, NotKept):
            raise
        except Exception as error:
            if isinstance(setback(error, self.job.attempts, self.part.now()), Failed):
                self._give_up(error)
            raise

    def _go_on(self) -> Step:
        ids: list[str] = self.job.params["invoice_ids"]
        while (place := self.job.params.get("position", 0)) < len(ids):
            if self.part.over:
                return self._pause(More())
            try:
                step = self._chunk(ids[place : place + MOST_INVOICES])
            except Conflict:
                # Somebody was faster with an invoice or the counter: read again.
                if self.wish:
                    self.wish.keep()
                return self._pause(More())
            if step is not None:
                return self._pause(step)
            self.job.params["position"] = place + MOST_INVOICES
            if place + MOST_INVOICES < len(ids) and self._somebody_waits():
                return self._pause(More())
            self._note()
        return self._end()

    def _give_up(self, error: Exception) -> None:
        """Nobody will try again by itself, so what still waits fails, and says why."""
        problem = (
            Problem(error.code, error.sentence)
            if isinstance(error, WorkbillError)
            else Problem("own_fault", "Something went wrong on our side. Send it again.")
        )
        ids: list[str] = self.job.params["invoice_ids"]
        for start in range(0, len(ids), MOST_INVOICES):
            found = store.get_many(self.job.tenant_id, ids[start : start + MOST_INVOICES])
            for invoice in found.values():
                if invoice.state is InvoiceState.QUEUED:
                    failed = advance(invoice, InvoiceState.FAILED, problems=(problem,))
                    self._fail(invoice, failed)

    def _somebody_waits(self) -> bool:
        """Whether a click came in meanwhile: it is the next call, and then this goes on."""
        if self.job.priority is Priority.CLICK:
            return False
        first = jobs.open_jobs(self.job.lane, limit=1)
        return any(
            one.priority is Priority.CLICK and one.due_at <= self.part.now() for one in first
        )

    def _chunk(self, invoice_ids: Sequence[str]) -> Wait | Failed | None:
        """Open calls first, then what is queued, in the order it was named."""
        tenant_id = self.sending.tenant_id
        found = self.at_hand or store.get_many(tenant_id, invoice_ids)
        self.at_hand = {}
        self.known.update(found)
        for call_id in _open_calls(found.values()):
            step = self.sending.recover(call_id)
            if step is not None:
                return step
        waiting = [found[name] for name in invoice_ids if name in found]
        waiting = [one for one in waiting if one.state is InvoiceState.QUEUED]
        while waiting and (ready := self._ready(waiting)):
            step = self._send(ready)
            if step is not None:
                return step
            waiting = waiting[len(ready) :]
        return None

    def _ready(self, waiting: list[Invoice]) -> list[Invoice]:
        """As many as one request may carry, at least one."""
        size = 0
        for count, invoice in enumerate(waiting):
            size += len(payload.body([invoice]))
            if count and size > LARGEST_BODY:
                return waiting[:count]
        return waiting

    def _send(self, ready: Sequence[Invoice]) -> Wait | Failed | None:
        tenant_id, now = self.sending.tenant_id, self.part.now()
        read = self.needed or needed.read(tenant_id, self.sending.organisation_id, ready)
        self.needed = None
        self.sending.teller.known = read.numbers.telling
        self.chosen = read.numbers.after_sending
        call_id = str(ULID.from_datetime(now)).lower()
        frozen = self._freeze(ready, read, call_id)
        if not frozen:
            return None
        call = Call(
            call_id=call_id,
            organisation_id=self.sending.organisation_id,
            key=self.sending.key(),
            invoice_ids=tuple(invoice.invoice_id for invoice in frozen),
            body_hash=payload.body_hash(payload.body(frozen)),
            first_tried_at=now,
            key_used_at=now,
        )
        return self.sending.make(
            call, calls.begin(tenant_id, call, frozen, read.numbers, self.wish)
        )

    def _freeze(self, ready: Sequence[Invoice], read: Needed, call_id: str) -> list[Invoice]:
        """What Xero will get, of those that it would not refuse; the others fail here."""
        frozen = []
        for invoice in ready:
            known = read.facts_of(invoice)
            wanted = advance(
                invoice,
                InvoiceState.SENDING,
                contact_id=(known.client.contact_id if known.client else None) or "",
                url=address(self.base_url, invoice.invoice_id),
                organisation_id=invoice.organisation_id or self.sending.organisation_id,
                call_id=call_id,
                sent_at=self.part.now(),
                problems=(),
            )
            problems = self._problems(wanted, known)
            if problems:
                queued = self._queued(invoice)
                failed = advance(queued, InvoiceState.FAILED, problems=problems)
                self._fail(queued, failed)
            else:
                frozen.append(replace(wanted, number=wanted.number or read.numbers.take()))
        return frozen

    def _queued(self, invoice: Invoice) -> Invoice:
        """As it is stored, where it is only wished so far."""
        if self.wish is None or self.wish.kept:
            return invoice
        self.wish.keep()
        return replace(invoice, version=invoice.version + 1)

    def _problems(self, wanted: Invoice, known: preflight.Facts) -> tuple[Problem, ...]:
        other = approval.problem(wanted, self.job.params.get("approved", ""))
        found = preflight.problems_of(wanted, known)
        return (other,) if other else preflight.blocking(found)

    def _fail(self, before: Invoice, failed: Invoice) -> None:
        teller = self.sending.teller
        self.sending.settled[failed.invoice_id] = tell.save(before, failed, teller)
        teller.wake()

    def _pause(self, step: Step) -> Step:
        self._note()
        return step

    def _note(self) -> None:
        """Counts for people, and for the end of the job what became of each invoice."""
        self.known.update(self.sending.settled)
        outcomes = self.job.params.setdefault("outcomes", {})
        refused = self.job.params.get("refused", {})
        for invoice in self.known.values():
            why = refused.get(invoice.invoice_id, "")
            outcomes[invoice.invoice_id] = _outcome(invoice, why)
        told = [one for one in outcomes.values() if one["invoice_id"] not in refused]
        sent = sum(one["state"] == InvoiceState.SENT for one in told)
        failed = sum(one["state"] == InvoiceState.FAILED for one in told) + len(refused)
        self.job.progress = {
            "done": sent + failed,
            "total": len(self.job.params["invoice_ids"]),
            "sent": sent,
            "failed": failed,
        }

    def _end(self) -> Step:
        self._note()
        progress = self.job.progress
        if progress["sent"]:
            cadence.invoices_are_open(self.sending.organisation_id, self.part.now())
        # Moved, not copied: a thousand of them twice would not fit into one item.
        outcomes = list(self.job.params.pop("outcomes").values())
        sent = [one["invoice_id"] for one in outcomes if one["state"] == InvoiceState.SENT]
        after_sending.follow(self.job, sent, self.chosen)
        result = {**progress, "invoices": outcomes}
        if len(outcomes) == 1 and outcomes[0]["sentence"]:
            return Failed(outcomes[0]["sentence"], result)
        return Done(f"{progress['sent']} sent, {progress['failed']} not sent.", result)


def _outcome(invoice: Invoice, refused: str) -> dict[str, str]:
    mirror = invoice.mirror
    problem = next((found for found in invoice.problems if found.blocking), None)
    return {
        "invoice_id": invoice.invoice_id,
        "state": invoice.state.value,
        "number": invoice.number,
        "xero_invoice_id": mirror.xero_invoice_id if mirror else "",
        "sentence": refused or (problem.sentence if problem else ""),
    }


def _open_calls(invoices: Iterable[Invoice]) -> list[str]:
    unsettled = (
        invoice.call_id
        for invoice in invoices
        if invoice.state in UNSETTLED and not invoice.stopped
    )
    return list(dict.fromkeys(unsettled))
