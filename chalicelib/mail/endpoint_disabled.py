"""Telling a tenant's administrators that an endpoint took no webhooks for days."""

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch.enqueue import enqueue, job
from chalicelib.dispatch.model import Done, Job, Priority, Slice, Step, Wait, tenant_lane
from chalicelib.dispatch.setbacks import back_off
from chalicelib.events.model import Endpoint
from chalicelib.mail import letters
from chalicelib.mail.administrators import tell_administrators
from chalicelib.mail.send import Delivery, record, sender
from chalicelib.people.caller import Caller

KIND = "endpoint-disabled"
TRIES = 10


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
    left = tell_administrators(caller, letter, job.params.setdefault("told", []))
    if not left:
        return Done("The administrators are told by e-mail.")
    job.params["tries"] = tries = job.params.get("tries", 0) + 1
    if tries < TRIES:
        return Wait(slice_.now() + back_off(tries), "An e-mail could not be sent; trying again.")
    for user in left:
        record(caller, user, letter, Delivery.FAILED)
    return Done("Not every administrator could be told by e-mail.")
