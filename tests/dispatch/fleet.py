"""Very many organisations whose statuses are looked at, by the real code of the dispatch.

What is simulated: the clock, the queue, Xero's side with its own count of calls, and people who
click. The tick, the lanes, the leases, the budgets and the choice of what is due are those of the
product, on tables in memory.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from chalicelib.dispatch import drain, enqueue, kinds
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.lease import held
from chalicelib.dispatch.model import Done, Job, JobState, Slice, Step
from chalicelib.dispatch.tick import tick
from chalicelib.xero.call_record import CallRecord
from chalicelib.xero.errors import XeroRateLimited
from chalicelib.xero.limits import APP_MINUTE, MINUTE, Limits
from tests.dispatch.memory_tables import MemoryTables
from tests.support.aws import AWS

OFTEN, WITH_WEBHOOKS = 15, 60
APP_CALLS = 10_000
WORKING = timedelta(seconds=30)


@dataclass
class Queue:
    """The queue of wakes: takes what boto3's client takes, and keeps the lanes in order."""

    lanes: list[str] = field(default_factory=list)

    def send_message_batch(self, **sent: Any) -> None:
        self.lanes += [one["MessageBody"] for one in sent["Entries"] if not one["DelaySeconds"]]

    def taken(self) -> list[str]:
        """Each lane once: a second wake of the same finds nothing due."""
        found, self.lanes = list(dict.fromkeys(self.lanes)), []
        return found


@dataclass
class Fleet:
    """``size`` organisations; of some, Xero refuses every call for a while."""

    aws: AWS
    tables: MemoryTables
    size: int
    intervals: Sequence[int]
    chance: random.Random
    queue: Queue = field(default_factory=Queue)
    every: dict[str, int] = field(default_factory=dict)
    parked: set[str] = field(default_factory=set)
    looks: dict[str, list[datetime]] = field(default_factory=dict)
    calls: Counter[datetime] = field(default_factory=Counter)
    ticks: list[tuple[int, int]] = field(default_factory=list)
    """Of each tick, how many lanes it woke, and how many items it read of the indexes."""
    clicks: list[Job] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.aws.wiring.clients = {**self.aws.wiring.clients, "sqs": self.queue}
        for number in range(self.size):
            name = f"{self.chance.getrandbits(128):032x}-organisation"
            minutes = self.chance.choice(self.intervals)
            lanes.open_lane(name, f"tenant-{number}", self.aws.clock.now())
            lanes.look_at_status_every(name, minutes)
            self.every[name], self.looks[name] = minutes, []
        self.parked = set(self.chance.sample(sorted(self.every), self.size // 50))

    def minute(self, clicks: int) -> None:
        """One minute of the whole deployment: its tick, people's clicks, and all that it woke."""
        before = self.tables.read
        self.ticks.append((tick(), self.tables.read - before))
        waiting = self.queue.taken()
        for name in self.chance.sample(sorted(self.every.keys() - self.parked), clicks):
            self.clicks.append(enqueue.do_now(enqueue.job("click", name, "tenant")))
        for name in waiting:
            drain.drain(name, deadline=self.aws.clock.now() + WORKING)
        self.queue.taken()
        self.aws.clock.advance(minutes=1)

    def xero(self, job: Job) -> None:
        """One call of Xero's, which counts for itself; raises XeroRateLimited."""
        lease, now = held(job.lane), self.aws.clock.now()
        assert lease is not None
        lease.admit()
        self.calls[now] += 1
        over = self.calls[now] > APP_CALLS
        refused = APP_MINUTE if over else MINUTE if job.lane in self.parked else None
        left = max(0, APP_CALLS - self.calls[now])
        lease.note(record(job.lane, Limits(app_minute=left), refused))
        if refused:
            raise XeroRateLimited(problem=refused, retry_after=60)

    def handle(self, job: Job, _slice: Slice) -> Step:
        """Look at the statuses, or do what somebody clicked."""
        self.xero(job)
        if job.kind == kinds.STATUS_KIND:
            self.looks[job.lane].append(self.aws.clock.now())
        return Done()

    def late(self) -> list[str]:
        """Organisations that were not looked at once in each of their intervals so far."""
        end = self.aws.clock.now()
        return [
            name
            for name, minutes in self.every.items()
            if name not in self.parked and not _in_time(self.looks[name], minutes, end)
        ]

    def clicks_left(self) -> int:
        """Clicks that were not done at once."""
        return sum(job.state is not JobState.DONE for job in self.clicks)


def record(name: str, limits: Limits, refused: str | None = None) -> CallRecord:
    """A look of an organisation's, as the transport would have noted it."""
    return CallRecord(
        method="GET",
        path="/api.xro/2.0/Invoices",
        status=429 if refused else 200,
        milliseconds=1,
        bytes_out=0,
        bytes_in=200,
        correlation_id=None,
        limits=limits,
        failure="rate_limited" if refused else None,
        organisation_id=name,
        refused_by=refused,
        retry_after=60 if refused else None,
    )


def _in_time(looks: list[datetime], minutes: int, end: datetime) -> bool:
    """No two looks further apart than the interval, and the last one not longer ago."""
    longest = timedelta(minutes=minutes)
    times = [*looks, end]
    return all(later - one <= longest for one, later in pairwise(times))
