"""One client and its contact in Xero: finding it, linking, making one, letting go."""

from typing import Any

from chalicelib.connection import features
from chalicelib.connection import store as connections
from chalicelib.connection.features import Feature
from chalicelib.console.client_decisions import after
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import WorkbillError
from chalicelib.people.caller import Scope
from chalicelib.reference.contacts.evidence import WORDS
from chalicelib.reference.contacts.store import Contacts
from chalicelib.work import clients

pages = Pages(__name__)

HERE = "/clients/{client_id}/xero"


@pages.get(HERE, scope=Scope.WRITE)
def show(visit: Visit, client_id: str) -> Page:
    """Contacts like this client, a search among all, and the way to make one."""
    return _page(visit, client_id)


@pages.post(f"{HERE}/link", scope=Scope.WRITE)
def link(visit: Visit, client_id: str) -> Redirect:
    """Link to the contact chosen."""
    from chalicelib.reference.contacts.acts import ask_link

    job = ask_link(visit.caller, client_id, visit.form.must("contact_id", "The contact"))
    return after(job, f"/clients/{client_id}")


@pages.post(f"{HERE}/unlink", scope=Scope.WRITE)
def unlink(visit: Visit, client_id: str) -> Redirect:
    """Let the client go from its contact."""
    from chalicelib.reference.contacts.acts import ask_unlink

    return after(ask_unlink(visit.caller, client_id), f"/clients/{client_id}")


@pages.post(f"{HERE}/contact", scope=Scope.WRITE)
def make(visit: Visit, client_id: str) -> Page | Redirect:
    """Make a contact; the page that asks for it has shown the near ones."""
    from chalicelib.reference.contacts.create import start

    try:
        job = start(visit.caller, client_id, despite_matches=visit.form.get("seen") == "yes")
        return after(job, f"/clients/{client_id}")
    except WorkbillError as error:
        if error.status >= 500:  # noqa: PLR2004  the server's own range
            raise
        return _page(visit, client_id, error)


def _page(visit: Visit, client_id: str, error: WorkbillError | None = None) -> Page:
    from chalicelib.reference.contacts.browse import Filter, browse
    from chalicelib.reference.contacts.near import near

    client = clients.get(visit.tenant_id, client_id)
    connection = connections.active(visit.tenant_id)
    contacts = Contacts(visit.tenant_id, connection.organisation_id)
    search = visit.query.get("search", "").strip()
    values: dict[str, Any] = {
        "client": client,
        "near": near(contacts, connection, client),
        "search": search,
        "found": browse(visit.caller, Filter(search, unlinked_only=True)) if search else None,
        "words": WORDS,
        "making": features.standing(connection, Feature.CREATE_CONTACTS),
        "feature": features.NAMES[Feature.CREATE_CONTACTS],
        "error": error,
    }
    return Page("clients/xero.html", values, error.status if error else 200)
