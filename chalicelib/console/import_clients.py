"""Bringing clients in from Xero: what an import does, how the last ones came out, and asking."""

from typing import Any
from urllib.parse import quote

from chalicelib.connection import store as connections
from chalicelib.connection.model import ConnectionState
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch.cancel import may_cancel
from chalicelib.dispatch.listing import listing
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.reference.contacts.model import Choice
from chalicelib.reference.contacts.store import Contacts

pages = Pages(__name__)

HERE = "/clients/import"
LOOKED_BACK = 60
SHOWN = 10


@pages.get(HERE)
def show(visit: Visit) -> Page:
    """Everything about imports of clients, in one place."""
    return _page(visit)


@pages.post(HERE, scope=Scope.WRITE)
def begin(visit: Visit) -> Redirect:
    """Ask for the import and follow it; one that is under way is followed instead."""
    from chalicelib.reference.contacts.ask import Wish, start

    job = start(visit.caller, Wish(whole=visit.form.get("whole") == "yes"))
    return Redirect(f"/jobs/{quote(job.job_id)}?next={HERE}")


@pages.post(f"{HERE}/choice", scope=Scope.WRITE)
def choose(visit: Visit) -> Page | Redirect:
    """Keep what imports do, or say what is wrong with it."""
    from chalicelib.reference.contacts.choose import choose

    names = Choice.__struct_fields__
    choice = Choice(**{name: visit.form.get(name) == "yes" for name in names})
    try:
        choose(visit.caller, choice)
    except InvalidInput as error:
        return _page(visit, choice, error)
    automatic = "Clients now come in by themselves." if choice.automatic else "This is kept."
    return Redirect(HERE, automatic)


def _page(visit: Visit, choice: Choice | None = None, error: InvalidInput | None = None) -> Page:
    from chalicelib.audit.names import of_actors
    from chalicelib.reference.contacts.ask import KIND
    from chalicelib.work.masters import FIELDS

    connection = connections.get(visit.tenant_id)
    contacts = Contacts(visit.tenant_id, connection.organisation_id)
    latest = [job for job in listing(visit.tenant_id, LOOKED_BACK) if job.kind == KIND][:SHOWN]
    open_jobs = [job for job in latest if job.state.open and job.lane == contacts.organisation_id]
    values: dict[str, Any] = {
        "connected": connection.state is ConnectionState.ACTIVE,
        "choice": choice or contacts.chosen(),
        "reading": contacts.reading(),
        "waiting": sum(1 for _ in contacts.decisions()),
        "fields": FIELDS,
        "jobs": latest,
        "open_jobs": open_jobs,
        "cancellable": {job.job_id for job in open_jobs if may_cancel(job)},
        "names": of_actors(visit.tenant_id),
        "may": Scope.WRITE in visit.caller.scopes,
        "error": error,
    }
    return Page("clients/import.html", values, error.status if error else 200)
