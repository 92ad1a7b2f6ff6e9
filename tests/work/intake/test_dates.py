from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import InvalidInput
from chalicelib.work.intake.dates import Order, day_of, order_of, readings

DAY, MONTH, YEAR = Order.DAY_FIRST, Order.MONTH_FIRST, Order.YEAR_FIRST
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
WRITTEN = {DAY: "{0.day:02d}{1}{0.month:02d}{1}{0.year}", MONTH: "{0.month}{1}{0.day}{1}{0.year}"}


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["2026-11-03", "2026-11-04"], DAY),  # the year is in front, so the order says nothing
        (["03/04/2026", "13/04/2026"], DAY),
        (["03/04/2026", "04/13/2026"], MONTH),
        (["1.2.2026", "31.1.2026"], DAY),
        (["03-04-2026", "03-25-2026"], MONTH),
        (["26-03-04", "99-03-04"], YEAR),
        (["5/5/2026"], DAY),  # the same day, whichever comes first
        (["3 Apr 2026", "Apr 4, 2026", "05-Apr-26"], DAY),
        (["not a day", "13/04/2026"], DAY),
        ([], DAY),
    ],
)
def test_one_day_that_can_be_read_one_way_only_settles_the_order(texts, order):
    assert order_of(texts) is order


@pytest.mark.parametrize(
    "texts",
    [
        ["03/04/2026"],
        ["03.04.2026", "05.05.2026"],
        ["01-02-2026", "2026-11-03"],
        ["01/02/26"],
        ["13/04/2026", "04/13/2026"],  # no order reads both
    ],
)
def test_days_that_can_be_read_several_ways_are_left_open(texts):
    unclear = order_of(texts)
    assert isinstance(unclear, list)
    assert unclear
    assert {text for text, _ in unclear} <= set(texts)


def test_what_is_left_open_comes_with_each_meaning():
    assert order_of(["03/04/2026"]) == [
        ("03/04/2026", {DAY: date(2026, 4, 3), MONTH: date(2026, 3, 4)})
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-03T09:00:00Z", date(2026, 11, 3)),
        ("2026-11-03 09:00", date(2026, 11, 3)),
        ("3/11/2026 9:05 PM", date(2026, 11, 3)),
        ("03-Nov-26", date(2026, 11, 3)),
        ("3 November 2026", date(2026, 11, 3)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_however_it_is_written(text, day):
    assert day_of(text, DAY) == day


@pytest.mark.parametrize(
    "text",
    ["", "2026", "31/02/2026", "29/02/2026", "2026-13-01", "3/4/5", "03/04-2026", "3 Foo 2026",
     "46329", "0/1/2026", "tomorrow"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text):
    assert not readings(text)
    with pytest.raises(InvalidInput):
        day_of(text, DAY)


@given(st.lists(DAYS, min_size=1), st.sampled_from([DAY, MONTH]), st.sampled_from("/.-"))
def test_no_day_is_ever_read_as_another_without_being_asked(days, order, sign):
    texts = [WRITTEN[order].format(day, sign) for day in days]
    found = order_of(texts)
    if isinstance(found, Order):
        assert [day_of(text, found) for text in texts] == days
    else:
        assert any(day.day <= 12 and day.day != day.month for day in days)


@given(DAYS)
def test_a_month_with_its_end_is_never_left_open(first):
    days = [first + timedelta(days=n) for n in range(31)]
    for order, written in WRITTEN.items():
        assert order_of(written.format(day, "/") for day in days) is order
