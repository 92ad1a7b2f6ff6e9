"""Keeping the lists fresh by themselves: read when the organisation is connected, then daily.

It is one job per organisation that never ends: what waits in it is the next day's look.
"""

from datetime import datetime, timedelta

from chalicelib.clock import parse_stamp, stamp
from chalicelib.dispatch import enqueue, store
from chalicelib.dispatch.kinds import REFRESH_CODES
from chalicelib.dispatch.model import Failed, Job, JobState, Priority, Slice, Step, Wait
from chalicelib.dispatch.setbacks import setback
from chalicelib.errors import NotFound
from chalicelib.reference import check_mapping, read_codes

EVERY = timedelta(days=1)
AFTER_FAILURE = timedelta(hours=6)
AGAIN = "It is read again by itself within a day."


def handle(job: Job, slice_: Slice) -> Step:
    """Read what changed and wait for the next day; given up for six hours when it must fail."""
    now = slice_.now()
    try:
        job.progress = read_codes.read(job.tenant_id, job.lane, now, whole=False)
        check_mapping.check(job.tenant_id)
    except Exception as error:
        verdict = setback(error, job.attempts, now)
        if not isinstance(verdict, Failed):
            raise
        return Wait(now + AFTER_FAILURE, f"{verdict.why} {AGAIN}")
    job.params["read_at"] = stamp(now)
    return Wait(now + EVERY, f"{read_codes.sentence(job.progress)} {AGAIN}")


def put_off(done: Job, slice_: Slice) -> None:
    """A click has just read everything: the next look by itself is due in a day."""
    wanted = enqueue.job(
        REFRESH_CODES,
        done.lane,
        done.tenant_id,
        params={"read_at": stamp(slice_.now())},
        priority=Priority.BACKGROUND,
        name=REFRESH_CODES,
        after=EVERY,
    )
    wanted.state, wanted.message = JobState.WAITING, AGAIN
    store.ask(wanted)


def read_at(organisation_id: str) -> datetime | None:
    """When the lists were last read, by a click or by themselves; None when they never were."""
    try:
        job = store.get(organisation_id, REFRESH_CODES)
    except NotFound:
        return None
    found = job.params.get("read_at")
    return parse_stamp(found) if found else None
