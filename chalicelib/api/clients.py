"""Clients: who is billed."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.work import clients
from chalicelib.work.model import Client, Source

api = API(__name__)


class ClientView(msgspec.Struct):
    """A client; ``contact_id`` is the contact in Xero it is linked to, null until it is."""

    id: str
    name: str
    email: str
    contact_id: str | None
    currency: str | None
    tax_type: str | None
    archived: bool
    source: Source
    updated_at: datetime


class NewClient(msgspec.Struct, forbid_unknown_fields=True):
    """A client to be made; without ``currency``, projects take the organisation's."""

    name: str
    email: str = ""
    currency: str | None = None


class ClientChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of a client is to change; what is left out stays."""

    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    currency: str | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET


@api.get(
    "/clients",
    scope=Scope.READ,
    answer=List[ClientView],
    query={**query.PAGED, "search": "part of a name", "archived": "true for archived ones"},
)
def list_clients(call: Call) -> List[ClientView]:
    """Clients by name, those that are not archived unless told."""
    found = clients.listing(
        call.tenant_id,
        archived=query.flag(call, "archived") or False,
        search=call.query.get("search", ""),
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
    )
    return List([_view(client) for client in found], found.next)


@api.post("/clients", scope=Scope.WRITE, body=NewClient, answer=ClientView, status=201)
def make_client(call: Call) -> ClientView:
    """Make a client that is not in Xero yet."""
    new: NewClient = call.body
    return _view(clients.create(call.tenant_id, new.name, email=new.email, currency=new.currency))


@api.get("/clients/{client_id}", scope=Scope.READ, answer=ClientView)
def read_client(call: Call, client_id: str) -> ClientView:
    """One client."""
    return _view(clients.get(call.tenant_id, client_id))


@api.patch("/clients/{client_id}", scope=Scope.WRITE, body=ClientChange, answer=ClientView)
def change_client(call: Call, client_id: str) -> ClientView:
    """Change a client, archive it, or bring it back."""
    return _view(clients.change(call.tenant_id, client_id, **query.changes(call.body)))


@api.delete("/clients/{client_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_client(call: Call, client_id: str) -> None:
    """Remove a client that has no project and is not in Xero; archive any other."""
    clients.delete(call.tenant_id, client_id)


def _view(client: Client) -> ClientView:
    return ClientView(
        id=client.client_id,
        name=client.name,
        email=client.email,
        contact_id=client.contact_id,
        currency=client.currency,
        tax_type=client.tax_type,
        archived=client.archived,
        source=client.source,
        updated_at=client.updated_at,
    )
