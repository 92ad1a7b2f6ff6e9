"""Unbilled work that names a rate but has a price of its own, so that a change passes it by.

It is offered, never taken: somebody who gave a task its own price may have meant it. What is on
an invoice or a draft is frozen there and is no open work.
"""

from collections.abc import Collection

from chalicelib.audit import trail
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Caller
from chalicelib.work import tasks
from chalicelib.work.model import Task
from chalicelib.work.rates import store
from chalicelib.work.rates.price import currency_problem


def find(tenant_id: str, rate_id: str) -> list[Task]:
    """Live tasks that name this rate and have a price of their own, by name."""
    found = tasks.of_rate(tenant_id, rate_id)
    own = [task for task in found if task.rate is not None and not task.archived]
    return sorted(own, key=lambda task: (task.name.casefold(), task.task_id))


def follow(caller: Caller, rate_id: str, task_ids: Collection[str]) -> list[Task]:
    """Let tasks follow the rate again: they lose their own price; answers with those that do.

    Raises NotFound for a rate that is not there, and InvalidInput for a task that is not among
    the open work, or whose currency the rate states no price in; then none is changed.
    """
    rate = store.get(caller.tenant_id, rate_id)
    open_tasks = {task.task_id: task for task in find(caller.tenant_id, rate_id)}
    wanted = [open_tasks.get(task_id) for task_id in dict.fromkeys(task_ids)]
    chosen = [task for task in wanted if task is not None]
    if len(chosen) < len(wanted) or not chosen:
        raise InvalidInput(
            "Choose among the tasks that name this rate and have a price of their own.",
            field="task_ids",
        )
    for task in chosen:
        problem = currency_problem(rate, task.currency)
        if problem:
            raise InvalidInput(f"{task.name}: {problem}", field="task_ids")
    trail.record(caller, "rate applied", f"rate:{rate_id}", name=rate.name, tasks=len(chosen))
    return [tasks.change(caller.tenant_id, task.task_id, rate=None) for task in chosen]
