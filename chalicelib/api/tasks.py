"""Tasks: kinds of work in a project, with their rates."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.work import projects, tasks
from chalicelib.work.model import Task

api = API(__name__)


class TaskView(msgspec.Struct):
    """A task; ``rate`` is per hour in ``currency``, null until it is set.

    Without ``account_code`` or ``tax_type`` the mapping's are taken.
    """

    id: str
    project_id: str
    name: str
    rate: str | None
    currency: str
    account_code: str | None
    tax_type: str | None
    billable: bool
    phase_id: str | None
    archived: bool
    updated_at: datetime


class NewTask(msgspec.Struct, forbid_unknown_fields=True):
    """A task to be made; ``rate`` has at most 4 decimals, codes come from the imported lists."""

    project_id: str
    name: str
    rate: str | None = None
    account_code: str | None = None
    tax_type: str | None = None
    billable: bool = True
    phase_id: str | None = None


class TaskChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of a task is to change; what is left out stays."""

    name: str | UnsetType = UNSET
    rate: str | UnsetType | None = UNSET
    account_code: str | UnsetType | None = UNSET
    tax_type: str | UnsetType | None = UNSET
    billable: bool | UnsetType = UNSET
    phase_id: str | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET


@api.get(
    "/tasks",
    scope=Scope.READ,
    answer=List[TaskView],
    query={
        **query.PAGED,
        "project_id": "the project; needed",
        "archived": "true for archived ones",
    },
)
def list_tasks(call: Call) -> List[TaskView]:
    """A project's tasks by name, those that are not archived unless told."""
    project_id = call.query.get("project_id")
    if not project_id:
        raise InvalidInput("Say which project: project_id.", field="project_id")
    projects.get(call.tenant_id, project_id)
    found = tasks.listing(
        call.tenant_id,
        project_id,
        archived=query.flag(call, "archived") or False,
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
    )
    return List([_view(task) for task in found], found.next)


@api.post("/tasks", scope=Scope.WRITE, body=NewTask, answer=TaskView, status=201)
def make_task(call: Call) -> TaskView:
    """Make a task."""
    new: NewTask = call.body
    made = tasks.create(
        call.tenant_id,
        new.project_id,
        new.name,
        rate=new.rate,
        account_code=new.account_code,
        tax_type=new.tax_type,
        billable=new.billable,
        phase_id=new.phase_id,
    )
    return _view(made)


@api.get("/tasks/{task_id}", scope=Scope.READ, answer=TaskView)
def read_task(call: Call, task_id: str) -> TaskView:
    """One task."""
    return _view(tasks.get(call.tenant_id, task_id))


@api.patch("/tasks/{task_id}", scope=Scope.WRITE, body=TaskChange, answer=TaskView)
def change_task(call: Call, task_id: str) -> TaskView:
    """Change a task; a new rate holds for time that is not on an invoice yet."""
    return _view(tasks.change(call.tenant_id, task_id, **query.changes(call.body)))


@api.delete("/tasks/{task_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_task(call: Call, task_id: str) -> None:
    """Remove a task that never had time on it; archive any other."""
    tasks.delete(call.tenant_id, task_id)


def _view(task: Task) -> TaskView:
    return TaskView(
        id=task.task_id,
        project_id=task.project_id,
        name=task.name,
        rate=None if task.rate is None else f"{task.rate:f}",
        currency=task.currency,
        account_code=task.account_code,
        tax_type=task.tax_type,
        billable=task.billable,
        phase_id=task.phase_id,
        archived=task.archived,
        updated_at=task.updated_at,
    )
