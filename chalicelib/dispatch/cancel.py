"""Cancelling a job: nothing more of it is begun, and what it did so far stays."""

from chalicelib import wiring
from chalicelib.dispatch import store
from chalicelib.dispatch.kinds import CANCELLABLE
from chalicelib.dispatch.model import Job, JobState, split_job_id
from chalicelib.errors import Conflict, NotFound
from chalicelib.people.caller import Caller

CANCELLED = "Cancelled. What was done before stays."


def may_cancel(job: Job) -> bool:
    """Whether this job can be cancelled as it stands."""
    return job.state.open and job.kind in CANCELLABLE


def cancel(caller: Caller, job_id: str) -> Job:
    """The job, cancelled; one that was cancelled before is only answered.

    A worker that is at it stops at its next safe place, and cannot report over this. Raises
    NotFound for another tenant's, Conflict for one that has ended or has to be seen through.
    """
    from chalicelib.audit import trail

    job = store.get(*split_job_id(job_id))
    if job.tenant_id != caller.tenant_id:
        raise NotFound("There is no such job.")
    if job.state is JobState.CANCELLED:
        return job
    if job.kind not in CANCELLABLE:
        raise Conflict("This work has to be seen through, so it cannot be cancelled.")
    trail.record(caller, "job.cancel", f"job:{job.name}", "asked", kind=job.kind)
    if not store.cancel(job, CANCELLED, wiring.current().clock.now()):
        raise Conflict("This job has ended already, or was asked for anew.")
    return store.get(job.lane, job.name)
