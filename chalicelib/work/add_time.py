"""Adding time records, one or many, each once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.storage.each import write_each
from chalicelib.work import tasks, time_records
from chalicelib.work.ids import new_id, same_id
from chalicelib.work.model import Task, TimeRecord
from chalicelib.work.outcome import Added, Outcome
from chalicelib.work.renew_time import renew
from chalicelib.work.staff import store as staff
from chalicelib.work.staff.model import Roll
from chalicelib.work.staff.recognise import recognise
from chalicelib.work.store import TimeRow
from chalicelib.work.time_records import Facts

LONGEST_EXTERNAL_ID = 200
CAME_TWICE = "This external id came before in the same request, with other contents."


@dataclass(frozen=True, slots=True)
class NewTime:
    """A piece of time to be added; ``billable`` None means: as the task says.

    ``external_id`` is the sender's own name for it: the same one again adds nothing, and what it
    says is brought up to date while no invoice bills it.
    """

    task_id: str
    facts: Facts
    billable: bool | None = None
    external_id: str | None = None


@dataclass(slots=True)
class Places:
    """Tasks, their places and staff, each read once; marked as in use when first asked for."""

    tenant_id: str
    _known: dict[str, tuple[Task, dict[str, Any]]] = field(default_factory=dict)
    _staff: dict[str, str | None] = field(default_factory=dict)
    _roll: Roll | None = None

    def of(self, task_id: str) -> tuple[Task, dict[str, Any]]:
        """A task, and the ids that a record of it carries; raises NotFound."""
        if task_id not in self._known:
            task = tasks.use(self.tenant_id, task_id)
            self._known[task_id] = task, time_records.place_of(self.tenant_id, task)
        return self._known[task_id]

    def staff_id(self, said: str) -> str | None:
        """Which of the staff a record means; None for nobody known."""
        if said and said not in self._staff:
            self._roll = self._roll or staff.roll(self.tenant_id)
            self._staff[said] = recognise(self.tenant_id, self._roll, said)
        return self._staff.get(said)


def add(tenant_id: str, new: NewTime) -> TimeRecord:
    """A new record; with an ``external_id`` that is known, the one that is there, renewed.

    Raises what would refuse it among many.
    """
    (outcome,) = add_many(tenant_id, [new])
    if outcome.error:
        raise outcome.error
    return outcome.made


def add_many(
    tenant_id: str, wanted: Sequence[NewTime | WorkbillError]
) -> list[Outcome[TimeRecord]]:
    """What became of each, in order; an error stands for one that was refused already.

    The good ones are added whatever becomes of the others. Of several with one external id the
    first counts; those after it are unchanged where they say the same, and else refused.
    """
    outcomes = _first_of_each(tenant_id, wanted)
    new = {o.made.record_id: o.made for o in outcomes if o.state is Added.CREATED}
    there = put_new(tenant_id, new.values())
    silent = {
        o.made.record_id
        for o, one in zip(outcomes, wanted, strict=True)
        if isinstance(one, NewTime) and one.billable is None and o.state is Added.CREATED
    }
    known = [record for record_id, record in new.items() if record_id in there]
    renewed = renew(tenant_id, known, silent=silent)
    return [_as_it_came_out(outcome, renewed) for outcome in outcomes]


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
        staff_id=places.staff_id(new.facts.staff),
        note=new.facts.note,
        billable=task.billable if new.billable is None else new.billable,
        external_id=new.external_id or None,
        sent=_sent(new) if new.external_id else None,
    )


def _sent(new: NewTime) -> str:
    """What its sender says, as a fingerprint."""
    facts = new.facts
    said = (facts.date.isoformat(), str(facts.minutes), facts.staff, facts.note)
    return same_id(new.task_id, *said, str(new.billable))


def put_new(tenant_id: str, records: Iterable[TimeRecord]) -> set[str]:
    """Store records that are not there yet; answers with the ids of those that were.

    No stored record is ever replaced, so one that is on an invoice stays there. The ids must
    differ. One request per 100, one more where some were there.
    """

    def put(transaction: TransactWrite, record: TimeRecord) -> None:
        transaction.save(TimeRow.of(tenant_id, record), condition=TimeRow.pk.does_not_exist())

    return {record.record_id for record in write_each(records, put)}


def _first_of_each(
    tenant_id: str, wanted: Sequence[NewTime | WorkbillError]
) -> list[Outcome[TimeRecord]]:
    """The records to store as created, the first of each id; the rest refused or unchanged."""
    places = Places(tenant_id)
    outcomes: list[Outcome[TimeRecord]] = []
    first: dict[str, TimeRecord] = {}
    for new in wanted:
        try:
            if isinstance(new, WorkbillError):
                raise new
            record = record_of(tenant_id, new, places)
            before = first.setdefault(record.record_id, record)
            if before.sent != record.sent:
                raise Conflict(CAME_TWICE, field="external_id")
        except WorkbillError as error:
            outcomes.append(Outcome(Added.REFUSED, error=error))
        else:
            state = Added.CREATED if before is record else Added.UNCHANGED
            outcomes.append(Outcome(state, before))
    return outcomes


def _as_it_came_out(
    outcome: Outcome[TimeRecord], renewed: Mapping[str, Outcome[TimeRecord]]
) -> Outcome[TimeRecord]:
    if outcome.state is Added.REFUSED or outcome.made.record_id not in renewed:
        return outcome
    found = renewed[outcome.made.record_id]
    if outcome.state is Added.UNCHANGED and found.state is Added.UPDATED:
        return Outcome(Added.UNCHANGED, found.made)
    return found
