"""Clients: the list, one client, and the form for both."""

from typing import Any

from chalicelib.console.code_names import said_of
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.reference.layers import Kind, Place
from chalicelib.work import clients, projects, unbilled
from chalicelib.work.model import Client
from chalicelib.work.rates.prices import Prices

pages = Pages(__name__)

FIELDS = ("name", "email", "currency")

PER_PAGE = 50
PROJECTS_PER_PAGE = 25


@pages.get("/clients")
def show_all(visit: Visit) -> Page:
    """Clients by name, with a search and the archived ones on another shelf."""
    archived = visit.query.get("archived") == "true"
    search = visit.query.get("search", "")
    found = clients.listing(
        visit.tenant_id,
        archived=archived,
        search=search,
        limit=PER_PAGE,
        cursor=visit.query.get("cursor"),
    )
    values = {"clients": found, "archived": archived, "search": search}
    return Page("clients/list.html", values)


@pages.get("/clients/new", scope=Scope.WRITE)
def new(_visit: Visit) -> Page:
    """An empty form."""
    return _form(None, {})


@pages.post("/clients", scope=Scope.WRITE)
def create(visit: Visit) -> Page | Redirect:
    """Make a client, or show what is wrong."""
    form = visit.form
    try:
        client = clients.create(
            visit.tenant_id,
            form.get("name"),
            email=form.get("email"),
            currency=form.get("currency"),
        )
    except (InvalidInput, Conflict) as error:
        return _form(None, form.values(), error)
    return Redirect(f"/clients/{client.client_id}", f"{client.name} is added.")


@pages.get("/clients/{client_id}")
def show(visit: Visit, client_id: str) -> Page:
    """A client with its projects and what is unbilled in them."""
    client = clients.get(visit.tenant_id, client_id)
    found = projects.listing(
        visit.tenant_id,
        client_id=client_id,
        limit=PROJECTS_PER_PAGE,
        cursor=visit.query.get("cursor"),
    )
    prices = Prices(visit.tenant_id)
    waiting = {p.project_id: unbilled.of_project(visit.tenant_id, p, prices) for p in found}
    values = {
        "client": client,
        "projects": found,
        "waiting": waiting,
        "codes": said_of(visit.tenant_id, Place(Kind.CLIENT, client_id)),
    }
    return Page("clients/client.html", values)


@pages.get("/clients/{client_id}/edit", scope=Scope.WRITE)
def edit(visit: Visit, client_id: str) -> Page:
    """The form as the client is."""
    client = clients.get(visit.tenant_id, client_id)
    values = {"name": client.name, "email": client.email, "currency": client.currency or ""}
    return _form(client, values)


@pages.post("/clients/{client_id}", scope=Scope.WRITE)
def change(visit: Visit, client_id: str) -> Page | Redirect:
    """Keep the form, or show what is wrong."""
    form = visit.form
    changes = {name: form.get(name) for name in ("name", "email", "currency")}
    try:
        clients.change(visit.tenant_id, client_id, **changes)
    except (InvalidInput, Conflict) as error:
        return _form(clients.get(visit.tenant_id, client_id), form.values(), error)
    return Redirect(f"/clients/{client_id}", "The client is saved.")


@pages.post("/clients/{client_id}/archive", scope=Scope.WRITE)
def archive(visit: Visit, client_id: str) -> Redirect:
    """Put a client away, or bring it back."""
    archived = visit.form.get("archived") == "true"
    client = clients.change(visit.tenant_id, client_id, archived=archived)
    said = "is archived" if archived else "is back"
    return Redirect(f"/clients/{client_id}", f"{client.name} {said}.")


def _form(
    client: Client | None,
    values: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Page:
    shown: dict[str, Any] = {
        "client": client,
        "values": {**dict.fromkeys(FIELDS, ""), **values},
        "error": error,
    }
    return Page("clients/form.html", shown, error.status if error else 200)
