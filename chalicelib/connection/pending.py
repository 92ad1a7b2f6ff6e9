"""A connection that waits for a person's word: to another organisation than the one before."""

from datetime import timedelta

from pynamodb.exceptions import DeleteError, DoesNotExist

from chalicelib import wiring
from chalicelib.connection.model import Connection
from chalicelib.connection.rows import PENDING, ConnectionRow, connection_of, row_of

LASTS = timedelta(hours=1)
"""Then it counts as declined, so that nothing stays open in Xero that nobody uses."""


def put(connection: Connection) -> None:
    """Keep it, in the place of an earlier one; ``connected_at`` is when it was asked."""
    row = row_of(connection, 0)
    row.sk = PENDING
    row.save()


def get(tenant_id: str) -> Connection | None:
    """The one that waits for this tenant's word; None when nothing does, or for too long."""
    try:
        found = connection_of(ConnectionRow.get(tenant_id, PENDING, consistent_read=True))
    except DoesNotExist:
        return None
    asked_at, now = found.connected_at, wiring.current().clock.now()
    return found if asked_at and now - asked_at < LASTS else None


def remove(tenant_id: str, connection_id: str) -> None:
    """Forget this very one; nothing when it was confirmed or replaced meanwhile."""
    row = ConnectionRow(tenant_id, PENDING)
    try:
        row.delete(condition=ConnectionRow.connection_id == connection_id)
    except DeleteError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
