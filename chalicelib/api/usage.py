"""What was asked of Xero, and what Xero still allows."""

from datetime import date, datetime

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.connection import usage
from chalicelib.dispatch.budget import PER_MINUTE
from chalicelib.dispatch.tally import Count, Day
from chalicelib.people.caller import Scope

api = API(__name__)


class LimitsView(msgspec.Struct):
    """Xero's limits: calls of one organisation, and data out of Xero of all of them a month.

    ``calls_kept_for_people`` is the part of a day's calls that background work leaves alone;
    ``data_per_month`` is in bytes, null where the tier has no limit.
    """

    calls_per_minute: int
    calls_per_day: int
    calls_kept_for_people: int
    data_per_month: int | None


class TodayView(msgspec.Struct):
    """What Xero last said of its own day, which begins at a time of its own.

    ``calls_left`` is null when Xero has not told since its day began. ``ends_by`` is the latest
    moment at which its day can end.
    """

    calls_left: int | None
    told_at: datetime | None
    ends_by: datetime | None


class CountView(msgspec.Struct):
    """Calls, and bytes on the wire without headers; Xero counts ``charged`` as data out of it."""

    calls: int
    received: int
    sent: int
    charged: int


class DayView(msgspec.Struct):
    """A day in UTC: everything, and by purpose.

    Purposes are import, send, extras (what is done once an invoice is sent), status, keep-alive
    and other.
    """

    date: date
    in_all: CountView
    purposes: dict[str, CountView]


class UsageView(msgspec.Struct):
    """The use of the organisation; ``days`` are the last 31, the newest first.

    ``rests_until`` and ``why`` say that Xero's limit holds work up, and until when.
    ``charged_this_month`` is this organisation's part of ``data_per_month``, in bytes.
    """

    organisation_id: str | None
    organisation_name: str | None
    tier: str
    limits: LimitsView
    today: TodayView
    rests_until: datetime | None
    why: str | None
    charged_this_month: int
    days: list[DayView]


@api.get("/usage", scope=Scope.READ, answer=UsageView)
def read_usage(call: Call) -> UsageView:
    """Calls and bytes of the organisation, day by day, against the limits of Xero's tier."""
    use = usage.of(call.tenant_id)
    budget, known = use.budget, use.remaining is not None
    return UsageView(
        organisation_id=use.connection.organisation_id or None,
        organisation_name=use.connection.organisation_name or None,
        tier=use.tier.name.lower(),
        limits=LimitsView(PER_MINUTE, budget.allowance, budget.kept, use.tier.data_a_month),
        today=TodayView(
            use.remaining, budget.told_at if known else None, budget.day_ends if known else None
        ),
        rests_until=use.standing.rests_until,
        why=use.standing.why or None,
        charged_this_month=use.charged,
        days=[_day(day) for day in use.days],
    )


def _day(day: Day) -> DayView:
    purposes = {purpose: _count(count) for purpose, count in sorted(day.counts.items())}
    return DayView(day.on, _count(day.in_all), purposes)


def _count(count: Count) -> CountView:
    return CountView(count.calls, count.received, count.sent, count.charged)
