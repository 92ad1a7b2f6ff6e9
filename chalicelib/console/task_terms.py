"""What each task of a project is billed at, in the few words that a table has room for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.console.prices import plain
from chalicelib.console.today import today
from chalicelib.invoices.terms import Known
from chalicelib.reference.layers import Layer
from chalicelib.work.model import Client, Task
from chalicelib.work.rates.price import PriceFrom


@dataclass(frozen=True, slots=True)
class TaskTerms:
    """Empty where there is nothing; ``by_staff``: the price depends on who did the work."""

    price: str
    by_staff: bool
    account: str
    tax: str


def terms_of(tenant_id: str, client: Client, tasks: Iterable[Task]) -> dict[str, TaskTerms]:
    """The terms of today, by task."""
    known, day = Known(tenant_id, client), today(tenant_id)
    return {task.task_id: _terms(known, task, day) for task in tasks}


def _terms(known: Known, task: Task, day: date) -> TaskTerms:
    priced = known.prices.of(task, None, day)
    codes = known.codes(project_id=task.project_id, task_id=task.task_id, rate_id=priced.rate_id)
    rate = known.lists.tax_rates.get(codes.tax_type)
    untaxed = "No tax" if codes.tax_from is Layer.ORGANISATION else ""
    return TaskTerms(
        price="" if priced.amount is None else plain(priced.amount),
        by_staff=priced.source is PriceFrom.NONE and known.prices.by_staff,
        account=codes.account_code,
        tax=untaxed or (rate.name if rate else codes.tax_type),
    )
