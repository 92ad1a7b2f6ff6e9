"""The form of a task: its rate, and codes of its own."""

from typing import Any

from chalicelib.console.forms import Form
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.reference import store as reference
from chalicelib.work import phases, projects, tasks
from chalicelib.work.model import Project, Task

pages = Pages(__name__)

FIELDS = ("name", "rate", "account_code", "tax_type", "phase_id")


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
        "rate": "" if task.rate is None else plain_rate(task),
        "account_code": task.account_code or "",
        "tax_type": task.tax_type or "",
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


def plain_rate(task: Task) -> str:
    """A rate with its cents, and more decimals only where it has them."""
    whole, _, decimals = f"{task.rate or 0:.4f}".partition(".")
    return f"{whole}.{decimals[:2]}{decimals[2:].rstrip('0')}"


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
    accounts = [one for one in reference.accounts(visit.tenant_id) if one.usable_for_lines]
    rates = [one for one in reference.tax_rates(visit.tenant_id) if one.usable_for_lines]
    shown: dict[str, Any] = {
        "project": project,
        "task": task,
        "values": {**dict.fromkeys((*FIELDS, "billable"), ""), **values},
        "error": error,
        "phases": _phases(visit, project, values.get("phase_id", "")),
        "accounts": [(one.code, f"{one.code} · {one.name}") for one in accounts],
        "tax_rates": [
            (one.tax_type, f"{one.name} · {one.effective_rate} %")
            for one in sorted(rates, key=lambda one: one.name)
        ],
    }
    return Page("tasks/form.html", shown, error.status if error else 200)


def _phases(visit: Visit, project: Project, chosen: str) -> list[tuple[str, str]]:
    """The project's phases to choose from, an archived one only where it is chosen already."""
    found = phases.of_project(visit.tenant_id, project.project_id).values()
    return [
        (one.phase_id, one.name) for one in found if not one.archived or one.phase_id == chosen
    ]
