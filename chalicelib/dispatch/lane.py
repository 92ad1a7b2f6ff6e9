"""Lanes: the lease that lets one worker in, and what the lane is waiting for."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from chalicelib.clock import parse_stamp, stamp
from chalicelib.dispatch.tally import Tally
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.refused import CONDITION_FAILED, CONFLICT, refused
from chalicelib.storage.rows import Row, transaction_connection

LANE = "lane"
LEASE = timedelta(seconds=60)
"""Longer than a slice of 20 s and one call to Xero; a worker that died frees its lane then."""

DAILY = 1440

NEVER = datetime.min.replace(tzinfo=UTC)


class LaneState(StrEnum):
    """Whether a lane's jobs may run."""

    OPEN = "open"
    PARKED = "parked"
    DISCONNECTED = "disconnected"


class TickIndex(GlobalSecondaryIndex["LaneRow"]):
    """Lanes by the minute in which their status is looked at."""

    class Meta:
        index_name = "tick"
        projection = KeysOnlyProjection()

    tick_slot = UnicodeAttribute(hash_key=True)
    pk = UnicodeAttribute(range_key=True)


class LaneRow(Row):
    """One lane; made by the first lease that is taken of it.

    ``told`` grows with each change of ``tally``. ``former_holder`` is who had the lease when it
    was last taken, empty when it had been let go.
    """

    table = "jobs"

    class Meta:
        pass

    tenant_id = UnicodeAttribute(null=True)
    lease_holder = UnicodeAttribute(null=True)
    lease_until = UnicodeAttribute(null=True)
    former_holder = UnicodeAttribute(default="")
    state = UnicodeAttribute(default=LaneState.OPEN.value)
    parked_until = UnicodeAttribute(null=True)
    why = UnicodeAttribute(null=True)
    tick_slot = UnicodeAttribute(null=True)
    status_at = UnicodeAttribute(null=True)
    opened_at = UnicodeAttribute(null=True)
    tally = JSONAttribute(null=True)
    told = NumberAttribute(default=0)

    tick_index = TickIndex()


@dataclass(frozen=True, slots=True)
class Lane:
    """What a worker knows of its lane once it holds the lease, taken at ``taken_at``.

    ``tally`` is what is known of the organisation's calls, None before the first, and ``told``
    its version. ``orphaned`` says that whoever had the lease before never let it go.
    """

    name: str
    tenant_id: str
    state: LaneState
    parked_until: datetime | None
    why: str
    status_every: int | None
    status_slot: int
    status_at: datetime | None
    taken_at: datetime
    holder: str = ""
    tally: Tally | None = None
    told: int = 0
    orphaned: bool = False

    def status_due(self, now: datetime) -> bool:
        """Whether the status of open invoices was not looked at since the lane's last minute.

        A look between two of its minutes, with somebody's click, puts off none of them.
        """
        if self.status_every is None:
            return False
        if self.status_at is None:
            return True
        minute = minute_of(now)
        last = minute - (minute - self.status_slot) % self.status_every
        return minute_of(self.status_at) < last


def take(name: str, holder: str, now: datetime) -> Lane | None:
    """Take the lane's lease; None when somebody else holds it."""
    free = (
        LaneRow.lease_holder.does_not_exist()
        | (LaneRow.lease_until < stamp(now))
        | (LaneRow.lease_holder == holder)
    )
    row = LaneRow(name, LANE)
    actions: list[Action] = [
        LaneRow.former_holder.set(LaneRow.lease_holder | ""),
        LaneRow.lease_holder.set(holder),
        LaneRow.lease_until.set(stamp(now + LEASE)),
        LaneRow.state.set(LaneRow.state | LaneState.OPEN.value),
    ]
    if not _update(row, actions, free):
        return None
    return _lane(row, now)


def release(
    lane: Lane,
    *,
    status_at: datetime | None = None,
    tally: Tally | None = None,
    beside: Row | None = None,
) -> bool:
    """Let go of the lease; optionally note when status was looked at, and the newest tally.

    ``beside`` is a row that is stored in the same request, or not at all.

    False when the lease is no longer ours, or somebody else changed the tally meanwhile.
    """
    actions, condition = _letting_go(lane, tally)
    if status_at:
        actions.append(LaneRow.status_at.set(stamp(status_at)))
    return _update(LaneRow(lane.name, LANE), actions, condition, beside)


def release_in(transaction: TransactWrite, lane: Lane, tally: Tally | None) -> None:
    """Add to a transaction that the lease is let go, on the same conditions as ``release``."""
    actions, condition = _letting_go(lane, tally)
    transaction.update(LaneRow(lane.name, LANE), actions=actions, condition=condition)


def _letting_go(lane: Lane, tally: Tally | None) -> tuple[list[Action], Condition]:
    actions: list[Action] = [LaneRow.lease_holder.remove(), LaneRow.lease_until.remove()]
    condition = LaneRow.lease_holder == lane.holder
    if tally:
        actions += _telling(tally, lane.told)
        condition &= _as_told(lane.told)
    return actions, condition


def tell(lane: Lane, tally: Tally, *, now: datetime, beside: Row | None = None) -> bool:
    """Store the tally, and keep the lease, if it is ours, from now on; one update for both.

    ``beside`` is a row that is stored in the same request, or not at all.

    False when the lease is no longer ours, or somebody else changed the tally meanwhile.
    """
    actions, condition = _telling(tally, lane.told), _as_told(lane.told)
    if lane.holder:
        actions.append(LaneRow.lease_until.set(stamp(now + LEASE)))
        condition &= LaneRow.lease_holder == lane.holder
    return _update(LaneRow(lane.name, LANE), actions, condition, beside)


def _telling(tally: Tally, told: int) -> list[Action]:
    return [LaneRow.tally.set(tally), LaneRow.told.set(told + 1)]


def _as_told(told: int) -> Condition:
    return LaneRow.told == told if told else LaneRow.told.does_not_exist()


def park(name: str, until: datetime, why: str) -> None:
    """No job of this lane runs before ``until``; ``why`` is a sentence that people see."""
    LaneRow(name, LANE).update(
        actions=[
            LaneRow.state.set(LaneState.PARKED.value),
            LaneRow.parked_until.set(stamp(until)),
            LaneRow.why.set(why),
        ]
    )


def disconnect(name: str, why: str, *, learnt_at: datetime) -> bool:
    """No job of this lane runs until ``open_lane``; nothing that waits is lost.

    A lane that was opened since ``learnt_at`` stays open: a worker that took its lease before
    somebody reconnected may be late with its bad news. Answers whether the lane rests now.
    """
    return _update(
        LaneRow(name, LANE),
        [
            LaneRow.state.set(LaneState.DISCONNECTED.value),
            LaneRow.why.set(why),
            LaneRow.tick_slot.remove(),
        ],
        LaneRow.opened_at.does_not_exist() | (LaneRow.opened_at < stamp(learnt_at)),
    )


def open_lane(name: str, tenant_id: str, now: datetime) -> None:
    """Jobs of this lane run again, for this tenant."""
    LaneRow(name, LANE).update(
        actions=[
            LaneRow.state.set(LaneState.OPEN.value),
            LaneRow.opened_at.set(stamp(now)),
            LaneRow.tenant_id.set(tenant_id),
            LaneRow.parked_until.remove(),
            LaneRow.why.remove(),
        ]
    )


def look_at_status_every(name: str, minutes: int | None) -> None:
    """Let the tick wake this lane once in so many minutes; None: only when it has jobs.

    Falling due costs no write.
    """
    action = (
        LaneRow.tick_slot.set(f"{minutes}:{slot_of(name, minutes)}")
        if minutes
        else LaneRow.tick_slot.remove()
    )
    LaneRow(name, LANE).update(actions=[action])


def slot_of(name: str, minutes: int) -> int:
    """The minute of each interval in which a lane falls due.

    It is a hash of the name, so that lanes spread over the interval by themselves.
    """
    return zlib.crc32(name.encode()) % minutes


def get(name: str) -> Lane:
    """The lane as it is; one that nobody ever used is open and idle."""
    try:
        return _lane(LaneRow.get(name, LANE, consistent_read=True), NEVER)
    except DoesNotExist:
        return Lane(name, "", LaneState.OPEN, None, "", None, 0, None, NEVER)


def slots_of(now: datetime, intervals: set[int]) -> Iterator[str]:
    """Names of lanes whose status falls due in this minute, for the intervals in use."""
    minute = minute_of(now)
    for every in sorted(intervals):
        for row in LaneRow.tick_index.query(f"{every}:{minute % every}"):
            yield row.pk


def minute_of(moment: datetime) -> int:
    """Whole minutes since 1970, by which lanes have their slots."""
    return int(moment.timestamp()) // 60


def in_tens(names: Iterator[str]) -> Iterator[list[str]]:
    """Groups of ten, which is what one request to the queue takes."""
    while group := list(islice(names, 10)):
        yield group


def _update(
    row: LaneRow, actions: list[Action], condition: Condition, beside: Row | None = None
) -> bool:
    if beside is not None:
        return _update_beside(row, actions, condition, beside)
    try:
        row.update(actions=actions, condition=condition)
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _update_beside(
    row: LaneRow, actions: list[Action], condition: Condition, beside: Row
) -> bool:
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.update(row, actions=actions, condition=condition)
            transaction.save(beside)
    except TransactWriteError as error:
        if refused(error, CONDITION_FAILED, CONFLICT):
            return False
        raise
    return True


def _lane(row: LaneRow, taken_at: datetime) -> Lane:
    every, _, slot = (row.tick_slot or "").partition(":")
    return Lane(
        name=row.pk,
        tenant_id=row.tenant_id or "",
        state=LaneState(row.state),
        parked_until=parse_stamp(row.parked_until) if row.parked_until else None,
        why=row.why or "",
        status_every=int(every) if every else None,
        status_slot=int(slot or 0),
        status_at=parse_stamp(row.status_at) if row.status_at else None,
        taken_at=taken_at,
        holder=row.lease_holder or "",
        tally=msgspec.convert(row.tally, Tally) if row.tally else None,
        told=int(row.told),
        orphaned=bool(row.former_holder),
    )
