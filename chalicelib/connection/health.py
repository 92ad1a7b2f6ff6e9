"""What a refusal by Xero means for a connection."""

from chalicelib.connection import disconnect, marks, reach, tokens
from chalicelib.connection.model import Connection
from chalicelib.errors import NotConnected, XeroError
from chalicelib.xero.errors import GrantEnded, XeroForbidden, XeroScopeMissing

GONE = "Workbill was disconnected in Xero. Reconnect to go on; nothing that waits is lost."


def judge(connection: Connection, error: XeroError) -> NotConnected | XeroError:
    """The error to raise instead, after moving the connection's state where it has to move.

    A refused organisation is looked up among the grant's connections: one that is missing was
    disconnected in Xero; one that is there is a matter of the person's role, and stays active.
    """
    match error:
        case GrantEnded():
            marks.grant_ended(connection.xero_userid, [connection.tenant_id])
            return NotConnected(marks.ENDED)
        case XeroScopeMissing():
            marks.needs_reconnect(connection, marks.SCOPES)
            return NotConnected(marks.SCOPES)
        case XeroForbidden():
            return _judge_forbidden(connection, error)
    marks.needs_reconnect(connection, marks.REFUSED)
    return NotConnected(marks.REFUSED)


def _judge_forbidden(connection: Connection, error: XeroForbidden) -> NotConnected | XeroError:
    identity = reach.identity()
    listed = tokens.using(connection.xero_userid, identity.connections)
    if connection.organisation_id in {one.organisation_id for one in listed}:
        return error
    disconnect.ended_in_xero(connection, GONE)
    return NotConnected(GONE)
