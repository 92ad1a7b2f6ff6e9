"""Unbilled work that a change of its rate passes by, offered to be updated."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.work.materials.model import Material
from chalicelib.work.model import Task
from chalicelib.work.rates import open_work, store

api = API(__name__)


class OpenWork(msgspec.Struct):
    """A task or material that names the rate and has a price of its own.

    ``rate`` is that price, per hour or unit, in ``currency``; only materials have a ``date`` and
    a ``quantity``.
    """

    kind: Literal["task", "material"]
    id: str
    project_id: str
    name: str
    rate: str | None
    currency: str
    date: dt.date | None = None
    quantity: str | None = None


class Followers(msgspec.Struct, forbid_unknown_fields=True):
    """The tasks and materials that are to follow the rate again."""

    task_ids: list[str] = []
    material_ids: list[str] = []


@api.get("/rates/{rate_id}/open-work", scope=Scope.READ, answer=List[OpenWork])
def list_open_work(call: Call, rate_id: str) -> List[OpenWork]:
    """Tasks, or unbilled materials, that name this rate but have a price of their own."""
    store.get(call.tenant_id, rate_id)
    return _views(
        open_work.find(call.tenant_id, rate_id), open_work.find_unbilled(call.tenant_id, rate_id)
    )


@api.post("/rates/{rate_id}/open-work", scope=Scope.WRITE, body=Followers, answer=List[OpenWork])
def update_open_work(call: Call, rate_id: str) -> List[OpenWork]:
    """Let work follow the rate again; nothing that is invoiced or drafted changes."""
    asked: Followers = call.body
    return _views(*open_work.follow(call.caller, rate_id, asked.task_ids, asked.material_ids))


def _views(tasks: Sequence[Task], materials: Sequence[Material]) -> List[OpenWork]:
    return List([*map(_task, tasks), *map(_material, materials)])


def _task(task: Task) -> OpenWork:
    return OpenWork(
        kind="task",
        id=task.task_id,
        project_id=task.project_id,
        name=task.name,
        rate=_text(task.rate),
        currency=task.currency,
    )


def _material(one: Material) -> OpenWork:
    return OpenWork(
        kind="material",
        id=one.material_id,
        project_id=one.project_id,
        name=one.name,
        rate=_text(one.price),
        currency=one.currency,
        date=one.date,
        quantity=f"{one.quantity:f}",
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
