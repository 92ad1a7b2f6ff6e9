"""The dispatch's tables in memory, for so many lanes that mocked tables would take hours.

What ``lane`` and ``store`` promise, kept in dictionaries; the tests of those modules hold the
same promises against DynamoDB. What queries of the two indexes give is counted.
"""

import copy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store
from chalicelib.dispatch.lane import LEASE, NEVER, Lane, LaneState
from chalicelib.dispatch.model import Job
from chalicelib.dispatch.tally import Tally
from chalicelib.errors import NotFound


@dataclass
class MemoryTables:
    """Lanes with their leases, and jobs; ``read`` counts the items that the indexes gave."""

    lanes: dict[str, Lane] = field(default_factory=dict)
    until: dict[str, datetime] = field(default_factory=dict)
    slots: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    jobs: dict[str, dict[str, Job]] = field(default_factory=lambda: defaultdict(dict))
    due: dict[tuple[str, str], datetime] = field(default_factory=dict)
    read: int = 0

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let the dispatch keep its rows here."""
        with pytest.MonkeyPatch.context() as patch:
            for module, names in (
                (lanes, "take release tell park open_lane look_at_status_every get slots_of"),
                (store, "ask update open_jobs lanes_due"),
            ):
                for name in names.split():
                    patch.setattr(module, name, getattr(self, name))
            patch.setattr(store, "get", self.job)
            yield

    def take(self, name: str, holder: str, now: datetime) -> Lane | None:
        """The lease of ``lane.take``."""
        lane = self.get(name)
        if lane.holder and self.until[name] >= now and lane.holder != holder:
            return None
        taken = replace(lane, holder=holder, taken_at=now, orphaned=bool(lane.holder))
        self.lanes[name], self.until[name] = taken, now + LEASE
        return taken

    def release(
        self,
        lane: Lane,
        *,
        status_at: datetime | None = None,
        tally: Tally | None = None,
        beside: object = None,
    ) -> bool:
        """The end of a lease, as ``lane.release`` stores it; a row ``beside`` is left out."""
        del beside
        found = self.get(lane.name)
        if found.holder != lane.holder or (tally and found.told != lane.told):
            return False
        if tally:
            found = replace(found, tally=tally, told=lane.told + 1)
        self.lanes[lane.name] = replace(
            found, holder="", orphaned=False, status_at=status_at or found.status_at
        )
        return True

    def tell(self, lane: Lane, tally: Tally, *, now: datetime, beside: object = None) -> bool:
        """The tally, as ``lane.tell`` stores it; a row ``beside`` is left out."""
        del beside
        found = self.get(lane.name)
        if found.told != lane.told or (lane.holder and found.holder != lane.holder):
            return False
        self.lanes[lane.name] = replace(found, tally=tally, told=lane.told + 1)
        self.until[lane.name] = now + LEASE
        return True

    def park(self, name: str, until: datetime, why: str) -> None:
        """A lane that rests."""
        self._change(name, state=LaneState.PARKED, parked_until=until, why=why)

    def open_lane(self, name: str, tenant_id: str, _now: datetime) -> None:
        """A lane that works again."""
        self._change(name, state=LaneState.OPEN, tenant_id=tenant_id, parked_until=None, why="")

    def look_at_status_every(self, name: str, minutes: int) -> None:
        """The slot that the product chooses, found by the tick from then on."""
        slot = lanes.slot_of(name, minutes)
        self.slots[f"{minutes}:{slot}"].append(name)
        self._change(name, status_every=minutes, status_slot=slot)

    def get(self, name: str) -> Lane:
        """A lane as it is."""
        idle = Lane(name, "", LaneState.OPEN, None, "", None, 0, None, NEVER)
        return self.lanes.get(name, idle)

    def slots_of(self, now: datetime, intervals: set[int]) -> Iterator[str]:
        """Lanes by their slot, of the intervals in use."""
        minute = lanes.minute_of(now)
        for every in sorted(intervals):
            for name in self.slots[f"{every}:{minute % every}"]:
                self.read += 1
                yield name

    def ask(self, job: Job, *, unless_open: bool = False) -> bool:
        """A job stored, unless one of its name is open."""
        there = self.jobs[job.lane].get(job.name)
        if unless_open and there and there.state.open:
            return False
        self._keep(job)
        return True

    def update(self, job: Job) -> bool:
        """How a job has got on."""
        if self.jobs[job.lane][job.name].ticket != job.ticket:
            return False
        self._keep(job)
        return True

    def job(self, lane: str, name: str) -> Job:
        """A job as last stored; raises NotFound."""
        if name not in self.jobs[lane]:
            raise NotFound("There is no such job.")
        return copy.copy(self.jobs[lane][name])

    def open_jobs(self, lane: str, limit: int | None = None) -> list[Job]:
        """The open jobs of a lane, first things first."""
        found = [copy.copy(job) for job in self.jobs[lane].values() if job.state.open]
        return sorted(found, key=lambda job: (job.priority, job.created_at, job.name))[:limit]

    def lanes_due(self, now: datetime) -> Iterator[str]:
        """Lanes with a job due by now."""
        found = [lane for (lane, _), due_at in self.due.items() if due_at <= now]
        self.read += len(found)
        yield from dict.fromkeys(found)

    def _change(self, name: str, **facts: object) -> None:
        self.lanes[name] = replace(self.get(name), **facts)

    def _keep(self, job: Job) -> None:
        self.jobs[job.lane][job.name] = copy.copy(job)
        if job.state.open:
            self.due[job.lane, job.name] = job.due_at
        else:
            self.due.pop((job.lane, job.name), None)
