"""The connections endpoint: which organisations an access token reaches."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as Answer

from local.xero.identity.bearer import Caller, identify
from local.xero.identity.grants import Connection
from local.xero.present import world
from local.xero.problems import forbidden, problem, unauthorised

blueprint = Blueprint("connections", __name__)


@blueprint.get("/connections")
@blueprint.get("/Connections")
def listed() -> Answer:
    """The user's connections, or all of the app's when no user is in the token.

    ``authEventId`` leaves those made in that consent; an organisation that was linked
    before keeps its first event, so the filtered list may be empty.
    """
    caller = _caller()
    if not caller.auth_event_id and "app.connections" not in caller.scopes:
        return unauthorised("AuthorizationUnsuccessful", WWW_Authenticate="insufficient_scope")
    event = request.args.get("authEventId")
    reached = [one for one in _reached(caller) if event in (None, one.auth_event_id)]
    return jsonify([wire(one) for one in reached])


@blueprint.delete("/connections/<connection_id>")
@blueprint.delete("/Connections/<connection_id>")
def removed(connection_id: str) -> Answer:
    """Ends one connection; the token set and other connections stay."""
    caller = _caller()
    if connection_id in world().organisations:
        # A frequent slip: the tenant's id where the connection's is due.
        return forbidden()
    if connection_id not in {one.connection_id for one in _reached(caller)}:
        return problem(404, "Not Found", "The connection could not be found.")
    del world().connections[connection_id]
    return Response("", 204)


def _caller() -> Caller:
    return identify(world(), request)


def _reached(caller: Caller) -> list[Connection]:
    user_id = caller.user.user_id if caller.user else None
    return [
        one
        for one in world().connections.values()
        if one.client_id == caller.client_id
        and user_id in (None, one.user_id)
        and one.tenant_id in world().organisations
    ]


def wire(one: Connection) -> dict[str, Any]:
    """A connection as Xero writes it: seven decimals, no zone."""
    return {
        "id": one.connection_id,
        "authEventId": one.auth_event_id,
        "tenantId": one.tenant_id,
        "tenantType": "ORGANISATION",
        "tenantName": world().organisations[one.tenant_id].name,
        "createdDateUtc": seven_decimals(one.created),
        "updatedDateUtc": seven_decimals(one.updated),
    }


def seven_decimals(moment: datetime) -> str:
    """A UTC moment as .NET prints it, without a zone."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"
