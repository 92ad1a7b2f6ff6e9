"""Asking for work: store a job, then wake a worker or do it at once."""

from datetime import datetime, timedelta
from typing import Any

from ulid import ULID

from chalicelib import wiring
from chalicelib.dispatch import drain, store
from chalicelib.dispatch.model import Handler, Job, Priority
from chalicelib.dispatch.wake import wake
from chalicelib.dispatch.wish import Wish

CLICK_SECONDS = 8
"""How long a click works at its own job before it answers with the job instead."""


def job(
    kind: str,
    lane: str,
    tenant_id: str,
    *,
    params: dict[str, Any] | None = None,
    priority: Priority = Priority.CLICK,
    created_by: str = "",
    name: str | None = None,
    after: timedelta = timedelta(0),
) -> Job:
    """A job, not stored yet; ``name`` makes it the only one of its name in the lane."""
    present = wiring.current()
    now = present.clock.now()
    return Job(
        lane=lane,
        name=name or str(ULID.from_datetime(now)),
        tenant_id=tenant_id,
        kind=kind,
        priority=priority,
        due_at=now + after,
        created_at=now,
        ticket=present.token(),
        created_by=created_by,
        params=params or {},
    )


def enqueue(wanted: Job, *, unless_open: bool = False) -> Job:
    """Store a job and wake a worker; answers with the open one of that name, if there is."""
    if not store.ask(wanted, unless_open=unless_open):
        wanted = store.get(wanted.lane, wanted.name)
    wake([wanted.lane])
    return wanted


def do_now(wanted: Job, *, unless_open: bool = False, seconds: int = CLICK_SECONDS) -> Job:
    """Store a job and work at it here for a while; answers with the job as it then stands.

    When its lane is busy or time is up, a worker is woken and the job is still open.
    """
    store.ask(wanted, unless_open=unless_open)
    return work_at(wanted, seconds=seconds)


def do_first(wish: Wish, handler: Handler) -> Job:
    """Do what is wished here, before all others; answers as ``do_now`` does.

    ``handler`` does what jobs of its kind do, with what is at hand already. Raises NotKept, and
    then nothing is stored.
    """
    wanted = wish.job
    clock = wiring.current().clock
    deadline = clock.now() + timedelta(seconds=CLICK_SECONDS)
    done = drain.do_first(wish, handler, deadline=deadline)
    if done and not (wanted.state.open and wanted.due_at <= clock.now()):
        return wanted
    return _work_at(wanted, deadline)


def work_at(wanted: Job, *, seconds: int = CLICK_SECONDS) -> Job:
    """Work at a stored job here for a while; answers as ``do_now`` does."""
    return _work_at(wanted, wiring.current().clock.now() + timedelta(seconds=seconds))


def _work_at(wanted: Job, deadline: datetime) -> Job:
    drain.drain(wanted.lane, deadline=deadline)
    wanted = store.get(wanted.lane, wanted.name)
    if wanted.state.open and wanted.due_at <= wiring.current().clock.now():
        wake([wanted.lane])
    return wanted
