"""Time records: read, changed and removed while no invoice bills them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.errors import Conflict, InvalidInput
from chalicelib.storage.pages import Page
from chalicelib.work import keys, projects, queries, tasks
from chalicelib.work.model import Task, TimeRecord
from chalicelib.work.staff import store as staff
from chalicelib.work.staff.recognise import recognise
from chalicelib.work.store import TimeRow

NO_RECORD = "There is no such time record."
MINUTES_OF_DAY = 1440
LONGEST_STAFF = 120
LONGEST_NOTE = 4000
"""What Xero takes for the description of an invoice's line."""

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
KEPT = (
    "project_id", "task_id", "client_id", "date", "minutes", "staff", "staff_id", "note",
    "billable", "sent", "billed_elsewhere", "version", "listing_key", "listing_order",
    "unbilled_key",
    "unbilled_order",
)  # fmt: skip


class OnInvoice(Conflict):
    """An invoice bills this time, so it stays as it is."""

    code = "on_invoice"

    def __init__(self) -> None:
        super().__init__("This time is on an invoice. Take it off the invoice first.")


class BilledElsewhere(Conflict):
    """Another program invoiced this time, so it is never billed here."""

    code = "billed_elsewhere"

    def __init__(self) -> None:
        super().__init__("This time was invoiced elsewhere. It is kept, and never billed here.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a piece of time before it is a record, checked on entry.

    ``minutes`` are whole, 1 to 1440. Raises InvalidInput naming the field at fault.
    """

    date: date
    minutes: int
    staff: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for name in ("date", "minutes", "staff", "note"):
            object.__setattr__(self, name, CHECKS[name](getattr(self, name)))


def get(tenant_id: str, record_id: str) -> TimeRecord:
    """The time record as last stored; raises NotFound."""
    row = queries.get(TimeRow, tenant_id, keys.time_sk(record_id), NO_RECORD)
    found: TimeRecord = row.record()
    return found


def by_ids(tenant_id: str, record_ids: Iterable[str]) -> list[TimeRecord]:
    """Those of the records that there are, in no order; consistent."""
    wanted = [(tenant_id, keys.time_sk(record_id)) for record_id in dict.fromkeys(record_ids)]
    return [row.record() for row in TimeRow.batch_get(wanted, consistent_read=True)]


def known(tenant_id: str, record_ids: Iterable[str]) -> set[str]:
    """The ids of those that there are; consistent."""
    wanted = [(tenant_id, keys.time_sk(record_id)) for record_id in dict.fromkeys(record_ids)]
    rows = TimeRow.batch_get(wanted, consistent_read=True, attributes_to_get=["pk", "sk"])
    return {row.sk.partition("#")[2] for row in rows}


def listing(
    tenant_id: str,
    project_ids: Sequence[str],
    *,
    start: date | None = None,
    end: date | None = None,
    invoiced: bool | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> Page[TimeRecord]:
    """Records of the projects, one project after the other, each by date, both days included."""
    where = None
    if invoiced is not None:
        on_invoice = TimeRow.invoice_id
        where = on_invoice.exists() if invoiced else on_invoice.does_not_exist()
    rows = queries.walk(
        TimeRow.listing,
        tenant_id,
        keys.time_listing,
        project_ids,
        limit=limit,
        cursor=cursor,
        between=queries.days(TimeRow.listing_order, start, end),
        where=where,
    )
    return Page([row.record() for row in rows], rows.next)


def unbilled(
    tenant_id: str,
    project_ids: Sequence[str],
    start: date | None = None,
    end: date | None = None,
    *,
    limit: int = 1000,
    cursor: str | None = None,
) -> Page[TimeRecord]:
    """Billable records of the projects that are on no invoice, both days included.

    What was stored a moment ago may be missing; what was claimed a moment ago may still be
    there, and ``claims.claim`` will refuse it.
    """
    rows = queries.walk(
        TimeRow.unbilled,
        tenant_id,
        keys.unbilled_key,
        project_ids,
        limit=limit,
        cursor=cursor,
        between=queries.days(TimeRow.unbilled_order, start, end),
    )
    return Page([row.record() for row in rows], rows.next)


def change(tenant_id: str, record_id: str, **changes: Any) -> TimeRecord:
    """Change task_id, date, minutes, staff, note or billable.

    Another task may be of another project. Raises Conflict when the record is on an invoice,
    would be billable though it was billed elsewhere, or was changed at the same moment.
    """
    before = get(tenant_id, record_id)
    if before.invoice_id:
        raise OnInvoice
    checked: dict[str, Any] = {name: CHECKS[name](value) for name, value in changes.items()}
    if "task_id" in checked:
        checked |= place_of(tenant_id, tasks.use(tenant_id, checked["task_id"]))
    if checked.get("staff", before.staff) != before.staff:
        checked["staff_id"] = _whose(tenant_id, checked["staff"])
    after = replace(before, **checked)
    if after == before:
        return before
    if after.billed_elsewhere and after.billable:
        raise BilledElsewhere
    after = replace(after, version=before.version + 1)
    row = TimeRow.of(tenant_id, after)
    if not queries.update(row, queries.replacement(row, KEPT), still(before)):
        raise Conflict("This time was just changed or invoiced. Look again.")
    return after


def set_billed_elsewhere(tenant_id: str, record: TimeRecord) -> bool:
    """Never bill a record that is on no invoice; False when it is by now, or has just changed."""
    after = replace(record, billable=False, billed_elsewhere=True, version=record.version + 1)
    row = TimeRow.of(tenant_id, after)
    return queries.update(row, queries.replacement(row, KEPT), still(record))


def delete(tenant_id: str, record_id: str) -> None:
    """Remove a record; raises Conflict when it is on an invoice, and NotFound."""
    before = get(tenant_id, record_id)
    row = TimeRow(tenant_id, keys.time_sk(record_id))
    if before.invoice_id or not queries.remove(row, still(before)):
        raise OnInvoice


def place_of(tenant_id: str, task: Task) -> dict[str, Any]:
    """Where a record of this task belongs: its task, project and client."""
    project = projects.get(tenant_id, task.project_id)
    return {
        "task_id": task.task_id,
        "project_id": task.project_id,
        "client_id": project.client_id,
    }


def _whose(tenant_id: str, said: str) -> str | None:
    return recognise(tenant_id, staff.roll(tenant_id), said) if said else None


def still(record: TimeRecord) -> Condition:
    """That a record is as it was read, and on no invoice."""
    same: Condition = (TimeRow.version == record.version) & TimeRow.invoice_id.does_not_exist()
    return same


def _day(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise InvalidInput(f"{value} is not a day of this century.", field="date")
    return value


def _minutes(value: int) -> int:
    if not 1 <= value <= MINUTES_OF_DAY:
        raise InvalidInput("A record has 1 to 1440 minutes, at most a day.", field="minutes")
    return value


def _text(field: str, most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        text = value.strip()
        if len(text) > most:
            raise InvalidInput(f"The {field} has at most {most} characters.", field=field)
        return text

    return check


CHECKS: dict[str, Callable[[Any], Any]] = {
    "task_id": str,
    "date": _day,
    "minutes": _minutes,
    "staff": _text("staff", LONGEST_STAFF),
    "note": _text("note", LONGEST_NOTE),
    "billable": bool,
}
