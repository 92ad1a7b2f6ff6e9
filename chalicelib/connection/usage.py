"""What a tenant's organisation used of Xero, and what Xero still allows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib import wiring
from chalicelib.connection import store
from chalicelib.connection.model import Connection
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import usage
from chalicelib.dispatch.budget import Budget
from chalicelib.dispatch.lane import Lane, LaneState
from chalicelib.dispatch.tally import Day, Tally
from chalicelib.xero.tiers import TIERS, Tier

SHOWN_DAYS = 31


@dataclass(frozen=True, slots=True)
class Standing:
    """How it goes with an organisation: the last success, and until when its work rests and why.

    ``rests_until`` is None while work goes on.
    """

    last_success_at: datetime | None = None
    rests_until: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """Limits and use of the tenant's organisation; ``days`` are the last 31, the newest first.

    ``charged`` is the data that Xero counts for the present month, of this organisation alone.
    """

    connection: Connection
    tier: Tier
    standing: Standing
    budget: Budget
    remaining: int | None
    days: Sequence[Day]
    charged: int


def standing(connection: Connection) -> Standing:
    """How it goes now; one read."""
    if not connection.organisation_id:
        return Standing()
    return _standing(connection, lanes.get(connection.organisation_id))


def of(tenant_id: str) -> Use:
    """The use of the tenant's organisation, the present one or the last there was."""
    present = wiring.current()
    now, connection = present.clock.now(), store.get(tenant_id)
    lane = lanes.get(connection.organisation_id or "none")
    tally = lane.tally or usage.new_tally()
    days = _days(connection, tally, now)
    month = [day for day in days if day.on.month == now.month]
    return Use(
        connection=connection,
        tier=TIERS[present.settings.xero_tier],
        standing=_standing(connection, lane),
        budget=tally.budget,
        remaining=tally.budget.remaining(now),
        days=days,
        charged=sum(day.in_all.charged for day in month),
    )


def _standing(connection: Connection, lane: Lane) -> Standing:
    told = lane.tally.last_success_at if lane.tally and connection.live else None
    moments = [moment for moment in (connection.last_success_at, told) if moment]
    latest = max(moments, default=None)
    until = lane.parked_until if lane.state is LaneState.PARKED else None
    if until is None or until <= wiring.current().clock.now():
        return Standing(latest)
    return Standing(latest, until, lane.why)


def _days(connection: Connection, tally: Tally, now: datetime) -> list[Day]:
    """Every day, with those in it on which nothing was asked."""
    tenant_id = connection.tenant_id
    days = [Day(tenant_id, now - timedelta(days=number)) for number in range(SHOWN_DAYS)]
    found = {day.on: day for day in days}
    for part in _parts(connection, tally, days[-1].on):
        if part.on in found:
            found[part.on] = found[part.on].plus(part.counts)
    return list(found.values())


def _parts(connection: Connection, tally: Tally, since: date) -> Iterator[Day]:
    if connection.organisation_id:
        yield from usage.kept(connection.organisation_id, connection.tenant_id, since)
    if tally.today and tally.today.tenant_id == connection.tenant_id:
        yield tally.today
