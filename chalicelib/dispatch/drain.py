"""Doing what is due in a lane, one worker at a time."""

import importlib
import traceback
from datetime import datetime, timedelta

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import log, wiring
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store
from chalicelib.dispatch.kinds import KINDS, STATUS_KIND
from chalicelib.dispatch.lease import Lease, LeaseLost, holding
from chalicelib.dispatch.model import (
    Done,
    Failed,
    Handler,
    Job,
    JobState,
    More,
    Priority,
    Slice,
    Step,
    Wait,
)
from chalicelib.dispatch.setbacks import Park, Stop, counts, setback
from chalicelib.dispatch.wake import LONGEST_DELAY, wake
from chalicelib.dispatch.wish import NotKept, Wish
from chalicelib.errors import Conflict

SLICE = timedelta(seconds=20)


def drain(name: str, *, deadline: datetime) -> bool:
    """Work in this lane until nothing is due or the deadline is near.

    Answers False when another worker holds the lane, which then looks again before it lets
    go. True means: nothing is due now, or somebody was woken for the rest.
    """
    present = wiring.current()
    holder = present.token()
    lane = lanes.take(name, holder, present.clock.now())
    if lane is None:
        return False
    status_at = None
    lease = Lease(lane, deadline)
    try:
        with holding(lease):
            if _may_run(lane):
                _work(lease, deadline)
                status_at = _look_at_status(lease, deadline)
    except LeaseLost:
        log.event("lease_lost", lane=name)
    finally:
        lease.let_go(status_at=status_at)
    _see_to_the_rest(name)
    return True


def do_first(wish: Wish, handler: Handler, *, deadline: datetime) -> bool:
    """Do what is wished at once, before all else, where its lane is free.

    The lane is taken first, so that nobody else can have begun the job and nothing of it has to
    be read again. It is stored by the transaction that begins it; how it ended, by the one that
    lets the lane go. What else waits is a worker's. Answers False where the job is stored and not
    done here. Raises NotKept, and then nothing is stored or done.
    """
    present, job = wiring.current(), wish.job
    lane = lanes.take(job.lane, present.token(), present.clock.now())
    if lane is None:
        wish.keep()
        return False
    lease = Lease(lane, deadline)
    done = False
    try:
        if lane.state is not lanes.LaneState.OPEN:
            # It waits with the others, who are put off together.
            wish.keep()
        with holding(lease):
            if _may_run(lane):
                lease.serve(job)
                begun = _step(job, _keeping(wish, handler), lane, deadline)
                done = begun and _end_together(job, lease)
    except LeaseLost:
        log.event("lease_lost", lane=lane.name)
    finally:
        if not done:
            lease.let_go()
    _see_to_the_rest(lane.name, at_once=lane.status_due(present.clock.now()))
    return done


def _keeping(wish: Wish, handler: Handler) -> Handler:
    """The handler, with the wish stored in any case once it was tried."""

    def handle(job: Job, part: Slice) -> Step:
        try:
            step = handler(job, part)
        except (LeaseLost, NotKept):
            raise
        except Exception:
            wish.keep()
            raise
        wish.keep()
        return step

    return handle


def _end_together(job: Job, lease: Lease) -> bool:
    """Store how far a job has got and let the lane go in one request; False: one by one.

    Where it is False the job is stored, and the lane is still to be let go.
    """
    from chalicelib.audit.outcomes import note_with

    def write(transaction: TransactWrite) -> None:
        store.update_in(transaction, job)
        lease.let_go_in(transaction)

    try:
        note_with(job, write)
    except (TransactWriteError, Conflict):
        _store(job)
        return False
    return True


def _may_run(lane: lanes.Lane) -> bool:
    now = wiring.current().clock.now()
    if lane.state is lanes.LaneState.OPEN:
        return True
    if lane.state is lanes.LaneState.PARKED and lane.parked_until and lane.parked_until <= now:
        lanes.open_lane(lane.name, lane.tenant_id, now)
        return True
    _put_off(lane.name, lane.parked_until, lane.why)
    return False


def _work(lease: Lease, deadline: datetime) -> None:
    clock = wiring.current().clock
    while clock.now() < deadline:
        job = _next_due(lease.lane.name, clock.now())
        if job is None:
            return
        lease.serve(job)
        if not _run(job, lease.lane, min(deadline, clock.now() + SLICE)):
            return


def _next_due(name: str, now: datetime) -> Job | None:
    return next((job for job in store.open_jobs(name) if job.due_at <= now), None)


def _run(job: Job, lane: lanes.Lane, deadline: datetime) -> bool:
    """One step of one job; False when the lane can do no more for now."""
    if not _step(job, handler_of(job.kind), lane, deadline):
        return False
    _store(job)
    return True


def _step(job: Job, handler: Handler, lane: lanes.Lane, deadline: datetime) -> bool:
    """The same, with how it came out noted in the job and not stored yet."""
    clock = wiring.current().clock
    try:
        step = handler(job, Slice(deadline, clock.now))
    except (LeaseLost, NotKept):
        raise
    except Exception as error:  # noqa: BLE001  whatever happens, the job must be accounted for
        verdict = setback(error, job.attempts, clock.now())
        _note(job, error)
        job.attempts += counts(error)
        if isinstance(verdict, Park | Stop):
            store.update(job)
            _hold(lane, verdict)
            return False
        step = verdict
    else:
        job.attempts = 0
    _conclude(job, step)
    return True


def _conclude(job: Job, step: Step) -> None:
    now = wiring.current().clock.now()
    match step:
        case Done(message, result):
            job.state, job.message, job.result = JobState.DONE, message, dict(result)
            job.finished_at = now
        case Failed(why, result):
            job.state, job.message, job.result = JobState.FAILED, why, dict(result)
            job.finished_at = now
        case Wait(until, why):
            job.state, job.message, job.due_at = JobState.WAITING, why, until
        case More():
            job.state, job.due_at = JobState.RUNNING, now


def _store(job: Job) -> None:
    if not job.state.open:
        _tell_the_trail(job)
    store.update(job)


def _tell_the_trail(job: Job) -> None:
    """Before the job is stored as ended, so that a crash leaves no end unrecorded."""
    from chalicelib.audit.outcomes import note

    note(job)


def _hold(lane: lanes.Lane, verdict: Park | Stop) -> None:
    """Let the whole lane rest: until a moment, or until a person connects again."""
    if isinstance(verdict, Park):
        lanes.park(lane.name, verdict.until, verdict.why)
        _put_off(lane.name, verdict.until, verdict.why)
    elif lanes.disconnect(lane.name, verdict.why, learnt_at=lane.taken_at):
        _put_off(lane.name, None, verdict.why)


def _put_off(name: str, until: datetime | None, why: str) -> None:
    """Let the open jobs wait with their lane, so that the tick does not meet them each minute.

    Without a moment they are looked at again in a day; opening the lane brings them forward.
    """
    moment = until or wiring.current().clock.now() + timedelta(days=1)
    for job in store.open_jobs(name):
        if job.due_at < moment:
            job.state, job.due_at, job.message = JobState.WAITING, moment, why
            store.update(job)


def bring_forward(name: str) -> None:
    """Make every open job of a lane due now; for a lane that was just opened."""
    now = wiring.current().clock.now()
    for job in store.open_jobs(name):
        if job.due_at > now and job.state is JobState.WAITING:
            job.due_at = now
            store.update(job)


def _look_at_status(lease: Lease, deadline: datetime) -> datetime | None:
    lane, clock = lease.lane, wiring.current().clock
    now = clock.now()
    if not lane.status_due(now) or now >= deadline:
        return None
    job = Job(
        lane=lane.name,
        name="tick",
        tenant_id=lane.tenant_id,
        kind=STATUS_KIND,
        priority=Priority.BACKGROUND,
        due_at=now,
        created_at=now,
        ticket="",
    )
    lease.serve(job)
    try:
        step = handler_of(STATUS_KIND)(job, Slice(deadline, clock.now))
    except LeaseLost:
        raise
    except Exception as error:  # noqa: BLE001  the next tick looks again
        _note(job, error)
        verdict = setback(error, 0, now)
        if isinstance(verdict, Park | Stop):
            _hold(lane, verdict)
        return None
    return None if isinstance(step, More) else now


def _see_to_the_rest(name: str, *, at_once: bool = False) -> None:
    """Send for a worker for what is due, and in good time for what soon will be.

    ``at_once`` says that something is due besides the jobs.

    This looks after the lease is gone, so that a job stored while it was held, whose own
    wake found the lane taken, is seen. What lies further off is left to the tick.
    """
    now = wiring.current().clock.now()
    waits = [job.due_at - now for job in store.open_jobs(name)]
    if at_once:
        waits.append(timedelta(0))
    if not waits or min(waits) > LONGEST_DELAY:
        return
    if at_once or lanes.get(name).state is not lanes.LaneState.DISCONNECTED:
        wake([name], after=max(min(waits), timedelta(0)))


def handler_of(kind: str) -> Handler:
    """The function that does jobs of this kind, imported when first needed."""
    module, _, function = KINDS[kind].partition(":")
    handler: Handler = getattr(importlib.import_module(module), function)
    return handler


def _note(job: Job, error: Exception) -> None:
    log.event(
        "job_setback",
        kind=job.kind,
        job=job.job_id,
        tenant=job.tenant_id,
        attempts=job.attempts,
        error=type(error).__name__,
        said=str(error),
        where="".join(traceback.format_exception(error)[-3:]),
    )
