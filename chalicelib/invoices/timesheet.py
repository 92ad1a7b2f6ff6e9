"""The work that an invoice bills, as a file for its client: when, who, on what, and how long.

It says nothing of prices, which are the invoice's.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.invoices.extras import ExtraName
from chalicelib.invoices.model import Invoice
from chalicelib.people.model import Tenant
from chalicelib.spreadsheet import csv_bytes
from chalicelib.work import claims, projects, tasks, time_records
from chalicelib.work.materials import find as find_materials

HEADER = (
    "Date", "Kind", "Project", "Task or item", "Person", "Note", "Time", "Minutes", "Quantity",
    "Unit",
)  # fmt: skip
HOUR = 60
UNNAMED = "(no name)"


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of work: of time ``minutes``, of a material ``quantity`` and ``unit``."""

    date: dt.date
    kind: str
    project: str
    item: str
    person: str
    note: str
    minutes: int | None = None
    quantity: Decimal | None = None
    unit: str = ""

    @property
    def amount(self) -> str:
        """How long, or how much."""
        if self.minutes is not None:
            return hours(self.minutes)
        return " ".join(filter(None, (plain(self.quantity), self.unit)))


def file_of(
    tenant: Tenant, invoice: Invoice, found: Sequence[Entry], name: ExtraName
) -> tuple[bytes, str]:
    """The timesheet of some work in the form of that name, and its content type."""
    if name is ExtraName.TIMESHEET_CSV:
        return as_csv(found), "text/csv"
    from chalicelib.invoices import timesheet_pdf

    return timesheet_pdf.draw(tenant.name, invoice, found), "application/pdf"


def entries(tenant_id: str, invoice_id: str) -> list[Entry]:
    """All work on an invoice, by day, project and person."""
    records = time_records.by_ids(tenant_id, claims.claimed(tenant_id, invoice_id))
    goods = find_materials.by_ids(tenant_id, claims.claimed_materials(tenant_id, invoice_id))
    names = projects.by_ids(
        tenant_id, [*(one.project_id for one in records), *(one.project_id for one in goods)]
    )
    called = {
        task_id: task.name
        for project_id in names
        for task_id, task in tasks.of_project(tenant_id, project_id).items()
    }

    def project(project_id: str) -> str:
        return names[project_id].name if project_id in names else UNNAMED

    found = [
        Entry(
            one.date,
            "Time",
            project(one.project_id),
            called.get(one.task_id, UNNAMED),
            one.staff,
            one.note,
            minutes=one.minutes,
        )
        for one in records
    ]
    found += [
        Entry(
            one.date,
            one.kind.capitalize(),
            project(one.project_id),
            one.name,
            one.staff,
            one.note,
            quantity=one.quantity,
            unit=one.unit,
        )
        for one in goods
    ]
    return sorted(found, key=lambda one: (one.date, one.project, one.person, one.item, one.note))


def as_csv(found: Sequence[Entry]) -> bytes:
    """For a spreadsheet; time stands as hours and minutes and, to add up, in minutes."""
    return csv_bytes(
        HEADER,
        (
            (
                one.date.isoformat(),
                one.kind,
                one.project,
                one.item,
                one.person,
                one.note,
                None if one.minutes is None else hours(one.minutes),
                one.minutes,
                plain(one.quantity),
                one.unit,
            )
            for one in found
        ),
    )


def plain(quantity: Decimal | None) -> str:
    """A quantity without nought behind it, such as 2.5."""
    return f"{quantity.normalize():f}" if quantity is not None else ""


def hours(minutes: int) -> str:
    """Minutes as hours and minutes, exactly, such as 1:05."""
    return f"{minutes // HOUR}:{minutes % HOUR:02d}"
