"""The form of a task: its own price, or the rate that it names."""

from typing import Any

from chalicelib.console import offered
from chalicelib.console.code_names import said_of
from chalicelib.console.forms import Form
from chalicelib.console.prices import plain
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.reference.layers import Kind, Place
from chalicelib.work import projects, tasks
from chalicelib.work.model import Project, Task
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.price import RULE

pages = Pages(__name__)

FIELDS = ("name", "rate", "rate_id", "phase_id")


@pages.get("/projects/{project_id}/tasks/new", scope=Scope.WRITE)
def new(visit: Visit, project_id: str) -> Page:
    """An empty form."""
    project = projects.get(visit.tenant_id, project_id)
    return _form(visit, project, None, {"billable": "yes"})


@pages.post("/projects/{project_id}/tasks", scope=Scope.WRITE)
def create(visit: Visit, project_id: str) -> Page | Redirect:
    """Make a task, or show what is wrong."""
    try:
        task = tasks.create(visit.tenant_id, project_id, **_wanted(visit.form))
    except (InvalidInput, Conflict) as error:
        project = projects.get(visit.tenant_id, project_id)
        return _form(visit, project, None, visit.form.values(), error)
    return Redirect(f"/projects/{project_id}", f"{task.name} is added.")


@pages.get("/tasks/{task_id}", scope=Scope.WRITE)
def edit(visit: Visit, task_id: str) -> Page:
    """The form as the task is."""
    task = tasks.get(visit.tenant_id, task_id)
    values = {
        "name": task.name,
        "rate": "" if task.rate is None else plain(task.rate),
        "rate_id": task.rate_id or "",
        "billable": "yes" if task.billable else "",
        "phase_id": task.phase_id or "",
    }
    return _form(visit, projects.get(visit.tenant_id, task.project_id), task, values)


@pages.post("/tasks/{task_id}", scope=Scope.WRITE)
def change(visit: Visit, task_id: str) -> Page | Redirect:
    """Keep the form, or show what is wrong."""
    try:
        task = tasks.change(visit.tenant_id, task_id, **_wanted(visit.form))
    except (InvalidInput, Conflict) as error:
        task = tasks.get(visit.tenant_id, task_id)
        project = projects.get(visit.tenant_id, task.project_id)
        return _form(visit, project, task, visit.form.values(), error)
    return Redirect(f"/projects/{task.project_id}", f"{task.name} is saved.")


@pages.post("/tasks/{task_id}/archive", scope=Scope.WRITE)
def archive(visit: Visit, task_id: str) -> Redirect:
    """Put a task away, or bring it back; its unbilled time can still be billed."""
    archived = visit.form.get("archived") == "true"
    task = tasks.change(visit.tenant_id, task_id, archived=archived)
    said = "is archived" if archived else "is back"
    return Redirect(f"/projects/{task.project_id}", f"{task.name} {said}.")


def _wanted(form: Form) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: form.get(name) for name in FIELDS}
    wanted["billable"] = form.get("billable") == "yes"
    return wanted


def _form(
    visit: Visit,
    project: Project,
    task: Task | None,
    values: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Page:
    shown: dict[str, Any] = {
        "project": project,
        "task": task,
        "values": {**dict.fromkeys((*FIELDS, "billable"), ""), **values},
        "error": error,
        "phases": offered.phases_of(visit.tenant_id, project, values.get("phase_id", "")),
        "rates": offered.rates_of(
            visit.tenant_id, RateKind.TASK, project, (task.rate_id if task else None) or ""
        ),
        "rule": RULE,
        "codes": said_of(visit.tenant_id, Place(Kind.TASK, task.task_id)) if task else None,
    }
    return Page("tasks/form.html", shown, error.status if error else 200)
