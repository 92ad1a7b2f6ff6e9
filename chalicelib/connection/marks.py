"""Saying that a connection no longer works: in its state, and by holding its lane.

Nothing that waits in the lane is lost; reconnecting takes it up.
"""

from collections.abc import Iterable

from chalicelib import wiring
from chalicelib.connection import store
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.dispatch import lane as lanes

ENDED = "The permission from Xero has ended. Reconnect to go on; nothing that waits is lost."
SCOPES = "Permissions need updating. Reconnect to Xero and allow what it lists."
REFUSED = "Xero does not accept the connection. Reconnect to go on; nothing that waits is lost."


def needs_reconnect(connection: Connection, why: str) -> None:
    """Hold the organisation's work until a person reconnects; ``why`` is what they read."""
    learnt_at = wiring.current().clock.now()
    if store.mark(connection, ConnectionState.NEEDS_RECONNECT, why):
        lanes.disconnect(connection.organisation_id, why, learnt_at=learnt_at)
        _tell(connection, why)


def grant_ended(xero_userid: str, tenant_ids: Iterable[str]) -> None:
    """Mark every tenant's connection that lived by this user's grant."""
    for tenant_id in sorted(tenant_ids):
        connection = store.get(tenant_id)
        if connection.state is ConnectionState.ACTIVE and connection.xero_userid == xero_userid:
            needs_reconnect(connection, ENDED)


def _tell(connection: Connection, why: str) -> None:
    from chalicelib.mail import connection_lost

    connection_lost.tell(connection, why)
