"""The days of a plan that comes round, and the work each of them is about. Pure."""

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

DAY = dt.timedelta(days=1)
LAST_DAY = 31
"""As the day of a month: its last one, however long the month is."""

SATURDAY = 5


class Every(StrEnum):
    """How often a plan comes round."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


class BusinessDays(StrEnum):
    """Where a Saturday or Sunday moves to; public holidays are not known here."""

    NONE = "none"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Rule:
    """A day that comes round, from ``start`` until ``end`` or ``count`` times, or for ever.

    ``day`` is that of the month, 1 to 31; a month that has no such day gives its last, so that
    31 means the last day always. Zero is the day of ``start``. Weeks keep the weekday of
    ``start``. ``interval`` 2 means every second one.
    """

    every: Every
    start: dt.date
    interval: int = 1
    day: int = 0
    end: dt.date | None = None
    count: int | None = None
    business_days: BusinessDays = BusinessDays.NONE


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day of a plan, numbered from 0; ``date`` is where the business day rule put it.

    The period is the work it is about: from the time before up to the day before this one, by
    the days of the rule and not by where weekends moved them. So no day is in two periods and
    none is left out. ``following`` is the rule's next day, even after the plan's last.
    """

    number: int
    date: dt.date
    period_start: dt.date
    period_end: dt.date
    following: dt.date


def occurrence(rule: Rule, number: int) -> Occurrence | None:
    """The occurrence of that number; None after the last."""
    day = _day(rule, number)
    over = rule.count is not None and number >= rule.count
    if over or (rule.end is not None and day > rule.end):
        return None
    return Occurrence(
        number,
        date=on_business_day(day, rule.business_days),
        period_start=_day(rule, number - 1),
        period_end=day - DAY,
        following=_day(rule, number + 1),
    )


def on_business_day(day: dt.date, rule: BusinessDays) -> dt.date:
    """The day itself, or the Monday after or Friday before its weekend."""
    past_friday = day.weekday() - SATURDAY + 1
    if rule is BusinessDays.NONE or past_friday <= 0:
        return day
    if rule is BusinessDays.PREVIOUS:
        return day - past_friday * DAY
    return day + (3 - past_friday) * DAY


def _day(rule: Rule, number: int) -> dt.date:
    """The day of the rule before weekends are looked at; -1 is the one before the first."""
    if rule.every is Every.WEEK:
        return rule.start + dt.timedelta(weeks=rule.interval * number)
    wanted = rule.day or rule.start.day
    # The first is the first such day at or after the start.
    late = _in_month(rule.start.year, rule.start.month, wanted) < rule.start
    months = rule.start.month - 1 + late + MONTHS[rule.every] * rule.interval * number
    years, month = divmod(months, 12)
    return _in_month(rule.start.year + years, month + 1, wanted)


def _in_month(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))
