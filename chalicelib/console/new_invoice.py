"""A new invoice from tracked time: whose, which projects, which days, and what it would be."""

from datetime import date
from typing import Any
from urllib.parse import quote

from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.invoices.build import Grouping
from chalicelib.invoices.model import Basis
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people.caller import Scope
from chalicelib.work import clients, projects
from chalicelib.work.model import Project

pages = Pages(__name__)

HERE = "/invoices/new"
MOST_CLIENTS = 50
MOST_PROJECTS = 100
GROUPINGS = (
    (Grouping.TASK, "One line per task"),
    (Grouping.STAFF, "One line per person"),
    (Grouping.PROJECT, "One line per project"),
    (Grouping.DAY, "One line per day"),
    (Grouping.EACH, "One line per time record"),
)


@pages.get(HERE, scope=Scope.WRITE)
def choose(visit: Visit) -> Page:
    """First the client, then what to bill."""
    client_id = visit.query.get("client_id", "")
    project_id = visit.query.get("project_id", "")
    if project_id:
        client_id = projects.get(visit.tenant_id, project_id).client_id
    if client_id:
        return _form(visit, client_id, (project_id,) if project_id else ())
    search = visit.query.get("search", "")
    found = clients.listing(visit.tenant_id, search=search, limit=MOST_CLIENTS)
    values = {"clients": found.items, "more": found.next is not None, "search": search}
    return Page("invoices/client.html", values)


@pages.post(HERE, scope=Scope.WRITE)
def make(visit: Visit) -> Page | Redirect:
    """Show what would be billed, or make the draft."""
    form = visit.form
    client_id = form.must("client_id", "The client")
    chosen = tuple(dict.fromkeys(filter(None, form.all("project_ids"))))
    try:
        wanted = NewInvoice(
            basis=Basis.TRACKED_TIME,
            client_id=client_id,
            project_ids=chosen,
            start=_day(form.get("start"), "start"),
            end=_day(form.get("end"), "end"),
            grouping=_grouping(form.get("grouping")),
            reference=form.get("reference"),
        )
        if form.get("act") == "preview":
            return _preview(visit, wanted)
        return _made(visit, wanted)
    except (InvalidInput, Conflict) as error:
        return _form(visit, client_id, chosen, error=error)


def _preview(visit: Visit, wanted: NewInvoice) -> Page:
    from chalicelib.invoices import create, show

    draft, more = create.preview(visit.tenant_id, wanted)
    found = {"draft": draft, "more": more, "amounts": show.amounts(draft)}
    return _form(visit, wanted.client_id, wanted.project_ids, found)


def _made(visit: Visit, wanted: NewInvoice) -> Redirect:
    from chalicelib.invoices import create

    job = create.start(visit.caller, wanted)
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    then = f"/invoices/{job.params['invoice_id']}"
    if job.state.open:
        return Redirect(f"/jobs/{quote(job.job_id)}?next={quote(then)}")
    return Redirect(then, job.message)


def _form(
    visit: Visit,
    client_id: str,
    chosen: tuple[str, ...],
    found: dict[str, Any] | None = None,
    error: WorkbillError | None = None,
) -> Page:
    values = {
        "client": clients.get(visit.tenant_id, client_id),
        "projects": _projects(visit.tenant_id, client_id),
        "chosen": chosen,
        "groupings": GROUPINGS,
        "typed": visit.form.values(),
        "error": error,
        "draft": None,
        **(found or {}),
    }
    return Page("invoices/new.html", values, error.status if error else 200)


def _projects(tenant_id: str, client_id: str) -> list[Project]:
    """The client's projects, archived ones too: they may have unbilled time."""
    return [
        project
        for archived in (False, True)
        for project in projects.listing(
            tenant_id, client_id=client_id, archived=archived, limit=MOST_PROJECTS
        )
    ]


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Write a day as YYYY-MM-DD.", field=field) from None


def _grouping(text: str) -> Grouping:
    if text not in set(Grouping):
        raise InvalidInput("Choose how time becomes lines.", field="grouping")
    return Grouping(text)
