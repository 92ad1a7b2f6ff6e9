import pytest

from chalicelib.xero.errors import (
    GrantEnded,
    XeroNotFound,
    XeroOutcomeUnknown,
    XeroRateLimited,
    XeroTokenExpired,
    XeroUnavailable,
    XeroUnreadable,
)
from chalicelib.xero.retry import Patience, pause, pause_before_repeat, worth_repeating
from tests.xero.answers import reply

BOOKS = "https://api.xero.test/api.xro/2.0"
SHORT = Patience(repeats=2, chance=lambda: 0.0)


def limited(problem: str, retry_after: int | None) -> XeroRateLimited:
    return XeroRateLimited(retry_after=retry_after, problem=problem)


@pytest.mark.parametrize(
    ("error", "worth"),
    [
        (XeroUnavailable(), True),
        (limited("concurrent", None), True),
        (limited("minute", 23), False),
        (limited("day", 67000), False),
        (limited("concurrent", 5), False),
        (XeroOutcomeUnknown(), False),
        (XeroTokenExpired(), False),
        (XeroNotFound(), False),
        (XeroUnreadable(), False),
        (GrantEnded(), False),
    ],
)
def test_only_what_passes_by_itself_is_repeated(error, worth):
    assert worth_repeating(error) is worth


def test_a_read_is_repeated_so_often_and_no_more():
    error = XeroUnavailable()

    pauses = [pause_before_repeat(error, made, SHORT) for made in range(3)]

    assert pauses == [0.4, 0.8, None]


@pytest.mark.parametrize("chance", [0.0, 0.3, 0.999])
def test_chance_lengthens_a_pause_by_half_at_most(chance):
    assert 0.4 <= pause(0, chance) < 0.6


def test_a_read_recovers_from_a_passing_fault(kit, xero):
    xero.get(f"{BOOKS}/Currencies", **reply(503))
    xero.get(f"{BOOKS}/Currencies", json={"Currencies": [{"Code": "NZD"}]})

    assert kit.accounting.currencies()[0].code == "NZD"
    assert kit.pauses == [0.5]
    assert [record.status for record in kit.records] == [503, 200]


def test_a_read_gives_up_in_the_end(kit, xero):
    xero.get(f"{BOOKS}/Currencies", **reply(503))

    with pytest.raises(XeroUnavailable):
        kit.accounting.currencies()

    assert len(xero.calls) == 3
    assert kit.pauses == [0.5, 1.0]


def test_a_limit_with_a_time_is_not_waited_for(kit, xero):
    xero.get(f"{BOOKS}/Currencies", status=429, headers={"Retry-After": "67000"})

    with pytest.raises(XeroRateLimited):
        kit.accounting.currencies()

    assert kit.pauses == []
