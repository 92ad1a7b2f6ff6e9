"""Making a plan: what it may say, and what its instalments come to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import InvalidInput
from chalicelib.invoices import scope as scopes
from chalicelib.invoices.build import check_rounding
from chalicelib.money import round_half_up
from chalicelib.people import tenants
from chalicelib.people.caller import Caller, Scope
from chalicelib.plans import store
from chalicelib.plans.model import Instalment, Plan
from chalicelib.plans.schedule import LAST_DAY, Rule

MOST_INSTALMENTS = 120
MOST_TIMES = 1200
MOST_APART = 60
LONGEST = 1000
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment as it is asked for: an amount, or a percentage of the plan's total."""

    date: date
    description: str
    amount: Decimal | None = None
    percent: Decimal | None = None


def make(caller: Caller, wanted: Plan) -> Plan:
    """Store a plan; its drafts come by themselves when their days begin.

    Raises NotFound and InvalidInput naming the field at fault.
    """
    plan = checked(caller, wanted)
    store.add(caller.tenant_id, plan)
    trail.record(caller, "plan.made", f"plan:{plan.plan_id}", client=plan.client_id)
    return plan


def checked(caller: Caller, wanted: Plan) -> Plan:
    """The plan as it would be stored, with its id; raises as ``make`` does."""
    if wanted.send:
        caller.must_have(Scope.SEND)
    scope = scopes.of_plan(caller.tenant_id, wanted.client_id, wanted.project_id, wanted.currency)
    if scope.client.archived:
        raise InvalidInput(f"{scope.client.name} is archived.", field="client_id")
    if not scope.currency:
        raise InvalidInput("Say in which currency to bill.", field="currency")
    _check_what(wanted)
    return replace(
        wanted,
        plan_id=str(ULID.from_datetime(wiring.current().clock.now())).lower(),
        client_id=scope.client.client_id,
        client_name=scope.client.name,
        currency=scope.currency,
        time_zone=tenants.get(caller.tenant_id).time_zone,
        instalments=tuple(sorted(wanted.instalments, key=lambda one: one.date)),
        amount=None if wanted.amount is None else round_half_up(wanted.amount),
        created_by=caller.actor,
    )


def instalments(parts: Sequence[Part], total: Decimal | None) -> tuple[Instalment, ...]:
    """The parts in amounts; what percentages of ``total`` come to together is exact.

    Raises InvalidInput naming the field.
    """
    for part in parts:
        if (part.amount is None) == (part.percent is None):
            raise InvalidInput(
                "An instalment has an amount or a percentage.", field="instalments"
            )
    percents = [part.percent for part in parts if part.percent is not None]
    if percents and (total is None or total <= 0):
        raise InvalidInput("Percentages need a total that they are of.", field="total")
    whole = sum(percents, Decimal(0))
    if any(percent <= 0 for percent in percents) or whole > HUNDRED:
        raise InvalidInput(
            "Percentages are more than 0 and together at most 100.", field="instalments"
        )
    shares = iter(_shares(total or Decimal(0), percents))
    return tuple(
        Instalment(
            part.date,
            part.description.strip(),
            next(shares) if part.amount is None else round_half_up(part.amount),
        )
        for part in parts
    )


def _shares(total: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """Each rounded by itself; the last takes what is over or short."""
    found = [round_half_up(total * percent / HUNDRED) for percent in percents]
    if found:
        found[-1] += round_half_up(total * sum(percents) / HUNDRED) - sum(found)
    return found


def _check_what(wanted: Plan) -> None:
    if (wanted.rule is None) == (not wanted.instalments):
        raise InvalidInput(
            "A plan has instalments, or a day that comes round.", field="instalments"
        )
    if wanted.rule is not None:
        _check_rule(wanted.rule)
        check_terms(wanted)
    elif len(wanted.instalments) > MOST_INSTALMENTS:
        raise InvalidInput(f"A plan has 1 to {MOST_INSTALMENTS} dates.", field="instalments")
    for one in wanted.instalments:
        if not one.description.strip() or len(one.description) > LONGEST:
            raise InvalidInput("Each instalment needs a description.", field="instalments")
        if one.amount <= 0:
            raise InvalidInput("An instalment is more than nothing.", field="instalments")


def check_terms(plan: Plan) -> None:
    """Refuse what each time round cannot bill; raises InvalidInput naming the field."""
    check_rounding(plan.rounding)
    if plan.rule is None or plan.amount is None:
        return
    if plan.amount <= 0:
        raise InvalidInput("The amount is more than nothing.", field="amount")
    if not plan.description.strip() or len(plan.description) > LONGEST:
        raise InvalidInput("Say what the amount is for.", field="description")


def _check_rule(rule: Rule) -> None:
    if not 1 <= rule.interval <= MOST_APART:
        raise InvalidInput(f"Every 1 to {MOST_APART}.", field="interval")
    if not 0 <= rule.day <= LAST_DAY:
        raise InvalidInput("The day of the month is 1 to 31.", field="day")
    if rule.count is not None and not 1 <= rule.count <= MOST_TIMES:
        raise InvalidInput(f"A plan comes round 1 to {MOST_TIMES} times.", field="count")
    if rule.end is not None and rule.end < rule.start:
        raise InvalidInput("The last day is before the first.", field="end")
