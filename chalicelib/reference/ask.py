"""Asking for an import: one of a kind at a time per organisation, and all of them remembered."""

from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue, store
from chalicelib.dispatch.model import Job
from chalicelib.people.caller import Caller


def one_at_a_time(kind: str, caller: Caller) -> tuple[Job, bool]:
    """A job of this kind for the tenant's organisation, and whether it is a new one.

    The one that is still open, if there is. A new one is not stored yet. Raises NotConnected.
    """
    lane = connections.active(caller.tenant_id).organisation_id
    for job in store.open_jobs(lane):
        if job.kind == kind and job.tenant_id == caller.tenant_id:
            return job, False
    return enqueue.job(kind, lane, caller.tenant_id, created_by=caller.actor), True
