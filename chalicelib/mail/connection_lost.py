"""Telling a tenant's administrators that Xero no longer lets Workbill in.

Noticing it and telling of it are two things: the one happens wherever Xero is called, the other
is a job, so that it is done once, survives a crash, and needs no rights where it was noticed.
"""

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.dispatch.enqueue import enqueue, job
from chalicelib.dispatch.model import Done, Job, Priority, Slice, Step, tenant_lane
from chalicelib.events import outbox
from chalicelib.events.model import EventKind, Happening
from chalicelib.mail import letters
from chalicelib.mail.administrators import tell_administrators
from chalicelib.mail.send import sender
from chalicelib.people.caller import Caller

KIND = "connection-lost"


def tell(connection: Connection, why: str) -> None:
    """Have it recorded, and the active administrators e-mailed where e-mail is set up.

    ``connection`` is as it was before it was marked: of all who notice the same end at once, one
    job comes. ``why`` is what people read on the pages.
    """
    wanted = job(
        KIND,
        tenant_lane(connection.tenant_id),
        connection.tenant_id,
        params={"organisation": connection.organisation_name, "why": why},
        priority=Priority.HINT,
        created_by="system:connection",
        name=f"{KIND}-{connection.organisation_id}-{connection.version}",
    )
    enqueue(wanted)


def handle(job: Job, slice_: Slice) -> Step:
    """Record the end, then e-mail who was not e-mailed yet; a crash may repeat one message."""
    caller = Caller(job.tenant_id, job.created_by, "Workbill", frozenset())
    if not job.params.get("noted"):
        about, why = job.params["organisation"], job.params["why"]
        lost = Happening(EventKind.CONNECTION_LOST, {"organisation": about, "sentence": why})
        outbox.tell_once(job.tenant_id, lost, f"{job.name}-{job.ticket}")
        trail.record(caller, "connection lost", about, why=why)
        job.params["noted"] = True
    if connections.get(job.tenant_id).state is ConnectionState.ACTIVE:
        return Done("Workbill is connected to Xero again.")
    if not wiring.current().settings.mail_from:
        return Done("The end of the connection is noted.")
    letter = letters.connection_lost(
        sender(caller), job.params["organisation"], job.params["why"]
    )
    return tell_administrators(job, slice_, caller, letter)
