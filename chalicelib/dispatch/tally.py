"""What is known of an organisation's calls: what may still be made, and what was made today."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from chalicelib.dispatch.budget import Budget
from chalicelib.xero.call import CallRecord
from chalicelib.xero.limits import DAY

NOT_CHARGED = "/api.xro/2.0/Organisation"
"""Xero leaves this out of what it charges for data; it is how a connection is kept alive."""


@dataclass(frozen=True, slots=True)
class Count:
    """Calls of one purpose on one day; bytes are those on the wire, without headers.

    ``charged`` is the part of ``received`` that Xero counts as data out of it.
    """

    calls: int = 0
    received: int = 0
    sent: int = 0
    charged: int = 0

    def plus(self, call: CallRecord) -> "Count":
        """The same with one more call."""
        charged = 0 if call.path == NOT_CHARGED else call.bytes_in
        return Count(
            self.calls + 1,
            self.received + call.bytes_in,
            self.sent + call.bytes_out,
            self.charged + charged,
        )


@dataclass(frozen=True, slots=True)
class Day:
    """What one tenant asked of an organisation on one day, in UTC, by purpose."""

    tenant_id: str
    on: date
    counts: Mapping[str, Count] = field(default_factory=dict)

    @property
    def in_all(self) -> Count:
        """The counts of all purposes together."""
        ones = self.counts.values()
        return Count(
            sum(one.calls for one in ones),
            sum(one.received for one in ones),
            sum(one.sent for one in ones),
            sum(one.charged for one in ones),
        )

    @property
    def name(self) -> tuple[str, date]:
        """Whose day it is, and which."""
        return self.tenant_id, self.on

    def plus(self, purpose: str, call: CallRecord) -> "Day":
        """The same with one more call."""
        before = self.counts.get(purpose, Count())
        return replace(self, counts={**self.counts, purpose: before.plus(call)})


@dataclass(frozen=True, slots=True)
class Tally:
    """The budget and the present day's use of one organisation, and when Xero last said yes.

    ``today`` is the latest day with a call; it is kept apart once another has begun.
    """

    budget: Budget = field(default_factory=Budget)
    today: Day | None = None
    last_success_at: datetime | None = None

    def after(self, call: CallRecord, purpose: str, tenant_id: str, now: datetime) -> "Tally":
        """The same after one more call of this purpose for this tenant."""
        day = self.today
        if day is None or day.name != (tenant_id, now.date()):
            day = Day(tenant_id, now.date())
        # A call that is refused costs nothing of the day, so its answer tells nothing new.
        said = replace(call.limits, day=None) if call.refused_by else call.limits
        budget = self.budget.after(now, said)
        if call.refused_by == DAY and call.retry_after is not None:
            budget = budget.ending(now, now + timedelta(seconds=call.retry_after))
        succeeded = self.last_success_at if call.failure else now
        return Tally(budget, day.plus(purpose, call), succeeded)
