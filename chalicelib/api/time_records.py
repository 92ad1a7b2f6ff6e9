"""Time records: minutes of work, one at a time or up to a thousand."""

import datetime as dt
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.api import query
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import List
from chalicelib.errors import InvalidInput, WorkbillError
from chalicelib.people.caller import Scope
from chalicelib.storage.pages import Page
from chalicelib.work import add_time, projects, time_records
from chalicelib.work.add_time import NewTime
from chalicelib.work.model import TimeRecord
from chalicelib.work.outcome import Added, Outcome
from chalicelib.work.time_records import Facts

api = API(__name__)

MOST = 1000


class TimeRecordView(msgspec.Struct):
    """A time record; ``invoice_id`` is the invoice that bills it, null while none does.

    What was ``billed_elsewhere`` is never billable; ``import_id`` is the file that brought it.
    """

    id: str
    client_id: str
    project_id: str
    task_id: str
    date: dt.date
    minutes: int
    staff: str
    staff_id: str | None
    note: str
    billable: bool
    invoice_id: str | None
    external_id: str | None
    import_id: str | None
    billed_elsewhere: bool


class NewTimeRecord(msgspec.Struct, forbid_unknown_fields=True):
    """Time to be added: ``date`` as YYYY-MM-DD, whole ``minutes`` from 1 to 1440.

    ``external_id`` is your own name for it: sent again unchanged it changes nothing, and with
    other contents it renews the record, until an invoice bills it (then: ``on_invoice``).
    Without ``billable`` it is as the task says, or stays as it is.
    """

    task_id: str
    date: str
    minutes: int
    staff: str = ""
    note: str = ""
    billable: bool | None = None
    external_id: str | None = None


class NewTimeRecords(msgspec.Struct, forbid_unknown_fields=True):
    """Up to 1,000 to be added, each on its own."""

    items: Annotated[list[NewTimeRecord], Meta(min_length=1, max_length=MOST)]


class ItemProblem(msgspec.Struct):
    """Why one of many was refused; ``field`` names the input at fault."""

    code: str
    detail: str
    field: str | None


class AddedView(msgspec.Struct):
    """What became of one of many, in the order they were sent; ``problem`` says why refused."""

    state: Added
    record: TimeRecordView | None
    problem: ItemProblem | None


class TimeRecordChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of a record is to change; what is left out stays."""

    task_id: str | UnsetType = UNSET
    date: dt.date | UnsetType = UNSET
    minutes: int | UnsetType = UNSET
    staff: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    billable: bool | UnsetType = UNSET


@api.get(
    "/time-records",
    scope=Scope.READ,
    answer=List[TimeRecordView],
    query={
        **query.PAGED,
        "project_id": "of this project only",
        "client_id": "of this client only",
        "from": "first day, YYYY-MM-DD",
        "to": "last day, YYYY-MM-DD",
        "invoiced": "true or false: on an invoice or not",
        "unbilled": "true: billable and on no invoice",
    },
)
def list_time_records(call: Call) -> List[TimeRecordView]:
    """Time records, project after project, by date; a page may be short and not the last."""
    found = _found(call, _project_ids(call))
    return List([_view(record) for record in found], found.next)


@api.post(
    "/time-records",
    scope=Scope.WRITE,
    body=NewTimeRecord,
    answer=TimeRecordView,
    status=201,
)
def make_time_record(call: Call) -> Answer:
    """Add a time record; 200 with the one that is there when its external_id is known."""
    (outcome,) = add_time.add_many(call.tenant_id, [_new(call.body)])
    if outcome.error:
        raise outcome.error
    return Answer(_view(outcome.made), 201 if outcome.state is Added.CREATED else 200)


@api.post("/time-records/bulk", scope=Scope.WRITE, body=NewTimeRecords, answer=List[AddedView])
def make_time_records(call: Call) -> List[AddedView]:
    """Add up to 1,000 time records; one that is refused holds up no other."""
    new: NewTimeRecords = call.body
    outcomes = add_time.add_many(call.tenant_id, [_new_or_error(item) for item in new.items])
    return List([_outcome(outcome) for outcome in outcomes])


@api.get("/time-records/{record_id}", scope=Scope.READ, answer=TimeRecordView)
def read_time_record(call: Call, record_id: str) -> TimeRecordView:
    """One time record."""
    return _view(time_records.get(call.tenant_id, record_id))


@api.patch(
    "/time-records/{record_id}",
    scope=Scope.WRITE,
    body=TimeRecordChange,
    answer=TimeRecordView,
)
def change_time_record(call: Call, record_id: str) -> TimeRecordView:
    """Change a time record that is on no invoice."""
    return _view(time_records.change(call.tenant_id, record_id, **query.changes(call.body)))


@api.delete("/time-records/{record_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_time_record(call: Call, record_id: str) -> None:
    """Remove a time record that is on no invoice."""
    time_records.delete(call.tenant_id, record_id)


def _project_ids(call: Call) -> list[str]:
    project_id = call.query.get("project_id")
    if project_id:
        return [projects.get(call.tenant_id, project_id).project_id]
    return projects.ids(call.tenant_id, call.query.get("client_id"))


def _found(call: Call, project_ids: list[str]) -> Page[TimeRecord]:
    start = query.day(call.query.get("from"), "from")
    end = query.day(call.query.get("to"), "to")
    most, cursor = query.limit(call), call.query.get("cursor")
    if query.flag(call, "unbilled"):
        return time_records.unbilled(
            call.tenant_id, project_ids, start, end, limit=most, cursor=cursor
        )
    return time_records.listing(
        call.tenant_id,
        project_ids,
        start=start,
        end=end,
        invoiced=query.flag(call, "invoiced"),
        limit=most,
        cursor=cursor,
    )


def _new(sent: NewTimeRecord) -> NewTime:
    day = query.day(sent.date, "date")
    if day is None:
        raise InvalidInput("date is missing.", field="date")
    facts = Facts(day, sent.minutes, sent.staff, sent.note)
    return NewTime(sent.task_id, facts, sent.billable, sent.external_id)


def _new_or_error(sent: NewTimeRecord) -> NewTime | WorkbillError:
    try:
        return _new(sent)
    except InvalidInput as error:
        return error


def _outcome(outcome: Outcome[TimeRecord]) -> AddedView:
    error = outcome.error
    return AddedView(
        outcome.state,
        None if error else _view(outcome.made),
        ItemProblem(error.code, error.sentence, error.field) if error else None,
    )


def _view(record: TimeRecord) -> TimeRecordView:
    return TimeRecordView(
        id=record.record_id,
        client_id=record.client_id,
        project_id=record.project_id,
        task_id=record.task_id,
        date=record.date,
        minutes=record.minutes,
        staff=record.staff,
        staff_id=record.staff_id,
        note=record.note,
        billable=record.billable,
        invoice_id=record.invoice_id,
        external_id=record.external_id,
        import_id=record.import_id,
        billed_elsewhere=record.billed_elsewhere,
    )
