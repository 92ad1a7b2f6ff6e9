"""Telling Xero that we are done with an organisation."""

from contextlib import suppress

from chalicelib.connection import reach, revoke, tokens
from chalicelib.connection.model import Connection
from chalicelib.xero.errors import GrantEnded, XeroForbidden, XeroNotFound, XeroUnauthorised

TRIES = 54
"""With the waits of ``back_off``, two days of telling Xero."""


def tell(connection: Connection) -> None:
    """End a connection at Xero, and the grant when nothing else uses it; safe to repeat.

    Raises XeroCallError when Xero could not be told.
    """
    identity = reach.identity()

    def delete(token: str) -> None:
        identity.delete_connection(token, connection.connection_id)

    # One that is gone already leaves nothing to be told.
    with suppress(XeroNotFound):
        try:
            tokens.using(connection.xero_userid, delete)
        except (GrantEnded, XeroForbidden, XeroUnauthorised):
            # The person's grant is dead, or opens this no more; the app may end what is its own.
            delete(identity.app_token())
    revoke.let_go(connection.xero_userid, connection.tenant_id)
