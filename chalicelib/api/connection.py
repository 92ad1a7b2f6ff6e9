"""The connection to Xero; connecting itself needs a person and a browser."""

from datetime import datetime

import msgspec

from chalicelib.api.jobs import JobView, accepted
from chalicelib.api.routing import API, Answer, Call
from chalicelib.connection import disconnect, store
from chalicelib.connection.model import Connection
from chalicelib.people.caller import Scope

api = API(__name__)


class ConnectionView(msgspec.Struct):
    """The connection; all but the state is empty before the first one.

    ``state`` is ``none``, ``pending``, ``active``, ``needs_reconnect`` or ``disconnected``, and
    ``problem`` says in a sentence what is to be done. ``connected_by`` is the user here,
    ``xero_user`` the person in Xero. ``last_success_at`` is at most ten
    minutes behind.
    """

    state: str
    organisation_id: str | None
    organisation_name: str | None
    country: str | None
    base_currency: str | None
    connected_by: str | None
    xero_user: str | None
    connected_at: datetime | None
    last_success_at: datetime | None
    scopes: list[str]
    problem: str | None


@api.get("/connection", scope=Scope.READ, answer=ConnectionView)
def read_connection(call: Call) -> ConnectionView:
    """The connection to Xero as it is now."""
    return _view(store.get(call.tenant_id))


@api.delete("/connection", scope=Scope.ADMIN, answer=JobView, status=202)
def end_connection(call: Call) -> Answer:
    """Disconnect: our access ends at once, and the job tells Xero."""
    return accepted(disconnect.start(call.caller))


def _view(connection: Connection) -> ConnectionView:
    return ConnectionView(
        state=connection.state.value,
        organisation_id=connection.organisation_id or None,
        organisation_name=connection.organisation_name or None,
        country=connection.country or None,
        base_currency=connection.base_currency or None,
        connected_by=connection.connected_by or None,
        xero_user=connection.xero_user or None,
        connected_at=connection.connected_at,
        last_success_at=connection.last_success_at,
        scopes=list(connection.scopes),
        problem=connection.problem or None,
    )
