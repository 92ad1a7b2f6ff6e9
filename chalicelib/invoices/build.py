"""From tracked time to lines: grouped, priced, and with their codes frozen."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from chalicelib.errors import InvalidInput
from chalicelib.invoices.line import Line, Work
from chalicelib.money import FOUR_PLACES, round_half_up
from chalicelib.work.model import Project, Task, TimeRecord

MINUTES = Decimal(60)
LONGEST_DESCRIPTION = 4000


class Grouping(StrEnum):
    """What becomes one line; work at another rate or code is a line of its own."""

    TASK = "task"
    STAFF = "staff"
    PROJECT = "project"
    DAY = "day"
    EACH = "each"


class Codes(Protocol):
    """Where a line's money and tax go; either may be missing."""

    @property
    def account_code(self) -> str | None:
        """The account."""

    @property
    def tax_type(self) -> str | None:
        """The tax rate."""


@dataclass(frozen=True, slots=True)
class Book:
    """What is known of the work: projects and tasks by id, and how codes are found."""

    projects: Mapping[str, Project]
    tasks: Mapping[str, Task]
    codes_of: Callable[[Task], Codes]
    percent_of: Callable[[str], Decimal]


@dataclass(slots=True)
class _Group:
    task: Task
    label: str
    first: date
    last: date
    minutes: int = 0
    records: int = 0
    ids: list[str] = field(default_factory=list)


def time_lines(records: Iterable[TimeRecord], book: Book, grouping: Grouping) -> tuple[Line, ...]:
    """One line per group, in the order of project, label and date.

    The quantity is hours at four decimals, rounded once per line. Raises InvalidInput for a
    task without a rate, and for projects of several currencies.
    """
    groups: dict[tuple[str, ...], _Group] = {}
    for record in records:
        task = _priced(record, book)
        key = (*_key(record, grouping), *_price(task, book))
        group = groups.get(key)
        if group is None:
            label = _label(record, task, book, grouping)
            group = groups[key] = _Group(task, label, record.date, record.date)
        _add(group, record)
    ordered = sorted(groups.values(), key=lambda group: (group.label, group.first))
    return tuple(_line(group, book, grouping) for group in ordered)


def one_currency(projects: Iterable[Project]) -> str:
    """The currency that all share; raises InvalidInput when they do not."""
    currencies = {project.currency for project in projects}
    if len(currencies) != 1:
        raise InvalidInput(
            "These projects are billed in different currencies. Make an invoice for each.",
            field="project_ids",
        )
    return currencies.pop()


def hours(minutes: int) -> Decimal:
    """Hours at four decimals, half up."""
    return round_half_up(Decimal(minutes) / MINUTES, FOUR_PLACES)


def _priced(record: TimeRecord, book: Book) -> Task:
    task = book.tasks[record.task_id]
    if task.rate is None:
        raise InvalidInput(
            f"The task “{task.name}” has no hourly rate. Set it, then make the invoice.",
            field="project_ids",
        )
    return task


def _price(task: Task, book: Book) -> tuple[str, ...]:
    codes = book.codes_of(task)
    return (f"{task.rate}", codes.account_code or "", codes.tax_type or "")


def _key(record: TimeRecord, grouping: Grouping) -> tuple[str, ...]:
    match grouping:
        case Grouping.TASK:
            return (record.project_id, record.task_id)
        case Grouping.STAFF:
            return (record.staff,)
        case Grouping.PROJECT:
            return (record.project_id,)
        case Grouping.DAY:
            return (record.date.isoformat(),)
        case Grouping.EACH:
            return (record.record_id,)


def _label(record: TimeRecord, task: Task, book: Book, grouping: Grouping) -> str:
    project = book.projects[record.project_id].name
    match grouping:
        case Grouping.TASK:
            return f"{project}: {task.name}"
        case Grouping.STAFF:
            return record.staff or "Work"
        case Grouping.PROJECT:
            return project
        case Grouping.DAY:
            return record.date.isoformat()
        case Grouping.EACH:
            facts = (project, task.name, record.staff, record.note)
            return ", ".join(fact for fact in facts if fact)


def _add(group: _Group, record: TimeRecord) -> None:
    group.minutes += record.minutes
    group.records += 1
    group.first = min(group.first, record.date)
    group.last = max(group.last, record.date)
    group.ids.append(record.record_id)


def _line(group: _Group, book: Book, grouping: Grouping) -> Line:
    task, codes = group.task, book.codes_of(group.task)
    description = group.label if grouping is Grouping.DAY else f"{group.label} ({_span(group)})"
    return Line(
        description=description[:LONGEST_DESCRIPTION],
        quantity=hours(group.minutes),
        unit_price=round_half_up(task.rate or Decimal(0), FOUR_PLACES),
        account_code=codes.account_code or "",
        tax_type=codes.tax_type or "",
        tax_percent=book.percent_of(codes.tax_type or ""),
        work=Work(
            records=group.records,
            minutes=group.minutes,
            project_id=task.project_id,
            task_id=task.task_id,
            group=group.label,
            record_ids=tuple(group.ids),
        ),
    )


def _span(group: _Group) -> str:
    if group.first == group.last:
        return group.first.isoformat()
    return f"{group.first.isoformat()} to {group.last.isoformat()}"
