"""A lane while it is ours, and the count of its organisation's calls.

All that is known of the calls comes with the lease, and one update stores each call: what is
left, what was used today and the last success, and with them that we still hold the lane. The
last call of a lease is stored by the update that lets it go.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.clock import stamp
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import usage
from chalicelib.dispatch.budget import OUTSIDE_LANE, PER_MINUTE, Refusal
from chalicelib.dispatch.exchanges import Exchange, Outcome, row_of, telling
from chalicelib.dispatch.kinds import purpose_of
from chalicelib.dispatch.lane import Lane
from chalicelib.dispatch.model import Job, Priority, tenant_lane
from chalicelib.dispatch.tally import Tally
from chalicelib.storage.rows import Row
from chalicelib.xero.call_record import CallRecord
from chalicelib.xero.errors import XeroBudgetSpent
from chalicelib.xero.limits import APP_MINUTE

LAST_CALL = timedelta(seconds=13)
"""A call begun just before the deadline has so long; a click's function ends after 29 s."""

FRESH = timedelta(seconds=20)
"""A lease that was confirmed longer ago is confirmed before a call: it lasts a minute."""

TRIES = 5

MOST_NAMED = 50
"""Invoices that a call is kept with; a call to Xero carries no more."""


class LeaseLost(Exception):
    """Somebody else works in the lane by now; nothing more may be done or stored here."""


@dataclass(frozen=True, slots=True)
class Made:
    """A call that was made and is not stored yet."""

    record: CallRecord
    purpose: str
    tenant_id: str
    at: datetime
    kind: str = ""
    job_id: str = ""
    invoice_ids: tuple[str, ...] = ()
    said: str = ""
    outcome: Outcome | None = None

    @property
    def exchange(self) -> Exchange:
        """What is kept of it for people."""
        failed = Outcome.FAILED if self.record.failure else Outcome.DONE
        return Exchange(
            at=stamp(self.at),
            kind=self.kind,
            job_id=self.job_id,
            method=self.record.method,
            path=self.record.path,
            outcome=self.outcome or failed,
            status=self.record.status,
            failure=self.record.failure or "",
            said=self.said,
            correlation_id=self.record.correlation_id or "",
            milliseconds=self.record.milliseconds,
            invoice_ids=self.invoice_ids,
        )


class Lease:
    """Meters the calls of the lane that it holds."""

    def __init__(self, lane: Lane, deadline: datetime) -> None:
        self.lane = lane
        self._stop = deadline + LAST_CALL
        self._confirmed = lane.taken_at
        self._made: list[Made] = []
        self._job: Job | None = None
        self._about: tuple[str, ...] = ()
        self._stored = lane.tally or usage.new_tally()
        # Whoever died with the lease may have made a call that nobody counted.
        self._uncounted = lane.orphaned

    def serve(self, job: Job) -> None:
        """Count what follows as this job's."""
        self._job = job
        named = job.params.get("invoice_ids") or [job.params.get("invoice_id")]
        self._about = tuple(one for one in named[:MOST_NAMED] if one)

    def concern(self, invoice_ids: Sequence[str]) -> None:
        """Let the calls that follow be about these invoices."""
        self._about = tuple(invoice_ids)

    def say(self, words: str, outcome: Outcome = Outcome.DONE) -> None:
        """What came of the call that was made last, so that it is kept for people."""
        if self._made:
            self._made[-1] = replace(self._made[-1], said=words, outcome=outcome)

    def admit(self) -> None:
        """Raise XeroBudgetSpent when the next call has to wait, LeaseLost when it is not ours."""
        now = wiring.current().clock.now()
        self._refuse(now)
        if self._made or now - self._confirmed > FRESH:
            self._tell(now)
            self._refuse(now)

    def note(self, record: CallRecord) -> None:
        """Count a call that was made; it is stored before the next one, or at the end."""
        now = wiring.current().clock.now()
        note_shared(record, now)
        job = self._job
        purpose = purpose_of(job.kind) if job else purpose_of("")
        tenant_id = (job.tenant_id if job else "") or self.lane.tenant_id
        made = Made(record, purpose, tenant_id, now, invoice_ids=self._about)
        if job:
            made = replace(made, kind=job.kind, job_id=job.job_id)
        self._made.append(made)

    def time_left(self) -> float:
        """Seconds within which a call has to be answered."""
        return (self._stop - wiring.current().clock.now()).total_seconds()

    def let_go(self, *, status_at: datetime | None = None) -> None:
        """Store what is not stored yet and let go of the lane, in one update."""
        for _ in range(TRIES):
            tally = self._tally()
            if tally == self._stored:
                lanes.release(self.lane, status_at=status_at)
                return
            usage.keep_if_over(self.lane.name, self._stored, tally)
            beside = self._exchanges()
            if lanes.release(self.lane, status_at=status_at, tally=tally, beside=beside):
                return
            if not self._read_again():
                # The lane is another's, and the calls were made all the same.
                self.lane = replace(self.lane, holder="")
                self._tell(wiring.current().clock.now())
                return

    def let_go_in(self, transaction: TransactWrite) -> None:
        """Add to a transaction that what is not stored yet is stored, and the lane let go.

        It is refused where ``let_go`` would have to read first, and then nothing is stored.
        """
        tally = self._tally()
        if tally == self._stored:
            lanes.release_in(transaction, self.lane, None)
            return
        usage.keep_if_over(self.lane.name, self._stored, tally)
        beside = self._exchanges()
        if beside is not None:
            transaction.save(beside)
        lanes.release_in(transaction, self.lane, tally)

    def _tell(self, now: datetime) -> None:
        for _ in range(TRIES):
            tally = self._tally()
            usage.keep_if_over(self.lane.name, self._stored, tally)
            if lanes.tell(self.lane, tally, now=now, beside=self._exchanges()):
                self._stored, self._made, self._uncounted = tally, [], False
                self.lane = replace(self.lane, told=self.lane.told + 1)
                self._confirmed = now
                return
            if not self._read_again():
                raise LeaseLost
        raise LeaseLost

    def _exchanges(self) -> Row | None:
        """The row of those calls that did or failed something, for one request with the tally."""
        kept = [made for made in self._made if telling(made.record, made.said)]
        if not kept or not kept[0].tenant_id:
            return None
        return row_of(kept[0].tenant_id, kept[0].at, [made.exchange for made in kept])

    def _read_again(self) -> bool:
        """Take over what others have told meanwhile; False when the lane is no longer ours."""
        found = lanes.get(self.lane.name)
        if self.lane.holder and found.holder != self.lane.holder:
            self._take_over(found)
            return False
        self._take_over(found)
        return True

    def _take_over(self, found: Lane) -> None:
        self.lane = replace(self.lane, told=found.told)
        self._stored = found.tally or usage.new_tally()

    def _tally(self) -> Tally:
        tally = self._stored
        if self._uncounted:
            tally = replace(tally, budget=tally.budget.one_more(self.lane.taken_at))
        for made in self._made:
            tally = tally.after(made.record, made.purpose, made.tenant_id, made.at)
        return tally

    def _refuse(self, now: datetime) -> None:
        for_people = self._job is not None and self._job.priority is Priority.CLICK
        refuse(
            self._tally().budget.refusal(
                now, for_people=for_people, most=PER_MINUTE - OUTSIDE_LANE
            )
            or wiring.current().app_budget.refusal(now, for_people=for_people)
        )


def note_shared(record: CallRecord, now: datetime) -> None:
    """Remember what an answer says of the calls that all organisations share."""
    named = record.refused_by == APP_MINUTE and record.retry_after is not None
    ends = now + timedelta(seconds=record.retry_after or 0) if named else None
    wiring.current().app_budget.note(now, record.limits.app_minute, ends)


def refuse(refusal: Refusal | None) -> None:
    """Raise XeroBudgetSpent, if there is a reason."""
    if refusal:
        raise XeroBudgetSpent(
            problem=refusal.limit, until=refusal.until, ends=refusal.ends, kept=refusal.kept
        )


_held: ContextVar[tuple[Lease, ...]] = ContextVar("held", default=())


@contextmanager
def holding(lease: Lease) -> Iterator[Lease]:
    """Let calls find the lease while it is held; it is let go by ``let_go`` alone."""
    before = _held.set((*_held.get(), lease))
    try:
        yield lease
    finally:
        _held.reset(before)


def held(name: str) -> Lease | None:
    """The lease of this lane, if this very piece of work holds it."""
    return next((lease for lease in _held.get() if lease.lane.name == name), None)


def organisation_in_hand(tenant_id: str) -> str:
    """The organisation in whose lane this very piece of work works for a tenant; else nothing."""
    return next(
        (
            lease.lane.name
            for lease in _held.get()
            if lease.lane.tenant_id == tenant_id and lease.lane.name != tenant_lane(tenant_id)
        ),
        "",
    )
