"""What was asked of Xero, day by day: the present day with the lane, earlier ones kept apart."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib import wiring
from chalicelib.dispatch.budget import Budget
from chalicelib.dispatch.tally import Count, Day, Tally
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.rows import Row
from chalicelib.xero.tiers import TIERS

KEPT = timedelta(days=400)


class UsageRow(Row):
    """One day of one organisation, as one tenant used it; beside the organisation's lane."""

    table = "jobs"

    class Meta:
        pass

    day = UnicodeAttribute()
    counts = JSONAttribute(default=dict)


def new_tally() -> Tally:
    """What is known before the first call: the allowance, by the operator's word."""
    tier = TIERS[wiring.current().settings.xero_tier]
    return Tally(Budget(allowance=tier.calls_a_day))


def keep_if_over(organisation_id: str, before: Tally, after: Tally) -> None:
    """Keep the day of ``before`` apart, when ``after`` has begun another or another tenant's."""
    if before.today and after.today and before.today.name != after.today.name:
        keep(organisation_id, before.today)


def keep(organisation_id: str, day: Day) -> None:
    """Store a day that is over; storing it again changes nothing."""
    row = UsageRow(organisation_id, _key(day.tenant_id, day.on))
    row.day, row.counts = day.on.isoformat(), day.counts
    row.expires_at = datetime.combine(day.on, datetime.min.time(), UTC) + KEPT
    row.save()


def kept(organisation_id: str, tenant_id: str, since: date) -> Iterator[Day]:
    """The stored days of one tenant from ``since`` on, the latest first."""
    first, last = _key(tenant_id, since), _key(tenant_id, date.max)
    for row in UsageRow.query(
        organisation_id, UsageRow.sk.between(first, last), scan_index_forward=False
    ):
        counts = msgspec.convert(row.counts, dict[str, Count])
        yield Day(tenant_id, date.fromisoformat(row.day), counts)


def _key(tenant_id: str, day: date) -> str:
    return f"usage#{tenant_id}#{day.isoformat()}"
