"""Unbilled work that names a rate but has a price of its own, so that a change passes it by.

It is offered, never taken: somebody who gave a task or a material its own price may have meant
it. What is on an invoice or a draft is frozen there and is no open work.
"""

from collections.abc import Collection, Iterable
from typing import TypeVar

from chalicelib.audit import trail
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Caller
from chalicelib.work import tasks
from chalicelib.work.materials import change as materials
from chalicelib.work.materials import find as find_materials
from chalicelib.work.materials.model import Material
from chalicelib.work.model import Task
from chalicelib.work.rates import store
from chalicelib.work.rates.model import Rate
from chalicelib.work.rates.price import currency_problem

Open = TypeVar("Open", Task, Material)


def find(tenant_id: str, rate_id: str) -> list[Task]:
    """Live tasks that name this rate and have a price of their own, by name."""
    found = tasks.of_rate(tenant_id, rate_id)
    own = [task for task in found if task.rate is not None and not task.archived]
    return sorted(own, key=lambda task: (task.name.casefold(), task.task_id))


def find_unbilled(tenant_id: str, rate_id: str) -> list[Material]:
    """Materials on no invoice that name this rate and have a price of their own, by day."""
    found = find_materials.of_rate(tenant_id, rate_id)
    own = [one for one in found if one.price is not None and one.invoice_id is None]
    return sorted(own, key=lambda one: (one.date, one.name.casefold(), one.material_id))


def follow(
    caller: Caller,
    rate_id: str,
    task_ids: Collection[str],
    material_ids: Collection[str] = (),
) -> tuple[list[Task], list[Material]]:
    """Let work follow the rate again: it loses its own price; answers with what does.

    Raises NotFound for a rate that is not there, InvalidInput for work that is not among the
    open work, or whose currency the rate states no price in; then none is changed. Raises
    Conflict for a material that was changed or billed at the same moment; those before it follow.
    """
    rate = store.get(caller.tenant_id, rate_id)
    of_tasks = find(caller.tenant_id, rate_id) if task_ids else []
    of_materials = find_unbilled(caller.tenant_id, rate_id) if material_ids else []
    chosen = _chosen({one.task_id: one for one in of_tasks}, task_ids, "task_ids")
    used = _chosen({one.material_id: one for one in of_materials}, material_ids, "material_ids")
    if not chosen and not used:
        raise _not_open("task_ids")
    _check(rate, chosen, "task_ids")
    _check(rate, used, "material_ids")
    trail.record(
        caller,
        "rate applied",
        f"rate:{rate_id}",
        name=rate.name,
        tasks=len(chosen),
        materials=len(used),
    )
    return (
        [tasks.change(caller.tenant_id, one.task_id, rate=None) for one in chosen],
        [materials.change(caller.tenant_id, one.material_id, price=None) for one in used],
    )


def _chosen(there: dict[str, Open], ids: Collection[str], field: str) -> list[Open]:
    wanted = [there.get(one) for one in dict.fromkeys(ids)]
    chosen = [one for one in wanted if one is not None]
    if len(chosen) < len(wanted):
        raise _not_open(field)
    return chosen


def _not_open(field: str) -> InvalidInput:
    return InvalidInput(
        "Choose among the work that names this rate and has a price of its own.", field=field
    )


def _check(rate: Rate, chosen: Iterable[Task] | Iterable[Material], field: str) -> None:
    for one in chosen:
        problem = currency_problem(rate, one.currency)
        if problem:
            raise InvalidInput(f"{one.name}: {problem}", field=field)
