"""Clients: who is billed."""

import msgspec

from chalicelib.api import query
from chalicelib.api.client_views import ClientChange, ClientView, NewClient, client_view
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.work import clients

api = API(__name__)


@api.get(
    "/clients",
    scope=Scope.READ,
    answer=List[ClientView],
    query={
        **query.PAGED,
        "search": "part of a name",
        "archived": "true for archived ones",
        "linked": "true for those linked to a contact in Xero, false for the others",
    },
)
def list_clients(call: Call) -> List[ClientView]:
    """Clients by name, those that are not archived unless told."""
    found = clients.listing(
        call.tenant_id,
        archived=query.flag(call, "archived") or False,
        search=call.query.get("search", ""),
        linked=query.flag(call, "linked"),
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
    )
    return List([client_view(client) for client in found], found.next)


@api.post("/clients", scope=Scope.WRITE, body=NewClient, answer=ClientView, status=201)
def make_client(call: Call) -> ClientView:
    """Make a client that is not in Xero yet."""
    new: NewClient = call.body
    given = msgspec.structs.asdict(new)
    return client_view(clients.create(call.tenant_id, given.pop("name"), **given))


@api.get("/clients/{client_id}", scope=Scope.READ, answer=ClientView)
def read_client(call: Call, client_id: str) -> ClientView:
    """One client."""
    return client_view(clients.get(call.tenant_id, client_id))


@api.patch("/clients/{client_id}", scope=Scope.WRITE, body=ClientChange, answer=ClientView)
def change_client(call: Call, client_id: str) -> ClientView:
    """Change a client, archive it, or bring it back."""
    return client_view(clients.change(call.tenant_id, client_id, **query.changes(call.body)))


@api.delete("/clients/{client_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_client(call: Call, client_id: str) -> None:
    """Remove a client that has no project and is not in Xero; archive any other."""
    clients.delete(call.tenant_id, client_id)
