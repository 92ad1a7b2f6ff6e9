"""What was asked of Xero, day by day: the present day with the lane, earlier ones kept apart."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from chalicelib import wiring
from chalicelib.clock import stamp
from chalicelib.dispatch.budget import Budget
from chalicelib.dispatch.tally import Count, Day, Tally
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.moments import MomentAttribute
from chalicelib.storage.rows import Row
from chalicelib.xero.tiers import TIERS

KEPT = timedelta(days=400)


class UsageRow(Row):
    """A part of one day of one organisation, beside the organisation's lane."""

    table = "jobs"

    class Meta:
        pass

    began = MomentAttribute()
    counts = JSONAttribute(default=dict)


def new_tally() -> Tally:
    """What is known before the first call: the allowance, by the operator's word."""
    tier = TIERS[wiring.current().settings.xero_tier]
    return Tally(Budget(allowance=tier.calls_a_day))


def keep_if_over(organisation_id: str, before: Tally, after: Tally) -> None:
    """Keep the day of ``before`` apart, when ``after`` has begun another or another tenant's.

    Keeping it again changes nothing.
    """
    day = before.today
    if day is None or (after.today and after.today.began == day.began):
        return
    row = UsageRow(organisation_id, _key(day.tenant_id, stamp(day.began)))
    row.began, row.counts = day.began, day.counts
    row.expires_at = day.began + KEPT
    row.save()


def kept(organisation_id: str, tenant_id: str, since: date) -> Iterator[Day]:
    """What was stored of one tenant's days from ``since`` on, in parts."""
    first, last = _key(tenant_id, since.isoformat()), _key(tenant_id, date.max.isoformat())
    for row in UsageRow.query(organisation_id, UsageRow.sk.between(first, last)):
        yield Day(tenant_id, row.began, msgspec.convert(row.counts, dict[str, Count]))


def _key(tenant_id: str, moment: str) -> str:
    return f"usage#{tenant_id}#{moment}"
