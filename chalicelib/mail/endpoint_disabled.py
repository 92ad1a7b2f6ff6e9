"""Telling a tenant's administrators that an endpoint took no webhooks for days."""

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch.enqueue import enqueue, job
from chalicelib.dispatch.model import Done, Job, Priority, Slice, Step, tenant_lane
from chalicelib.events.model import Endpoint
from chalicelib.mail import letters
from chalicelib.mail.administrators import tell_administrators
from chalicelib.mail.send import sender
from chalicelib.people.caller import Caller

KIND = "endpoint-disabled"


def tell(endpoint: Endpoint) -> None:
    """Have it recorded, and the administrators e-mailed where e-mail is set up; once a turn."""
    wanted = job(
        KIND,
        tenant_lane(endpoint.tenant_id),
        endpoint.tenant_id,
        params={"endpoint": endpoint.name, "url": endpoint.url, "why": endpoint.outcome},
        priority=Priority.HINT,
        created_by="system:webhooks",
        name=f"{KIND}-{endpoint.endpoint_id}-{endpoint.turn}",
    )
    enqueue(wanted, unless_open=True)


def handle(job: Job, slice_: Slice) -> Step:
    """Record it, then e-mail who was not e-mailed yet; a crash may repeat one message."""
    caller = Caller(job.tenant_id, job.created_by, "Workbill", frozenset())
    name, why = job.params["endpoint"], job.params["why"]
    if not job.params.get("noted"):
        trail.record(caller, "webhook disabled", name, why=why)
        job.params["noted"] = True
    if not wiring.current().settings.mail_from:
        return Done("It is noted that the endpoint is disabled.")
    letter = letters.endpoint_disabled(sender(caller), name, why)
    return tell_administrators(job, slice_, caller, letter)
