"""Tasks: kinds of work in a project, with their rates."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import own_codes, query
from chalicelib.api.own_codes import OwnCodesChange, TrackingPair
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.reference import choices
from chalicelib.reference.layers import Codes, Kind, Place
from chalicelib.work import projects, tasks
from chalicelib.work.model import Task

api = API(__name__)


class TaskView(msgspec.Struct):
    """A task; ``rate`` is its own price per hour in ``currency``, null where it has none.

    ``rate_id`` names a task rate. Codes are those of its own; null leaves it to the mapping.
    """

    id: str
    project_id: str
    name: str
    rate: str | None
    rate_id: str | None
    currency: str
    account_code: str | None
    tax_type: str | None
    tracking: list[TrackingPair]
    billable: bool
    phase_id: str | None
    archived: bool
    updated_at: datetime


class NewTask(OwnCodesChange, forbid_unknown_fields=True, kw_only=True):
    """A task to be made; ``rate`` has at most 4 decimals. Codes of its own need `admin`."""

    project_id: str
    name: str
    rate: str | None = None
    rate_id: str | None = None
    billable: bool = True
    phase_id: str | None = None


class TaskChange(OwnCodesChange, forbid_unknown_fields=True, kw_only=True):
    """What of a task is to change; what is left out stays."""

    name: str | UnsetType = UNSET
    rate: str | UnsetType | None = UNSET
    rate_id: str | UnsetType | None = UNSET
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
    chosen = choices.load(call.tenant_id)
    views = [_view(task, chosen.of(Kind.TASK, task.task_id)) for task in found]
    return List(views, found.next)


@api.post("/tasks", scope=Scope.WRITE, body=NewTask, answer=TaskView, status=201)
def make_task(call: Call) -> TaskView:
    """Make a task."""
    new: NewTask = call.body
    codes = own_codes.judge(call.caller, new)
    made = tasks.create(
        call.tenant_id,
        new.project_id,
        new.name,
        rate=new.rate,
        rate_id=new.rate_id,
        billable=new.billable,
        phase_id=new.phase_id,
    )
    return _view(made, codes.keep(call.caller, Place(Kind.TASK, made.task_id)))


@api.get("/tasks/{task_id}", scope=Scope.READ, answer=TaskView)
def read_task(call: Call, task_id: str) -> TaskView:
    """One task."""
    task = tasks.get(call.tenant_id, task_id)
    return _view(task, choices.load(call.tenant_id).of(Kind.TASK, task_id))


@api.patch("/tasks/{task_id}", scope=Scope.WRITE, body=TaskChange, answer=TaskView)
def change_task(call: Call, task_id: str) -> TaskView:
    """Change a task; a new price holds for time that is not on an invoice yet."""
    place = Place(Kind.TASK, tasks.get(call.tenant_id, task_id).task_id)
    codes = own_codes.judge(call.caller, call.body, place)
    task = tasks.change(call.tenant_id, task_id, **own_codes.others(call.body))
    return _view(task, codes.keep(call.caller, place))


@api.delete("/tasks/{task_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_task(call: Call, task_id: str) -> None:
    """Remove a task that never had time on it; archive any other."""
    tasks.delete(call.tenant_id, task_id)


def _view(task: Task, codes: Codes) -> TaskView:
    return TaskView(
        id=task.task_id,
        project_id=task.project_id,
        name=task.name,
        rate=None if task.rate is None else f"{task.rate:f}",
        rate_id=task.rate_id,
        currency=task.currency,
        **own_codes.shown(codes),
        billable=task.billable,
        phase_id=task.phase_id,
        archived=task.archived,
        updated_at=task.updated_at,
    )
