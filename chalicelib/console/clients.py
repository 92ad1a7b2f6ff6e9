"""Clients: the list, one client, and the form for both."""

from typing import Any

from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection
from chalicelib.console import client_form
from chalicelib.console.code_names import said_of
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.reference.layers import Kind, Place
from chalicelib.work import clients, projects, unbilled
from chalicelib.work.details import NOTHING_KNOWN, TERMS_KINDS, terms_sentence
from chalicelib.work.model import Client
from chalicelib.work.rates.prices import Prices

pages = Pages(__name__)

PER_PAGE = 50
PROJECTS_PER_PAGE = 25
SHELVES = {"linked": True, "unlinked": False}
"""What the list may be narrowed down to."""


@pages.get("/clients")
def show_all(visit: Visit) -> Page:
    """Clients by name, with a search and the archived ones on another shelf."""
    from chalicelib.reference.contacts.store import Contacts

    archived = visit.query.get("archived") == "true"
    search, narrow = visit.query.get("search", ""), visit.query.get("show", "")
    found = clients.listing(
        visit.tenant_id,
        archived=archived,
        search=search,
        linked=SHELVES.get(narrow),
        limit=PER_PAGE,
        cursor=visit.query.get("cursor"),
    )
    connection = connections.get(visit.tenant_id)
    contacts = Contacts(visit.tenant_id, connection.organisation_id)
    values = {
        "clients": found,
        "archived": archived,
        "search": search,
        "narrow": narrow if narrow in SHELVES else "",
        "waiting": sum(1 for _ in contacts.decisions()) if connection.live else 0,
    }
    return Page("clients/list.html", values)


@pages.get("/clients/new", scope=Scope.WRITE)
def new(_visit: Visit) -> Page:
    """An empty form."""
    return _form(None, client_form.values(None))


@pages.post("/clients", scope=Scope.WRITE)
def create(visit: Visit) -> Page | Redirect:
    """Make a client, or show what is wrong."""
    form = visit.form
    try:
        typed = client_form.changes(form, NOTHING_KNOWN)
        client = clients.create(visit.tenant_id, typed.pop("name"), **typed)
    except (InvalidInput, Conflict) as error:
        return _form(None, form.values(), error)
    return Redirect(f"/clients/{client.client_id}", f"{client.name} is added.")


@pages.get("/clients/{client_id}")
def show(visit: Visit, client_id: str) -> Page:
    """A client with its projects and what is unbilled in them."""
    from chalicelib.invoices import deposits

    client = clients.get(visit.tenant_id, client_id)
    found = projects.listing(
        visit.tenant_id,
        client_id=client_id,
        limit=PROJECTS_PER_PAGE,
        cursor=visit.query.get("cursor"),
    )
    prices = Prices(visit.tenant_id)
    values = {
        "client": client,
        "projects": found,
        "waiting": {p.project_id: unbilled.of_project(visit.tenant_id, p, prices) for p in found},
        "in_xero": _in_xero(client, connections.get(visit.tenant_id)),
        "terms": terms_sentence(client.details.payment_terms),
        "phone": client_form.shown,
        "deposits": deposits.of_client(visit.tenant_id, client_id),
        "codes": said_of(visit.tenant_id, Place(Kind.CLIENT, client_id)),
        "may": Scope.WRITE in visit.caller.scopes,
    }
    return Page("clients/client.html", values)


@pages.get("/clients/{client_id}/edit", scope=Scope.WRITE)
def edit(visit: Visit, client_id: str) -> Page:
    """The form as the client is."""
    client = clients.get(visit.tenant_id, client_id)
    return _form(client, client_form.values(client))


@pages.post("/clients/{client_id}", scope=Scope.WRITE)
def change(visit: Visit, client_id: str) -> Page | Redirect:
    """Keep the form, or show what is wrong."""
    form, client = visit.form, clients.get(visit.tenant_id, client_id)
    try:
        typed = (
            {"currency": form.get("currency")}
            if client.contact_id
            else client_form.changes(form, client.details)
        )
        clients.change(visit.tenant_id, client_id, **typed)
    except (InvalidInput, Conflict) as error:
        return _form(client, form.values(), error)
    return Redirect(f"/clients/{client_id}", "The client is saved.")


@pages.post("/clients/{client_id}/archive", scope=Scope.WRITE)
def archive(visit: Visit, client_id: str) -> Redirect:
    """Put a client away, or bring it back."""
    archived = visit.form.get("archived") == "true"
    client = clients.change(visit.tenant_id, client_id, archived=archived)
    said = "is archived" if archived else "is back"
    return Redirect(f"/clients/{client_id}", f"{client.name} {said}.")


def _in_xero(client: Client, connection: Connection) -> str:
    from chalicelib.connection import links

    if not (client.contact_id and connection.live):
        return ""
    return links.page(connection, f"contacts/contact/{client.contact_id}")


def _form(
    client: Client | None,
    values: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Page:
    shown: dict[str, Any] = {
        "client": client,
        "values": {**client_form.values(None), **values},
        "terms_kinds": TERMS_KINDS.items(),
        "persons": client_form.PERSONS,
        "error": error,
    }
    return Page("clients/form.html", shown, error.status if error else 200)
