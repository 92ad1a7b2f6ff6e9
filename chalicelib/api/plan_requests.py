"""What the JSON API takes to make and change billing plans."""

import datetime as dt
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import query
from chalicelib.api.rounding import NewRounding, rounding_of
from chalicelib.errors import InvalidInput
from chalicelib.invoices.build import Grouping
from chalicelib.invoices.model import SendAs
from chalicelib.money import parse_decimal
from chalicelib.plans import make
from chalicelib.plans.model import Plan
from chalicelib.plans.schedule import BusinessDays, Every, Rule


class NewInstalment(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be billed on a day: an amount, or a percentage of the plan's ``total``."""

    date: dt.date
    description: str
    amount: str | None = None
    percent: str | None = None


class NewRule(msgspec.Struct, forbid_unknown_fields=True):
    """A day that comes round.

    ``day`` is that of the month, 31 its last; 0, and weeks, keep the day of ``start``. A month
    without that day gives its last. A weekend moves as ``business_days`` says.
    """

    every: Every
    start: dt.date
    interval: int = 1
    day: int = 0
    end: dt.date | None = None
    count: int | None = None
    business_days: BusinessDays = BusinessDays.NONE


class PlanRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A billing plan: ``instalments``, or a ``rule``.

    Each time round bills ``amount`` under ``description``; without an amount it bills the
    unbilled time of the period before, of the project or of all the client's, by ``grouping``,
    ``rounding`` and ``notes`` as an invoice of tracked time does. ``send`` sends each invoice as
    soon as it is made.
    """

    client_id: str = ""
    project_id: str = ""
    currency: str = ""
    instalments: list[NewInstalment] = []
    total: str | None = None
    rule: NewRule | None = None
    description: str = ""
    amount: str | None = None
    in_advance: bool = False
    grouping: Grouping = Grouping.TASK
    rounding: NewRounding = msgspec.field(default_factory=NewRounding)
    notes: bool | None = None
    reference: str = ""
    send: bool = False
    send_as: SendAs | None = None


class PlanChange(msgspec.Struct, forbid_unknown_fields=True):
    """Other terms for the days to come; what is left out stays.

    ``version`` is that of the plan you read: if it changed since, nothing is done.
    """

    version: int
    description: str | UnsetType = UNSET
    amount: str | UnsetType = UNSET
    in_advance: bool | UnsetType = UNSET
    grouping: Grouping | UnsetType = UNSET
    rounding: NewRounding | UnsetType = UNSET
    notes: bool | UnsetType | None = UNSET
    reference: str | UnsetType = UNSET
    send: bool | UnsetType = UNSET
    send_as: SendAs | UnsetType | None = UNSET
    end: dt.date | UnsetType | None = UNSET
    count: int | UnsetType | None = UNSET


class PlanDay(msgspec.Struct, forbid_unknown_fields=True):
    """One of the next twelve days of a plan, by its number."""

    number: int


def plan(asked: PlanRequest) -> Plan:
    """A request as the domain takes it; raises InvalidInput naming the field."""
    total = None if asked.total is None else parse_decimal(asked.total, field="total")
    return Plan(
        plan_id="",
        client_id=asked.client_id,
        client_name="",
        currency=asked.currency.upper(),
        time_zone="",
        instalments=make.instalments([_part(one) for one in asked.instalments], total),
        rule=_rule(asked.rule) if asked.rule else None,
        description=asked.description.strip(),
        amount=_amount(asked.amount, "amount"),
        in_advance=asked.in_advance,
        grouping=asked.grouping,
        rounding=rounding_of(asked.rounding),
        notes=asked.notes,
        project_id=asked.project_id,
        reference=asked.reference.strip(),
        send=asked.send,
        send_as=asked.send_as,
    )


def changes(asked: PlanChange) -> dict[str, Any]:
    """What of a plan is to change, as the domain takes it; raises InvalidInput."""
    found = query.changes(asked)
    del found["version"]
    if "amount" in found:
        found["amount"] = parse_decimal(found["amount"], field="amount")
    if "rounding" in found:
        found["rounding"] = rounding_of(found["rounding"])
    return found


def _part(one: NewInstalment) -> make.Part:
    return make.Part(
        one.date,
        one.description,
        _amount(one.amount, "amount"),
        _amount(one.percent, "percent"),
    )


def _rule(asked: NewRule) -> Rule:
    return Rule(**{name: getattr(asked, name) for name in asked.__struct_fields__})


def _amount(text: str | None, field: str) -> Any:
    if text is None:
        return None
    if not text.strip():
        raise InvalidInput(f"{field} is empty.", field=field)
    return parse_decimal(text, field=field)
