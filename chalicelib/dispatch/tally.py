"""What is known of an organisation's calls: what may still be made, and what was made today."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from chalicelib.dispatch.budget import Budget
from chalicelib.xero.call_record import CallRecord

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

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.calls + other.calls,
            self.received + other.received,
            self.sent + other.sent,
            self.charged + other.charged,
        )

    @classmethod
    def of(cls, call: CallRecord) -> "Count":
        """One call."""
        charged = 0 if call.path == NOT_CHARGED else call.bytes_in
        return cls(1, call.bytes_in, call.bytes_out, charged)


@dataclass(frozen=True, slots=True)
class Day:
    """What one tenant asked of an organisation on one day, in UTC, by purpose.

    ``began`` is the moment of the first call in it. An organisation that passes from one tenant
    to another and back has several such parts of one day.
    """

    tenant_id: str
    began: datetime
    counts: Mapping[str, Count] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The day."""
        return self.began.date()

    @property
    def in_all(self) -> Count:
        """The counts of all purposes together."""
        return sum(self.counts.values(), Count())

    def holds(self, tenant_id: str, moment: datetime) -> bool:
        """Whether what this tenant does then belongs to it."""
        return (self.tenant_id, self.on) == (tenant_id, moment.date())

    def plus(self, counts: Mapping[str, Count]) -> "Day":
        """The same with more in it."""
        added = {name: self.counts.get(name, Count()) + more for name, more in counts.items()}
        return replace(self, counts={**self.counts, **added})


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
        if day is None or not day.holds(tenant_id, now):
            day = Day(tenant_id, now)
        # A call that is refused costs nothing of the day, so its answer tells nothing new.
        said = replace(call.limits, day=None) if call.refused_by else call.limits
        budget = self.budget.after(now, said)
        if call.refused_by and call.retry_after is not None:
            ends = now + timedelta(seconds=call.retry_after)
            budget = budget.refused(call.refused_by, now, ends)
        succeeded = self.last_success_at if call.failure else now
        return Tally(budget, day.plus({purpose: Count.of(call)}), succeeded)
