"""Billing plans as the JSON API shows them."""

import datetime as dt
from decimal import Decimal

import msgspec

from chalicelib.api.rounding import RoundingView
from chalicelib.api.shapes import Amount, amount
from chalicelib.invoices.build import Grouping
from chalicelib.invoices.model import SendAs
from chalicelib.money import Money
from chalicelib.plans.model import Plan
from chalicelib.plans.schedule import BusinessDays, Every, Occurrence


class InstalmentView(msgspec.Struct):
    """A planned instalment; ``invoice_id`` once its draft is made."""

    date: dt.date
    description: str
    amount: Amount
    invoice_id: str | None
    skipped: bool


class RuleView(msgspec.Struct):
    """A day that comes round; ``day`` 31 is the last of the month, 0 the day of ``start``."""

    every: Every
    start: dt.date
    interval: int
    day: int
    end: dt.date | None
    count: int | None
    business_days: BusinessDays


class DayView(msgspec.Struct):
    """A day to come, and the period that it is about."""

    number: int
    date: dt.date
    period_start: dt.date
    period_end: dt.date
    skipped: bool


class PlanView(msgspec.Struct):
    """A billing plan; its days are those of ``time_zone``.

    ``coming`` are the next twelve days. ``problem`` says why the next one could not be made.
    """

    id: str
    version: int
    client_id: str
    client_name: str
    project_id: str | None
    currency: str
    time_zone: str
    reference: str
    send: bool
    send_as: SendAs | None
    instalments: list[InstalmentView]
    rule: RuleView | None
    description: str
    amount: Amount | None
    in_advance: bool
    grouping: Grouping
    rounding: RoundingView
    notes: bool | None
    paused: bool
    ended: bool
    problem: str
    coming: list[DayView]
    invoice_ids: list[str]


def view(plan: Plan) -> PlanView:
    """A billing plan as the API shows it."""
    made = set(plan.invoice_ids())
    return PlanView(
        id=plan.plan_id,
        version=plan.version,
        client_id=plan.client_id,
        client_name=plan.client_name,
        project_id=plan.project_id or None,
        currency=plan.currency,
        time_zone=plan.time_zone,
        reference=plan.reference,
        send=plan.send,
        send_as=plan.send_as,
        instalments=[
            InstalmentView(
                one.date,
                one.description,
                _amount(one.amount, plan),
                plan.invoice_id(place) if plan.invoice_id(place) in made else None,
                place in plan.skipped,
            )
            for place, one in enumerate(plan.instalments)
        ],
        rule=msgspec.convert(plan.rule, RuleView, from_attributes=True) if plan.rule else None,
        description=plan.description,
        amount=None if plan.amount is None else _amount(plan.amount, plan),
        in_advance=plan.in_advance,
        grouping=plan.grouping,
        rounding=RoundingView(plan.rounding.minutes, plan.rounding.per),
        notes=plan.notes,
        paused=plan.paused,
        ended=plan.ended,
        problem=plan.problem,
        coming=[_day(one, plan) for one in plan.coming()],
        invoice_ids=plan.invoice_ids(),
    )


def _day(one: Occurrence, plan: Plan) -> DayView:
    return DayView(
        one.number, one.date, one.period_start, one.period_end, one.number in plan.skipped
    )


def _amount(value: Decimal, plan: Plan) -> Amount:
    return amount(Money(value, plan.currency))
