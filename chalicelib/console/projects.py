"""Projects: the list, one project with its tasks and time, and the form."""

from datetime import date
from typing import Any

from chalicelib.console import project_form
from chalicelib.console.code_names import said_of
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.console.task_terms import terms_of
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.reference.layers import Kind, Place
from chalicelib.storage.pages import Page as Items
from chalicelib.work import actual, clients, phases, projects, tasks, time_records, unbilled
from chalicelib.work.actual import Actual
from chalicelib.work.materials import find as materials
from chalicelib.work.materials.model import Material
from chalicelib.work.model import Project, TimeRecord
from chalicelib.work.rates.prices import Prices

pages = Pages(__name__)

PER_PAGE = 25
RECORDS_PER_PAGE = 100


@pages.get("/projects")
def show_all(visit: Visit) -> Page:
    """Projects by name, each with its client and what is unbilled."""
    archived = visit.query.get("archived") == "true"
    search = visit.query.get("search", "")
    found = projects.listing(
        visit.tenant_id,
        archived=archived,
        search=search,
        limit=PER_PAGE,
        cursor=visit.query.get("cursor"),
    )
    prices = Prices(visit.tenant_id)
    values = {
        "projects": found,
        "clients": clients.by_ids(visit.tenant_id, [p.client_id for p in found]),
        "waiting": {p.project_id: unbilled.of_project(visit.tenant_id, p, prices) for p in found},
        "archived": archived,
        "search": search,
    }
    return Page("projects/list.html", values)


@pages.get("/projects/new", scope=Scope.WRITE)
def new(visit: Visit) -> Page:
    """An empty form, with the client when one was named."""
    return project_form.page(visit, None, {"client_id": visit.query.get("client_id", "")})


@pages.post("/projects", scope=Scope.WRITE)
def create(visit: Visit) -> Page | Redirect:
    """Make a project, or show what is wrong."""
    form = visit.form
    try:
        project = projects.create(
            visit.tenant_id,
            form.must("client_id", "The client"),
            **project_form.posted(form),
        )
    except (InvalidInput, Conflict) as error:
        return project_form.page(visit, None, form.values(), error)
    return Redirect(f"/projects/{project.project_id}", f"{project.name} is added.")


@pages.get("/projects/{project_id}")
def show(visit: Visit, project_id: str) -> Page:
    """A project with its tasks, their rates, and its time."""
    project = projects.get(visit.tenant_id, project_id)
    client = clients.get(visit.tenant_id, project.client_id)
    of_project = tasks.of_project(visit.tenant_id, project_id)
    shown = visit.query.get("show", "unbilled")
    used, prices = _materials(visit, project_id, shown), Prices(visit.tenant_id)
    values: dict[str, Any] = {
        "project": project,
        "client": client,
        "tasks": sorted(of_project.values(), key=lambda t: (t.archived, t.name.casefold())),
        "task_names": {key: task.name for key, task in of_project.items()},
        "phases": list(phases.of_project(visit.tenant_id, project_id).values()),
        "kinds": dict(project_form.KINDS),
        "statuses": dict(project_form.STATUSES),
        "terms": terms_of(visit.tenant_id, client, of_project.values()),
        "codes": said_of(visit.tenant_id, Place(Kind.PROJECT, project_id)),
        "waiting": unbilled.of_project(visit.tenant_id, project, prices),
        "actual": _actual(visit, project, prices),
        "records": _records(visit, project_id, shown),
        "materials": used,
        "unit_prices": {one.material_id: prices.of_material(one).amount for one in used},
        "show": shown,
        "start": visit.query.get("from", ""),
        "end": visit.query.get("to", ""),
    }
    return Page("projects/project.html", values)


@pages.get("/projects/{project_id}/edit", scope=Scope.WRITE)
def edit(visit: Visit, project_id: str) -> Page:
    """The form as the project is."""
    project = projects.get(visit.tenant_id, project_id)
    return project_form.page(visit, project, project_form.values_of(project))


@pages.post("/projects/{project_id}", scope=Scope.WRITE)
def change(visit: Visit, project_id: str) -> Page | Redirect:
    """Keep the form, or show what is wrong."""
    form = visit.form
    try:
        projects.change(visit.tenant_id, project_id, **project_form.posted(form))
    except (InvalidInput, Conflict) as error:
        project = projects.get(visit.tenant_id, project_id)
        return project_form.page(visit, project, form.values(), error)
    return Redirect(f"/projects/{project_id}", "The project is saved.")


@pages.post("/projects/{project_id}/archive", scope=Scope.WRITE)
def archive(visit: Visit, project_id: str) -> Redirect:
    """Put a project away, or bring it back."""
    archived = visit.form.get("archived") == "true"
    project = projects.change(visit.tenant_id, project_id, archived=archived)
    said = "is archived" if archived else "is back"
    return Redirect(f"/projects/{project_id}", f"{project.name} {said}.")


def _actual(visit: Visit, project: Project, prices: Prices) -> Actual | None:
    """What was done, where something was quoted or budgeted to hold it against."""
    told = (project.price, project.budget_minutes, project.budget_amount)
    if all(one is None for one in told):
        return None
    return actual.of_project(visit.tenant_id, project, prices)


def _records(visit: Visit, project_id: str, shown: str) -> Items[TimeRecord]:
    start, end = _day(visit, "from"), _day(visit, "to")
    cursor = visit.query.get("cursor")
    if shown == "unbilled":
        return time_records.unbilled(
            visit.tenant_id, [project_id], start, end, limit=RECORDS_PER_PAGE, cursor=cursor
        )
    return time_records.listing(
        visit.tenant_id,
        [project_id],
        start=start,
        end=end,
        invoiced=True if shown == "invoiced" else None,
        limit=RECORDS_PER_PAGE,
        cursor=cursor,
    )


def _materials(visit: Visit, project_id: str, shown: str) -> list[Material]:
    """The project's materials of the same days and state, as many as a page has room for."""
    start, end = _day(visit, "from"), _day(visit, "to")
    if shown == "unbilled":
        return materials.unbilled(
            visit.tenant_id, [project_id], start, end, limit=RECORDS_PER_PAGE
        ).items
    invoiced = True if shown == "invoiced" else None
    return materials.listing(
        visit.tenant_id,
        [project_id],
        start=start,
        end=end,
        invoiced=invoiced,
        limit=RECORDS_PER_PAGE,
    ).items


def _day(visit: Visit, name: str) -> date | None:
    """A day of the filter; one that cannot be read filters nothing."""
    try:
        return date.fromisoformat(visit.query.get(name, ""))
    except ValueError:
        return None
