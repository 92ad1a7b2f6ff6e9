"""What a line would get: its price, account, tax rate and tracking, and what says each of them.

The very rules that make an invoice answer here, so that what is shown is what is billed.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from chalicelib.errors import InvalidInput, NotFound
from chalicelib.invoices.terms import Known
from chalicelib.reference.layers import LineCodes
from chalicelib.work import clients, projects, tasks
from chalicelib.work.currencies import base_currency
from chalicelib.work.model import Client, Project, Task
from chalicelib.work.rates import store as rates
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.price import Priced, PriceFrom, of_rate
from chalicelib.work.staff import store as staff

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """A line to be: the ids that are known of it. ``rate_id`` is that of a material.

    A task brings its project, and a project its client.
    """

    date: dt.date
    client_id: str = ""
    project_id: str = ""
    task_id: str = ""
    rate_id: str = ""
    staff_id: str = ""


@dataclass(frozen=True, slots=True)
class WouldGet:
    """The answer; ``priced`` None: nothing was asked that has a price."""

    client: Client
    project: Project | None
    task: Task | None
    currency: str
    codes: LineCodes
    tax_percent: Decimal
    priced: Priced | None


def would_get(tenant_id: str, question: Question) -> WouldGet:
    """What the line would get now; raises InvalidInput for what is not there or does not fit."""
    who = _there(staff.get, tenant_id, question.staff_id, "staff_id")
    card = _there(rates.get, tenant_id, question.rate_id, "rate_id")
    task = _there(tasks.get, tenant_id, question.task_id, "task_id")
    project_id = _same(task.project_id if task else "", question.project_id, "project_id")
    project = _there(projects.get, tenant_id, project_id, "project_id")
    client_id = _same(project.client_id if project else "", question.client_id, "client_id")
    client = _there(clients.get, tenant_id, client_id, "client_id")
    if client is None:
        raise InvalidInput("Say which client, project or task.", field="client_id")
    known = Known(tenant_id, client)
    currency = project.currency if project else client.currency or base_currency(tenant_id) or ""
    if task is not None:
        priced: Priced | None = known.prices.of(task, who, question.date)
    else:
        if card is None and who is not None and who.rate_id:
            card = known.prices.rates.get(who.rate_id)
        priced = of_rate(card, SOURCES[card.kind], currency, question.date) if card else None
    codes = known.codes(
        project_id=project_id,
        task_id=question.task_id,
        rate_id=priced.rate_id if priced else "",
    )
    percent = known.percent_of(codes.tax_type)
    return WouldGet(client, project, task, currency, codes, percent, priced)


def _there(get: Callable[[str, str], T], tenant_id: str, thing_id: str, field: str) -> T | None:
    if not thing_id:
        return None
    try:
        return get(tenant_id, thing_id)
    except NotFound as error:
        raise InvalidInput(error.sentence, field=field) from None


def _same(brought: str, asked: str, field: str) -> str:
    if brought and asked and brought != asked:
        raise InvalidInput("These do not belong together.", field=field)
    return brought or asked


SOURCES = {
    RateKind.STAFF: PriceFrom.STAFF_RATE,
    RateKind.TASK: PriceFrom.TASK_RATE,
    RateKind.MATERIAL: PriceFrom.MATERIAL_RATE,
}
