"""Which price a piece of work gets, and what says so.

A task's own price goes first, then the task rate that the task names, then the staff rate of who
did the work. What is named but states no price for the day and currency is a problem: no other
price takes its place, and no price is ever converted.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chalicelib.work.model import Task
from chalicelib.work.rates.model import Rate

RULE = (
    "A task's own price goes first, then the rate that the task names, then the rate of who did "
    "the work."
)


class PriceFrom(StrEnum):
    """What gave a price."""

    TASK = "task"
    TASK_RATE = "task_rate"
    STAFF_RATE = "staff_rate"
    MATERIAL = "material"
    MATERIAL_RATE = "material_rate"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Priced:
    """A price and what gave it; ``problem`` says why there is none.

    ``rate_id`` is the rate card that is sold, also where the task's own price goes before that
    of the card; ``since`` is the day from which the card's price holds.
    """

    amount: Decimal | None
    source: PriceFrom
    rate_id: str = ""
    since: date | None = None
    problem: str = ""


def of_time(task: Task, task_rate: Rate | None, staff_rate: Rate | None, day: date) -> Priced:
    """The price of an hour of a task on a day, in the task's currency."""
    if task.rate is not None:
        named = task_rate.rate_id if task_rate else ""
        return Priced(task.rate, PriceFrom.TASK, named)
    if task_rate is not None:
        return of_rate(task_rate, PriceFrom.TASK_RATE, task.currency, day)
    if staff_rate is not None:
        return of_rate(staff_rate, PriceFrom.STAFF_RATE, task.currency, day)
    return Priced(
        None,
        PriceFrom.NONE,
        problem=f"The task “{task.name}” has no hourly rate. Set it, then make the invoice.",
    )


def of_rate(rate: Rate, source: PriceFrom, currency: str, day: date) -> Priced:
    """The price that a rate card states for a currency on a day."""
    price = rate.on(day, currency)
    if price is not None:
        return Priced(price.amount, source, rate.rate_id, price.since)
    return Priced(None, source, rate.rate_id, problem=_missing(rate, currency, day))


def currency_problem(rate: Rate, currency: str) -> str:
    """Why work in this currency cannot be billed by this rate; empty when it can."""
    if currency == rate.currency or currency in rate.currencies:
        return ""
    return (
        f"The rate “{rate.name}” is in {rate.currency} and states no price in {currency}. "
        f"Add a price in {currency} to it, or choose another."
    )


def _missing(rate: Rate, currency: str, day: date) -> str:
    return currency_problem(rate, currency) or (
        f"The rate “{rate.name}” has no price in {currency} for {day.isoformat()}. Add one that "
        "begins by then."
    )
