"""Looking through a trail: filters, days on the tenant's clock, pages."""

from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from chalicelib.audit import trail
from chalicelib.audit.listing import MOST_READ, Wanted, listing, on_days
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import EVERYTHING, Caller

BOB = Caller("tenant-a", "user:bob", "Bob", EVERYTHING)


def numbers(wanted, **asked):
    return [entry.number for entry in listing("tenant-a", wanted, **asked)]


@pytest.fixture
def ten_days(aws, ann):
    """An entry a day from 23 November 2026, 09:00 UTC, by Ann and Bob in turn."""
    for number in range(1, 11):
        trail.record(ann if number % 2 else BOB, "connect" if number < 4 else "import", "x")
        aws.clock.advance(days=1)


@pytest.mark.usefixtures("ten_days")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), list(range(10, 0, -1))),
        (Wanted(what="connect"), [3, 2, 1]),
        (Wanted(actor="user:bob"), [10, 8, 6, 4, 2]),
        (Wanted(what="import", actor="user:ann"), [9, 7, 5]),
        (on_days("2026-11-25", "2026-11-27", UTC), [5, 4, 3]),
        (on_days("", "2026-11-24", UTC), [2, 1]),
        (on_days("2026-12-02", "", UTC), [10]),
        (on_days("2026-11-24", "2026-11-24", ZoneInfo("Pacific/Kiritimati")), [2]),
        (on_days("2026-11-24", "2026-11-24", ZoneInfo("Pacific/Auckland")), [2]),
        (on_days("2020-01-01", "2020-12-31", UTC), []),
        (on_days("2030-01-01", "2030-12-31", UTC), []),
    ],
)
def test_only_what_is_wanted_is_listed_newest_first(wanted, expected):
    assert numbers(wanted) == expected


def test_an_address_or_a_result_is_looked_for(aws):
    assert aws
    here, there = replace(BOB, source="192.0.2.1"), replace(BOB, source="192.0.2.2")
    trail.record(here, "sign-in", "user:bob")
    trail.record(there, "sign-in", "user:bob", "refused")
    trail.record(here, "connect", "x", "refused")

    assert numbers(Wanted(source="192.0.2.1")) == [3, 1]
    assert numbers(Wanted(result="refused")) == [3, 2]
    assert numbers(on_days("", "", UTC, source="192.0.2.2", result="refused")) == [2]


@pytest.mark.usefixtures("ten_days")
@pytest.mark.parametrize("wanted", [Wanted(), on_days("2026-11-24", "2026-12-01", UTC)])
def test_pages_follow_each_other_without_gap(wanted):
    found, after = [], None
    while True:
        page = listing("tenant-a", wanted, limit=3, after=after)
        found += [entry.number for entry in page]
        after = page.next
        if after is None:
            break
    assert found == numbers(wanted)


def test_a_page_reads_no_more_than_a_thousand_entries(aws, ann):
    assert aws
    for _ in range(MOST_READ + 5):
        trail.record(BOB, "import", "clients")
    trail.record(ann, "connect", "x")

    first = listing("tenant-a", Wanted(what="sign-in"))

    assert first.items == []
    assert first.next
    assert listing("tenant-a", Wanted(what="sign-in"), after=first.next).next is None


@pytest.mark.usefixtures("ten_days")
def test_another_tenants_cursor_leads_nowhere():
    after = listing("tenant-a", Wanted(), limit=2).next

    assert listing("tenant-b", Wanted(), after=after).items == []


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused(day):
    with pytest.raises(InvalidInput) as refused:
        on_days(day, "", UTC)
    assert refused.value.field == "from"
    with pytest.raises(InvalidInput) as refused:
        on_days("", day, UTC)
    assert refused.value.field == "to"


@pytest.mark.usefixtures("aws")
def test_a_cursor_that_no_list_gave_is_refused():
    from chalicelib.storage.pages import cursor

    for bad in ("nonsense", cursor("x"), cursor("-1"), cursor("1", "2")):
        with pytest.raises(InvalidInput):
            listing("tenant-a", Wanted(), after=bad)
