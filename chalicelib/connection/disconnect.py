"""Ending a connection: at once on our side, and at Xero as soon as it can be reached."""

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import grants, store, tokens
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.connection.tell import TRIES, tell
from chalicelib.dispatch import enqueue, exchanges
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.model import Done, Job, Slice, Step, Wait, tenant_lane
from chalicelib.dispatch.setbacks import back_off
from chalicelib.errors import Conflict, NotConnected
from chalicelib.people.caller import Caller
from chalicelib.xero.errors import XeroCallError

KIND = "end-connection"
OVER = "Changed to {name}. What was sent and the mapping are kept."
WHY = "Disconnected. Connect again at any time; what was sent and the mapping are kept."


def start(caller: Caller) -> Job:
    """End local access now and tell Xero, here if it answers, else by the queue.

    Raises NotConnected when there is nothing to end, Conflict when somebody was faster.
    """
    connection = store.get(caller.tenant_id)
    if connection.state is ConnectionState.DISCONNECTED and connection.ending:
        return enqueue.do_now(_job(connection, caller.actor))
    if not connection.live:
        raise NotConnected("Workbill is not connected to Xero; there is nothing to disconnect.")
    return _end(caller, connection, WHY)


def for_another(caller: Caller, name: str) -> Connection:
    """End the tenant's connection because it goes over to another organisation.

    Answers the connection as it then stands. Raises Conflict while Xero has not confirmed.
    """
    connection = store.get(caller.tenant_id)
    if connection.live:
        _end(caller, connection, OVER.format(name=name))
        connection = store.get(caller.tenant_id)
    return finish(connection) if connection.ending else connection


def ended_in_xero(connection: Connection, why: str) -> None:
    """The organisation was disconnected on Xero's side; ``why`` is what people read."""
    from chalicelib.mail import connection_lost

    if _end_here(connection, why):
        enqueue.enqueue(_job(connection, "system:connection"))
        connection_lost.tell(connection, why)


def finish(connection: Connection) -> Connection:
    """Try to have Xero told by now, before connecting again; raises Conflict if it is not."""
    enqueue.do_now(_job(connection, "system:connection"))
    found = store.get(connection.tenant_id)
    if found.ending:
        raise Conflict("Xero has not confirmed the disconnect yet. Try again in a minute.")
    return found


def handle(job: Job, slice_: Slice) -> Step:
    """Tell Xero that the connection has ended; safe to repeat at any point."""
    connection = store.get(job.tenant_id)
    if not connection.ending or connection.connection_id != job.params["connection_id"]:
        return Done("The disconnect is confirmed.")
    try:
        with exchanges.keeping(connection.tenant_id, exchanges.DISCONNECT):
            tell(connection)
    except XeroCallError:
        job.params["tries"] = tries = job.params.get("tries", 0) + 1
        if tries < TRIES:
            why = "Workbill has stopped using Xero; Xero is told as soon as it can be reached."
            return Wait(slice_.now() + back_off(min(tries, 7)), why)
        grants.abandon(connection.xero_userid, connection.tenant_id)
        tokens.forget(connection.xero_userid)
        store.ended(connection)
        return Done("Xero could not be told. Remove Workbill under Connected apps in Xero.")
    store.ended(connection)
    return Done("The disconnect is confirmed by Xero.")


def _end(caller: Caller, connection: Connection, why: str) -> Job:
    if not _end_here(connection, why):
        raise Conflict(store.CHANGED)
    trail.record(caller, "disconnect", connection.organisation_name)
    return enqueue.do_now(_job(connection, caller.actor))


def _end_here(connection: Connection, why: str) -> bool:
    now = wiring.current().clock.now()
    if not store.begin_ending(connection, now, why):
        return False
    lanes.disconnect(connection.organisation_id, why, learnt_at=now)
    return True


def _job(connection: Connection, actor: str) -> Job:
    """Runs in the tenant's own lane, because the organisation's lane is held."""
    return enqueue.job(
        KIND,
        tenant_lane(connection.tenant_id),
        connection.tenant_id,
        params={"connection_id": connection.connection_id},
        created_by=actor,
        name=KIND,
    )
