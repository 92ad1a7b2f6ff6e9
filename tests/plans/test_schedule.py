"""The days of a plan against those of dateutil, which shares no code with ours."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, rrule
from dateutil.tz import gettz
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.plans.model import begins
from chalicelib.plans.schedule import (
    LAST_DAY,
    MONTHS,
    BusinessDays,
    Every,
    Rule,
    occurrence,
    on_business_day,
)

FIRST, MANY = date(2020, 1, 1), 40
days = st.dates(FIRST, date(2060, 12, 31))
months = st.sampled_from([Every.MONTH, Every.QUARTER, Every.YEAR])


def dates(rule, most=MANY):
    found = [occurrence(rule, number) for number in range(most)]
    return [one.date for one in found if one]


def by_dateutil(rule, most=MANY):
    """Weeks by rrule; months by relativedelta, which cuts a day to the month's length."""
    if rule.every is Every.WEEK:
        found = rrule(WEEKLY, dtstart=at_noon(rule.start), interval=rule.interval, count=most)
        return [moment.date() for moment in found]
    wanted = rule.day or rule.start.day
    first = rule.start.replace(day=1)
    if first + relativedelta(day=wanted) < rule.start:
        first += relativedelta(months=1)
    step = MONTHS[rule.every] * rule.interval
    return [first + relativedelta(months=step * n, day=wanted) for n in range(most)]


def at_noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC).replace(tzinfo=None)


@given(
    every=st.sampled_from(Every),
    start=days,
    interval=st.integers(1, 13),
    day=st.integers(0, 31),
)
def test_days_are_those_of_dateutil(every, start, interval, day):
    rule = Rule(every, start, interval, day)

    assert dates(rule) == by_dateutil(rule)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026, 2028, 2100])
def test_last_day_of_each_month_is_that_of_dateutil(year):
    rule = Rule(Every.MONTH, date(year, 1, 1), day=LAST_DAY)
    found = rrule(MONTHLY, dtstart=at_noon(date(year, 1, 1)), bymonthday=-1, count=12)

    assert dates(rule, 12) == [moment.date() for moment in found]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (29, [date(2027, 1, 29), date(2027, 2, 28), date(2027, 3, 29)]),
        (30, [date(2027, 1, 30), date(2027, 2, 28), date(2027, 3, 30)]),
        (LAST_DAY, [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]),
    ],
)
def test_month_without_the_day_gives_its_last(day, expected):
    assert dates(Rule(Every.MONTH, date(2027, 1, 1), day=day), 3) == expected


def test_leap_day_comes_round_on_the_28th_in_common_years():
    rule = Rule(Every.YEAR, date(2024, 2, 29))

    assert dates(rule, 5) == [
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


@given(every=st.sampled_from(Every), start=days, day=st.integers(0, 31))
def test_no_day_is_in_two_periods_and_none_is_left_out(every, start, day):
    rule = Rule(every, start, day=day, business_days=BusinessDays.NEXT)
    found = [occurrence(rule, number) for number in range(MANY)]

    for before, after in pairwise(found):
        assert after.period_start == before.period_end + timedelta(days=1)
        assert after.period_start <= after.period_end
        assert before.following == after.period_end + timedelta(days=1)


@given(day=days)
def test_weekend_moves_to_the_nearest_working_day_in_its_direction(day):
    after = on_business_day(day, BusinessDays.NEXT)
    before = on_business_day(day, BusinessDays.PREVIOUS)

    working = [one for one in (day + timedelta(days=n) for n in range(3)) if one.weekday() < 5]
    earlier = [one for one in (day - timedelta(days=n) for n in range(3)) if one.weekday() < 5]
    assert (after, before) == (working[0], earlier[0])
    assert on_business_day(day, BusinessDays.NONE) == day


@given(every=months, start=days, count=st.integers(1, 30))
def test_count_and_end_close_the_plan(every, start, count):
    whole = dates(Rule(every, start))

    assert dates(Rule(every, start, count=count)) == whole[:count]
    assert dates(Rule(every, start, end=whole[3])) == whole[:4]
    assert dates(Rule(every, start, end=whole[3] - timedelta(days=1))) == whole[:3]


ZONES = (
    "Pacific/Pago_Pago",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Sao_Paulo",
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
"""From eleven hours behind UTC to fourteen ahead, with half and quarter hours."""


# From 2037 on dateutil lacks summer times: it reads the older half of a zone's file only.
@given(day=st.dates(FIRST, date(2036, 12, 31)), name=st.sampled_from(ZONES))
def test_day_begins_at_its_first_moment_in_the_zone(day, name):
    moment = begins(day, name)

    # By dateutil's zone: it is that day now, and was another a moment before.
    there = gettz(name)
    assert moment.astimezone(there).date() == day
    assert (moment - timedelta(microseconds=1)).astimezone(there).date() < day


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        (date(2026, 4, 5), "Pacific/Auckland", datetime(2026, 4, 4, 11, tzinfo=UTC)),
        (date(2026, 4, 6), "Pacific/Auckland", datetime(2026, 4, 5, 12, tzinfo=UTC)),
        (date(2026, 9, 27), "Pacific/Auckland", datetime(2026, 9, 26, 12, tzinfo=UTC)),
        (date(2026, 3, 29), "Europe/London", datetime(2026, 3, 29, 0, tzinfo=UTC)),
        (date(2026, 3, 30), "Europe/London", datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 11, 1), "Pacific/Kiritimati", datetime(2026, 10, 31, 10, tzinfo=UTC)),
        (date(2026, 11, 1), "Pacific/Pago_Pago", datetime(2026, 11, 1, 11, tzinfo=UTC)),
    ],
)
def test_day_begins_as_the_clocks_there_say(day, zone, moment):
    assert begins(day, zone) == moment
    assert ZoneInfo(zone)
