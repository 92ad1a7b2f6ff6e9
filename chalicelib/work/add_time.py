"""Adding time records, one or many, each once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import InvalidInput, WorkbillError
from chalicelib.storage.rows import transaction_connection
from chalicelib.work import tasks, time_records
from chalicelib.work.ids import new_id, same_id
from chalicelib.work.model import Task, TimeRecord
from chalicelib.work.store import TimeRow
from chalicelib.work.time_records import Facts

PER_WRITE = 100
"""What DynamoDB takes in one transaction."""

LONGEST_EXTERNAL_ID = 200
TRIES = 5


@dataclass(frozen=True, slots=True)
class NewTime:
    """A piece of time to be added; ``billable`` None means: as the task says.

    ``external_id`` is the sender's own name for it: the same one again adds nothing.
    """

    task_id: str
    facts: Facts
    billable: bool | None = None
    external_id: str | None = None


class Added(StrEnum):
    """What became of a piece of time that was to be added."""

    CREATED = "created"
    EXISTS = "exists"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many; ``error`` is set when it was refused."""

    state: Added
    record: TimeRecord | None = None
    error: WorkbillError | None = None


@dataclass(slots=True)
class Places:
    """Tasks and their places, each read once; they are marked as in use when first asked for."""

    tenant_id: str
    _known: dict[str, tuple[Task, dict[str, Any]]] = field(default_factory=dict)

    def of(self, task_id: str) -> tuple[Task, dict[str, Any]]:
        """A task, and the ids that a record of it carries; raises NotFound."""
        if task_id not in self._known:
            task = tasks.use(self.tenant_id, task_id)
            self._known[task_id] = task, time_records.place_of(self.tenant_id, task)
        return self._known[task_id]


def add(tenant_id: str, new: NewTime) -> TimeRecord:
    """A new record; with an ``external_id`` that is known, the one that is there."""
    record = record_of(tenant_id, new, Places(tenant_id))
    if record.record_id in put_new(tenant_id, [record]):
        return time_records.get(tenant_id, record.record_id)
    return record


def add_many(tenant_id: str, wanted: Sequence[NewTime | WorkbillError]) -> list[Outcome]:
    """What became of each, in order; an error stands for one that was refused already.

    The good ones are added whatever becomes of the others.
    """
    places = Places(tenant_id)
    outcomes: list[Outcome] = []
    seen: set[str] = set()
    for new in wanted:
        try:
            if isinstance(new, WorkbillError):
                raise new
            record = record_of(tenant_id, new, places)
        except WorkbillError as error:
            outcomes.append(Outcome(Added.REFUSED, error=error))
        else:
            state = Added.EXISTS if record.record_id in seen else Added.CREATED
            outcomes.append(Outcome(state, record))
            seen.add(record.record_id)
    return _store(tenant_id, outcomes)


def record_of(tenant_id: str, new: NewTime, places: Places) -> TimeRecord:
    """The record that a piece of time becomes, not stored yet; raises NotFound, InvalidInput."""
    if new.external_id and len(new.external_id) > LONGEST_EXTERNAL_ID:
        raise InvalidInput("An external id has at most 200 characters.", field="external_id")
    task, place = places.of(new.task_id)
    return TimeRecord(
        record_id=same_id(tenant_id, "external", new.external_id)
        if new.external_id
        else new_id(),
        **place,
        date=new.facts.date,
        minutes=new.facts.minutes,
        staff=new.facts.staff,
        note=new.facts.note,
        billable=task.billable if new.billable is None else new.billable,
        external_id=new.external_id or None,
    )


def put_new(tenant_id: str, records: Iterable[TimeRecord]) -> set[str]:
    """Store records that are not there yet; answers with the ids of those that were.

    No stored record is ever replaced, so one that is on an invoice stays there. The ids must
    differ. One request per 100, one more where some were there.
    """
    there: set[str] = set()
    waiting = iter(records)
    while batch := list(islice(waiting, PER_WRITE)):
        there |= _put(tenant_id, batch)
    return there


def _put(tenant_id: str, batch: list[TimeRecord]) -> set[str]:
    there: set[str] = set()
    for attempt in range(TRIES):
        missing = [record for record in batch if record.record_id not in there]
        try:
            _put_all(tenant_id, missing)
        except TransactWriteError as error:
            codes = [reason and reason.code for reason in error.cancellation_reasons]
            if not codes or attempt == TRIES - 1:
                raise
            there |= {
                record.record_id
                for record, code in zip(missing, codes, strict=True)
                if code == "ConditionalCheckFailed"
            }
        else:
            break
    return there


def _put_all(tenant_id: str, records: list[TimeRecord]) -> None:
    if not records:
        return
    with TransactWrite(connection=transaction_connection()) as transaction:
        for record in records:
            transaction.save(TimeRow.of(tenant_id, record), condition=TimeRow.pk.does_not_exist())


def _store(tenant_id: str, outcomes: list[Outcome]) -> list[Outcome]:
    new = [o.record for o in outcomes if o.record and o.state is Added.CREATED]
    there = put_new(tenant_id, new)
    stored = {record.record_id: record for record in time_records.by_ids(tenant_id, there)}
    return [
        Outcome(Added.EXISTS, stored.get(o.record.record_id, o.record))
        if o.record and o.record.record_id in there
        else o
        for o in outcomes
    ]
