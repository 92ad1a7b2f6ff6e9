"""Taking up the work that waited for a connection."""

from chalicelib import wiring
from chalicelib.connection.model import Connection
from chalicelib.dispatch import drain, enqueue, store
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.kinds import ON_CONNECT, STATUS_KIND
from chalicelib.dispatch.model import JobState, Priority
from chalicelib.dispatch.wake import wake

ELSEWHERE = "The organisation is no longer connected here."


def resume(connection: Connection, *, again: bool) -> None:
    """Open the organisation's lane and bring forward what waits in it.

    What is read on connecting is asked for. Work of a tenant that had the organisation before is
    not done for this one. ``again`` says that there may be invoices whose status moved on.
    """
    lane = connection.organisation_id
    _cancel_of_others(connection)
    lanes.open_lane(lane, connection.tenant_id, wiring.current().clock.now())
    drain.bring_forward(lane)
    for kind in (*ON_CONNECT, *((STATUS_KIND,) if again else ())):
        look = enqueue.job(
            kind, lane, connection.tenant_id, priority=Priority.BACKGROUND, name=kind
        )
        store.ask(look, unless_open=True)
    if store.open_jobs(lane, limit=1):
        wake([lane])


def _cancel_of_others(connection: Connection) -> None:
    now = wiring.current().clock.now()
    for job in store.open_jobs(connection.organisation_id):
        if job.tenant_id != connection.tenant_id:
            job.state, job.message, job.finished_at = JobState.CANCELLED, ELSEWHERE, now
            store.update(job)
