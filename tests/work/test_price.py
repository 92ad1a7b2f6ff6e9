"""Which price holds on a day, and what says so."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.work.model import Task
from chalicelib.work.rates.model import ALWAYS, Price, Rate, RateKind
from chalicelib.work.rates.price import PriceFrom, of_rate, of_time

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def rate(*prices, name="Design", currency="NZD", rate_id="r1"):
    return Rate(rate_id, RateKind.TASK, name, currency, NOW, prices)


def price(amount, since=ALWAYS, currency="NZD"):
    return Price(currency, since, Decimal(amount))


def task(own=None, currency="NZD"):
    return Task("t1", "p1", "Drawing", currency, NOW, rate=own and Decimal(own))


JULY = date(2026, 7, 1)
CARD = rate(price("100"), price("110", JULY), price("90", JULY, "AUD"))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2000, 1, 1), "100"),
        (JULY - timedelta(days=1), "100"),
        (JULY, "110"),
        (date(2099, 12, 31), "110"),
    ],
)
def test_a_price_holds_from_its_day_on(day, expected):
    assert CARD.on(day).amount == Decimal(expected)


days = st.dates(date(2020, 1, 1), date(2020, 3, 1))
cards = st.lists(
    st.builds(Price, st.sampled_from(["NZD", "AUD"]), days, st.integers(0, 500).map(Decimal)),
    max_size=8,
    unique_by=lambda one: (one.currency, one.since),
)


@given(cards, days, st.sampled_from(["NZD", "AUD"]))
def test_the_price_of_a_day_is_found_by_going_back_day_by_day(prices, day, currency):
    by_day = {one.since: one for one in prices if one.currency == currency}
    back = (day - timedelta(days=days) for days in range(100))
    expected = next((by_day[one] for one in back if one in by_day), None)
    assert rate(*prices).on(day, currency) == expected


class TestWhatSaysSo:
    STAFF = rate(price("80"), rate_id="s1")

    def test_the_tasks_own_price_goes_first(self):
        found = of_time(task("55"), CARD, self.STAFF, JULY)
        assert (found.amount, found.source) == (Decimal(55), PriceFrom.TASK)

    def test_the_card_stays_what_is_sold_though_the_task_has_a_price(self):
        assert of_time(task("55"), CARD, None, JULY).rate_id == "r1"
        assert of_time(task("55"), None, self.STAFF, JULY).rate_id == ""

    def test_then_the_rate_that_the_task_names(self):
        found = of_time(task(), CARD, self.STAFF, JULY)
        assert (found.amount, found.source) == (Decimal(110), PriceFrom.TASK_RATE)
        assert (found.rate_id, found.since) == ("r1", JULY)

    def test_then_the_rate_of_who_did_the_work(self):
        found = of_time(task(), None, self.STAFF, JULY)
        assert (found.amount, found.source) == (Decimal(80), PriceFrom.STAFF_RATE)

    def test_a_price_of_nothing_is_a_price(self):
        assert of_time(task("0"), CARD, None, JULY).source is PriceFrom.TASK

    def test_without_any_it_says_so(self):
        assert "no hourly rate" in of_time(task(), None, None, JULY).problem


class TestCurrencies:
    def test_a_stated_price_is_taken_as_it_is(self):
        found = of_rate(CARD, PriceFrom.TASK_RATE, "AUD", JULY)
        assert found.amount == Decimal(90)

    def test_none_is_ever_converted(self):
        found = of_rate(CARD, PriceFrom.TASK_RATE, "USD", JULY)
        assert found.amount is None
        assert "is in NZD and states no price in USD" in found.problem

    def test_one_that_begins_later_does_not_hold_yet(self):
        found = of_rate(CARD, PriceFrom.TASK_RATE, "AUD", JULY - timedelta(days=1))
        assert found.amount is None
        assert "no price in AUD for 2026-06-30" in found.problem

    def test_what_is_named_and_has_none_is_not_replaced_by_the_next(self):
        cheap = rate(price("10", currency="USD"), currency="USD", rate_id="s1")
        found = of_time(task(currency="USD"), CARD, cheap, JULY)
        assert found.amount is None
