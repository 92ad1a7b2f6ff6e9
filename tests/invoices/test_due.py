"""When invoices fall due, by Xero's four ways to count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.invoices.due import due_date
from chalicelib.work.details import Terms


@pytest.mark.parametrize(
    ("kind", "number", "day", "due"),
    [
        ("DAYSAFTERBILLDATE", 14, date(2026, 11, 23), date(2026, 12, 7)),
        ("DAYSAFTERBILLDATE", 0, date(2026, 11, 23), date(2026, 11, 23)),
        ("DAYSAFTERBILLMONTH", 10, date(2026, 11, 23), date(2026, 12, 10)),
        ("DAYSAFTERBILLMONTH", 0, date(2028, 2, 3), date(2028, 2, 29)),
        ("OFCURRENTMONTH", 28, date(2026, 11, 23), date(2026, 11, 28)),
        ("OFCURRENTMONTH", 31, date(2026, 11, 23), date(2026, 11, 30)),
        ("OFCURRENTMONTH", 20, date(2026, 11, 23), date(2026, 12, 20)),
        ("OFFOLLOWINGMONTH", 20, date(2026, 12, 31), date(2027, 1, 20)),
        ("OFFOLLOWINGMONTH", 31, date(2027, 1, 15), date(2027, 2, 28)),
        ("SOMETHINGNEW", 5, date(2026, 11, 23), date(2026, 12, 13)),
    ],
)
def test_terms_are_counted_as_xero_does(kind, number, day, due):
    assert due_date(day, Terms(number, kind), 20) == due


def test_without_terms_the_tenants_days_count():
    assert due_date(date(2026, 11, 23), None, 20) == date(2026, 12, 13)
    assert due_date(date(2026, 11, 23), Terms(None, "OFCURRENTMONTH"), 7) == date(2026, 11, 30)


@given(
    day=st.dates(date(2000, 1, 1), date(2098, 12, 31)),
    kind=st.sampled_from(
        ["DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH"]
    ),
    number=st.integers(0, 31),
)
def test_nothing_falls_due_before_it_is_billed(day, kind, number):
    due = due_date(day, Terms(number, kind), 20)

    assert day <= due <= day + timedelta(days=63)
