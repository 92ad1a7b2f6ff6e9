"""The form of a phase."""

from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.work import phases, projects
from chalicelib.work.model import Phase, Project

pages = Pages(__name__)

FIELDS = ("name", "price", "position")


@pages.get("/projects/{project_id}/phases/new", scope=Scope.WRITE)
def new(visit: Visit, project_id: str) -> Page:
    """An empty form."""
    return _form(projects.get(visit.tenant_id, project_id), None, {})


@pages.post("/projects/{project_id}/phases", scope=Scope.WRITE)
def create(visit: Visit, project_id: str) -> Page | Redirect:
    """Make a phase, or show what is wrong."""
    form = visit.form
    try:
        phase = phases.create(
            visit.tenant_id, project_id, form.get("name"), price=form.get("price")
        )
    except InvalidInput as error:
        return _form(projects.get(visit.tenant_id, project_id), None, form.values(), error)
    return Redirect(f"/projects/{project_id}", f"{phase.name} is added.")


@pages.get("/phases/{phase_id}", scope=Scope.WRITE)
def edit(visit: Visit, phase_id: str) -> Page:
    """The form as the phase is."""
    phase = phases.get(visit.tenant_id, phase_id)
    price = "" if phase.price is None else f"{phase.price}"
    values = {"name": phase.name, "price": price, "position": f"{phase.position}"}
    return _form(projects.get(visit.tenant_id, phase.project_id), phase, values)


@pages.post("/phases/{phase_id}", scope=Scope.WRITE)
def change(visit: Visit, phase_id: str) -> Page | Redirect:
    """Keep the form, or show what is wrong."""
    form = visit.form
    phase = phases.get(visit.tenant_id, phase_id)
    wanted = {"name": form.get("name"), "price": form.get("price")}
    try:
        phases.change(visit.tenant_id, phase_id, **wanted, position=_place(form.get("position")))
    except (InvalidInput, Conflict) as error:
        project = projects.get(visit.tenant_id, phase.project_id)
        return _form(project, phase, form.values(), error)
    return Redirect(f"/projects/{phase.project_id}", "The phase is saved.")


@pages.post("/phases/{phase_id}/archive", scope=Scope.WRITE)
def archive(visit: Visit, phase_id: str) -> Redirect:
    """Put a phase away, or bring it back; its unbilled work can still be billed."""
    archived = visit.form.get("archived") == "true"
    phase = phases.change(visit.tenant_id, phase_id, archived=archived)
    said = "is archived" if archived else "is back"
    return Redirect(f"/projects/{phase.project_id}", f"{phase.name} {said}.")


def _place(text: str) -> int:
    if not text.isdecimal():
        raise InvalidInput("A place is a small number.", field="position")
    return int(text)


def _form(
    project: Project,
    phase: Phase | None,
    values: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Page:
    shown = {
        "project": project,
        "phase": phase,
        "values": {**dict.fromkeys(FIELDS, ""), **values},
        "error": error,
        "fields": FIELDS,
    }
    return Page("phases/form.html", shown, error.status if error else 200)
