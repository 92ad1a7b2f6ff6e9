"""Unbilled work that a change of its rate passes by, offered to be updated."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.work.model import Task
from chalicelib.work.rates import open_work, store

api = API(__name__)


class OpenTask(msgspec.Struct):
    """A task that names the rate and has a price of its own, per hour in ``currency``."""

    id: str
    project_id: str
    name: str
    rate: str | None
    currency: str


class Followers(msgspec.Struct, forbid_unknown_fields=True):
    """The tasks that are to follow the rate again."""

    task_ids: list[str]


@api.get("/rates/{rate_id}/open-work", scope=Scope.READ, answer=List[OpenTask])
def list_open_work(call: Call, rate_id: str) -> List[OpenTask]:
    """Tasks that name this rate but have a price of their own."""
    store.get(call.tenant_id, rate_id)
    return List([_view(task) for task in open_work.find(call.tenant_id, rate_id)])


@api.post("/rates/{rate_id}/open-work", scope=Scope.WRITE, body=Followers, answer=List[OpenTask])
def update_open_work(call: Call, rate_id: str) -> List[OpenTask]:
    """Let tasks follow the rate again; nothing that is invoiced or drafted changes."""
    followers: Followers = call.body
    followed = open_work.follow(call.caller, rate_id, followers.task_ids)
    return List([_view(task) for task in followed])


def _view(task: Task) -> OpenTask:
    return OpenTask(
        id=task.task_id,
        project_id=task.project_id,
        name=task.name,
        rate=None if task.rate is None else f"{task.rate:f}",
        currency=task.currency,
    )
