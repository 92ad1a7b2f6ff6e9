"""Tasks: kinds of work in a project, each with a price of its own or the rate that it names."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib import wiring
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.money import FOUR_PLACES, parse_decimal
from chalicelib.storage.pages import Page
from chalicelib.work import keys, phases, projects, queries
from chalicelib.work.ids import new_id
from chalicelib.work.model import Task
from chalicelib.work.names import clean_name
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.use import use as use_rate
from chalicelib.work.store import TaskRow

NO_TASK = "There is no such task."
KEPT = (
    "name", "rate", "rate_id", "billable", "archived", "updated_at", "phase_id",
    "listing_key", "listing_order", "name_key",
)  # fmt: skip


def create(
    tenant_id: str,
    project_id: str,
    name: str,
    *,
    rate: Decimal | str | None = None,
    rate_id: str | None = None,
    billable: bool = True,
    phase_id: str | None = None,
    task_id: str | None = None,
) -> Task:
    """A new task in the project's currency; with a ``task_id`` that exists, the one there.

    ``rate`` is its own price per hour. Raises NotFound for a project that is not there, and
    InvalidInput for a ``rate_id`` that is no task rate, or has no price in that currency.
    """
    project = projects.use(tenant_id, project_id)
    if rate_id:
        use_rate(tenant_id, rate_id, RateKind.TASK, currency=project.currency)
    task = Task(
        task_id=task_id or new_id(),
        project_id=project_id,
        name=clean_name(name),
        currency=project.currency,
        rate=clean_rate(rate),
        rate_id=rate_id or None,
        billable=billable,
        phase_id=phases.use(tenant_id, project_id, phase_id),
        updated_at=wiring.current().clock.now(),
    )
    if not queries.add(TaskRow.of(tenant_id, task)):
        return get(tenant_id, task.task_id)
    return task


def get(tenant_id: str, task_id: str) -> Task:
    """The task as last stored; raises NotFound."""
    row = queries.get(TaskRow, tenant_id, f"task#{task_id}", NO_TASK)
    found: Task = row.task()
    return found


def listing(
    tenant_id: str,
    project_id: str,
    *,
    archived: bool = False,
    limit: int = 100,
    cursor: str | None = None,
) -> Page[Task]:
    """Live or archived tasks of a project, by name."""
    key = keys.task_listing(tenant_id, project_id, archived=archived)
    rows = queries.page(TaskRow.listing, tenant_id, key, limit=limit, cursor=cursor)
    return Page([row.task() for row in rows], rows.next)


def of_project(tenant_id: str, project_id: str) -> dict[str, Task]:
    """Every task of a project by id, live or archived."""
    found = [
        row.task()
        for archived in (False, True)
        for row in TaskRow.listing.query(
            keys.task_listing(tenant_id, project_id, archived=archived)
        )
    ]
    return {task.task_id: task for task in found}


def of_rate(tenant_id: str, rate_id: str) -> list[Task]:
    """Every task that names this rate, of all projects; reads all of the tenant's tasks."""
    rows = TaskRow.query(
        tenant_id,
        TaskRow.sk.startswith("task#"),
        TaskRow.rate_id == rate_id,
        consistent_read=True,
    )
    return [row.task() for row in rows]


def change(tenant_id: str, task_id: str, **changes: Any) -> Task:
    """Change name, rate, rate_id, billable or archived.

    A new price holds for all time that is not on an invoice yet, and for no other. Raises
    InvalidInput naming the field, and Conflict when somebody else changed the task at the same
    moment.
    """
    before = get(tenant_id, task_id)
    checked: dict[str, Any] = {name: CHECKS[name](value) for name, value in changes.items()}
    after = replace(before, **checked)
    if after == before:
        return before
    if after.phase_id != before.phase_id:
        phases.use(tenant_id, before.project_id, after.phase_id)
    if after.rate_id and after.rate_id != before.rate_id:
        use_rate(tenant_id, after.rate_id, RateKind.TASK, currency=before.currency)
    after = replace(after, updated_at=wiring.current().clock.now())
    row = TaskRow.of(tenant_id, after)
    unchanged = TaskRow.updated_at == before.updated_at
    if not queries.update(row, queries.replacement(row, KEPT), unchanged):
        raise Conflict("Somebody else has just changed this task. Look again.")
    return after


def use(tenant_id: str, task_id: str) -> Task:
    """The task, marked as having time on it; raises NotFound."""
    task = get(tenant_id, task_id)
    if not task.in_use:
        row = TaskRow(tenant_id, f"task#{task_id}")
        queries.update(row, [TaskRow.in_use.set(True)], TaskRow.pk.exists())
        return get(tenant_id, task_id)
    return task


def delete(tenant_id: str, task_id: str) -> None:
    """Remove a task that never had time on it; raises Conflict for any other."""
    get(tenant_id, task_id)
    free = TaskRow.in_use == False  # noqa: E712  an expression of DynamoDB's
    if not queries.remove(TaskRow(tenant_id, f"task#{task_id}"), free):
        raise Conflict("This task has time on it. Archive it instead.")


def find(tenant_id: str, project_id: str, name: str) -> Task | None:
    """The project's task of this name, a live one before an archived one."""
    found = [
        row.task()
        for archived in (False, True)
        for row in queries.of_name(
            TaskRow.listing, keys.task_listing(tenant_id, project_id, archived=archived), name
        )
    ]
    return min(found, key=lambda t: (t.archived, t.name != name, t.task_id), default=None)


def clean_rate(rate: Decimal | str | None) -> Decimal | None:
    """A rate per hour at 4 decimals, None for none; raises InvalidInput for what cannot be one.

    More than 4 decimals are refused, not rounded: a rate is what was agreed.
    """
    if rate is None or rate == "":
        return None
    value = parse_decimal(rate, field="rate") if isinstance(rate, str) else rate
    if value < 0:
        raise InvalidInput("A rate is not negative.", field="rate")
    if value != value.quantize(FOUR_PLACES):
        raise InvalidInput("A rate has at most 4 decimals.", field="rate")
    return value.quantize(FOUR_PLACES)


def _or_none(text: str | None) -> str | None:
    return text or None


CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": clean_name,
    "rate": clean_rate,
    "rate_id": _or_none,
    "billable": bool,
    "archived": bool,
    "phase_id": _or_none,
}
