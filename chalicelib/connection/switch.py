"""Going over to another organisation: asked about first, done when a person confirms it.

What belongs to the organisation before stays with it: its contacts' links, codes, mapping and
invoices. They are there again when the tenant comes back to it, and go nowhere else.
"""

from dataclasses import replace
from datetime import timedelta

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import disconnect, pending, resume, store
from chalicelib.connection.model import Connection, ConnectionState, OrganisationTaken
from chalicelib.connection.tell import TRIES, tell
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.kinds import CALL_OFF_KIND
from chalicelib.dispatch.model import Done, Job, Priority, Slice, Step, Wait, tenant_lane
from chalicelib.dispatch.setbacks import back_off
from chalicelib.errors import Conflict
from chalicelib.people.caller import Caller, Scope
from chalicelib.xero.errors import XeroCallError

KIND = "drop-pending"
ANSWERED = "There is nothing to confirm any more. Connect again to choose an organisation."
BUSY = "Workbill is just at work in {name}. Confirm again in a minute."


def propose(caller: Caller, chosen: Connection) -> Connection:
    """Keep the organisation that was chosen, for an hour, and wait for a person's word.

    The present connection goes on meanwhile.
    """
    waiting = replace(chosen, state=ConnectionState.PENDING, version=0)
    pending.put(waiting)
    enqueue.enqueue(_drop(waiting, caller.actor, after=pending.LASTS))
    trail.record(caller, "connect", waiting.organisation_name, "asked")
    return waiting


def confirm(caller: Caller, organisation_id: str) -> Connection:
    """Go over to the organisation that waits; the one before ends, here and at Xero.

    What waited to be done in the one before is called off. Raises Conflict when nothing of that
    id waits, and while Xero has not confirmed the end or a worker is still at it; then confirming
    again goes on. Raises OrganisationTaken when another tenant was faster.
    """
    caller.must_have(Scope.ADMIN)
    waiting = pending.get(caller.tenant_id)
    if waiting is None or waiting.organisation_id != organisation_id:
        raise Conflict(ANSWERED)
    if store.tenant_of(organisation_id) not in {None, caller.tenant_id}:
        raise OrganisationTaken(store.TAKEN)
    previous = disconnect.for_another(caller, waiting.organisation_name)
    enqueue.do_now(_call_off(previous, caller.actor))
    made = _take_over(waiting, previous)
    known = {one.organisation_id for one in store.history(caller.tenant_id)}
    resume.resume(made, again=organisation_id in known)
    trail.record(caller, "connect", made.organisation_name)
    return made


def decline(caller: Caller) -> None:
    """Keep the organisation there is; what was opened in Xero by mistake is closed again.

    Raises Conflict when nothing waits.
    """
    caller.must_have(Scope.ADMIN)
    if not close(caller):
        raise Conflict(ANSWERED)


def close(caller: Caller) -> bool:
    """Let go of what waits, as if it was declined; False when nothing does."""
    waiting = pending.get(caller.tenant_id)
    if waiting is None:
        return False
    pending.remove(caller.tenant_id, waiting.connection_id)
    trail.record(caller, "connect", waiting.organisation_name, "declined")
    enqueue.do_now(_drop(waiting, caller.actor))
    return True


def handle(job: Job, slice_: Slice) -> Step:
    """Close what waited and was not confirmed; safe to repeat at any point."""
    dropped = Connection(job.tenant_id, **job.params["dropped"])
    pending.remove(job.tenant_id, dropped.connection_id)
    present = store.get(job.tenant_id)
    if present.live and present.organisation_id == dropped.organisation_id:
        return Done("It is connected.")
    if store.tenant_of(dropped.organisation_id) not in {None, job.tenant_id}:
        return Done("Somebody else uses it.")
    try:
        tell(dropped)
    except XeroCallError:
        job.params["tries"] = tries = job.params.get("tries", 0) + 1
        if tries < TRIES:
            return Wait(slice_.now() + back_off(min(tries, 7)), "Xero is told when it answers.")
        return Done("Xero could not be told. Remove Workbill under Connected apps in Xero.")
    return Done("What was not confirmed is closed again in Xero.")


def _take_over(waiting: Connection, previous: Connection) -> Connection:
    """The change itself, while no worker is in the books of the one before."""
    present = wiring.current()
    now = present.clock.now()
    lane = lanes.take(previous.organisation_id, present.token(), now)
    if lane is None:
        raise Conflict(BUSY.format(name=previous.organisation_name))
    try:
        made = replace(
            waiting,
            state=ConnectionState.ACTIVE,
            features=previous.features,
            connected_at=now,
        )
        return store.claim(made, previous, confirmed=True)
    finally:
        lanes.release(lane)


def _call_off(previous: Connection, actor: str) -> Job:
    return enqueue.job(
        CALL_OFF_KIND,
        tenant_lane(previous.tenant_id),
        previous.tenant_id,
        params={"organisation_id": previous.organisation_id},
        created_by=actor,
        name=f"{CALL_OFF_KIND}-{previous.organisation_id}",
    )


def _drop(waiting: Connection, actor: str, *, after: timedelta = timedelta(0)) -> Job:
    names = ("organisation_id", "connection_id", "xero_userid")
    return enqueue.job(
        KIND,
        tenant_lane(waiting.tenant_id),
        waiting.tenant_id,
        params={"dropped": {name: getattr(waiting, name) for name in names}},
        priority=Priority.BACKGROUND,
        created_by=actor,
        name=f"{KIND}-{waiting.connection_id}",
        after=after,
    )
