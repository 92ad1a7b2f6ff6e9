"""Very many organisations: each is looked at in time, inside what Xero allows the whole app.

``make test`` has few of them; the hundred thousand of docs/runbook.md take
``FLEET_ORGANISATIONS=100000`` and half an hour.
"""

import os
import random

import pytest

from chalicelib.dispatch import kinds
from chalicelib.dispatch import lane as lanes
from tests.dispatch.fleet import APP_CALLS, OFTEN, WITH_WEBHOOKS, Fleet
from tests.dispatch.memory_tables import MemoryTables

ORGANISATIONS = int(os.environ.get("FLEET_ORGANISATIONS", "2000"))
MINUTES = int(os.environ.get("FLEET_MINUTES", "61"))
MIXED = (OFTEN, OFTEN, WITH_WEBHOOKS, WITH_WEBHOOKS, lanes.DAILY)
INTERVALS = (OFTEN,) if os.environ.get("FLEET_ALL_OFTEN") else MIXED
"""Of two in five every quarter of an hour, two hourly, one daily; or all as often as can be."""

CLICKS = max(1, ORGANISATIONS // 2000)


@pytest.fixture
def fleet(aws, monkeypatch):
    """All organisations after an hour: each has a slot, and some are refused by Xero."""
    tables = MemoryTables()
    with tables.in_place():
        made = Fleet(aws, tables, ORGANISATIONS, INTERVALS, random.Random(20261126))  # noqa: S311
        for kind in (kinds.STATUS_KIND, "click"):
            monkeypatch.setitem(kinds.KINDS, kind, "tests.dispatch.test_fleet:handle")
        monkeypatch.setitem(globals(), "handle", made.handle)
        for _ in range(MINUTES):
            made.minute(CLICKS)
        yield made


def test_each_is_looked_at_in_time_and_xero_is_asked_no_more_than_it_allows(fleet):
    def looked(interval):
        return [
            len(fleet.looks[name])
            for name, every in fleet.every.items()
            if every == interval and name not in fleet.parked
        ]

    assert fleet.late() == []
    assert min(looked(OFTEN)) >= MINUTES // OFTEN
    assert min(looked(WITH_WEBHOOKS), default=1) >= MINUTES // WITH_WEBHOOKS
    assert max(fleet.calls.values()) <= APP_CALLS
    assert not any(fleet.looks[name] for name in fleet.parked)
    assert fleet.clicks_left() == 0
    # What a tick reads is what is due: a lane that has a job besides is found twice.
    assert all(items <= woken + len(fleet.parked) for woken, items in fleet.ticks)
    # Shown by ``pytest -s``; docs/runbook.md has it of a large run.
    print(summary(fleet))  # noqa: T201


def summary(fleet):
    """What docs/runbook.md tells of a run."""
    busiest = max(fleet.calls.values())
    woken, read = (sum(part) for part in zip(*fleet.ticks, strict=True))
    daily = sum(every == lanes.DAILY for every in fleet.every.values())
    return (
        f"{ORGANISATIONS:,} organisations ({daily:,} of them daily), {MINUTES} minutes: "
        f"{sum(map(len, fleet.looks.values())):,} looks, {len(fleet.clicks):,} clicks, "
        f"the busiest minute {busiest:,} calls; ticks read {read:,} items to wake {woken:,} lanes"
    )
