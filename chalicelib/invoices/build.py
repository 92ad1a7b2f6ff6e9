"""From tracked time to lines: grouped, priced, and with their codes frozen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from chalicelib.errors import InvalidInput
from chalicelib.invoices.line import Line, Tracked, Work
from chalicelib.money import FOUR_PLACES, round_half_up
from chalicelib.work.model import Phase, Project, Task, TimeRecord

MINUTES = Decimal(60)
LONGEST_DESCRIPTION = 4000


class Grouping(StrEnum):
    """What becomes one line; work at another rate or code is a line of its own."""

    TASK = "task"
    STAFF = "staff"
    PROJECT = "project"
    PHASE = "phase"
    DAY = "day"
    EACH = "each"


class Per(StrEnum):
    """What is rounded: each record by itself, or the sum of what becomes a line."""

    RECORD = "record"
    GROUP = "group"


class Rounding(msgspec.Struct, frozen=True):
    """Time is billed in steps of so many minutes, a begun one as a whole; 0 means as tracked."""

    minutes: int = 0
    per: Per = Per.RECORD

    def up(self, minutes: int, per: Per) -> int:
        """Minutes in whole steps, where this is what is rounded."""
        if not self.minutes or per is not self.per:
            return minutes
        return -(-minutes // self.minutes) * self.minutes


AS_TRACKED = Rounding()
STEPS = (0, 6, 15, 30)


def check_rounding(rounding: Rounding) -> None:
    """Refuse steps that time is not billed in; raises InvalidInput."""
    if rounding.minutes not in STEPS:
        raise InvalidInput("Time is rounded up to 6, 15 or 30 minutes.", field="rounding")


@dataclass(frozen=True, slots=True)
class Style:
    """How time becomes lines: grouped, rounded, and with the notes of the records or without.

    ``notes`` None means: only where each record is a line.
    """

    grouping: Grouping = Grouping.TASK
    rounding: Rounding = AS_TRACKED
    notes: bool | None = None

    @property
    def shows_notes(self) -> bool:
        """Whether notes are shown."""
        return self.grouping is Grouping.EACH if self.notes is None else self.notes


@dataclass(frozen=True, slots=True)
class Terms:
    """What an hour or a unit of some work is billed at: work on other terms is another line."""

    unit_price: Decimal
    account_code: str = ""
    tax_type: str = ""
    tax_percent: Decimal = Decimal(0)
    tracking: tuple[Tracked, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """What is known of the work: projects and tasks by id, and each record's terms.

    ``terms_of`` raises InvalidInput for a record that has no price.
    """

    projects: Mapping[str, Project]
    tasks: Mapping[str, Task]
    terms_of: Callable[[TimeRecord], Terms]
    phases: Mapping[str, Phase] = field(default_factory=dict)


@dataclass(slots=True)
class _Group:
    task: Task
    terms: Terms
    label: str
    first: date
    last: date
    minutes: int = 0
    billed: int = 0
    records: int = 0
    ids: list[str] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)


def time_lines(records: Iterable[TimeRecord], book: Book, style: Style) -> tuple[Line, ...]:
    """One line per group, in the order of project, label and date.

    The quantity is hours at four decimals, rounded once per line after the rounding of
    ``style``; each record counts at the price of its day. Raises InvalidInput for a record that
    has no price.
    """
    grouping = style.grouping
    groups: dict[tuple[Any, ...], _Group] = {}
    for record in records:
        task, terms = book.tasks[record.task_id], book.terms_of(record)
        key = (*_key(record, grouping, task.phase_id), terms)
        group = groups.get(key)
        if group is None:
            label = _label(record, task, book, grouping, notes=style.shows_notes)
            group = groups[key] = _Group(task, terms, label, record.date, record.date)
        _add(group, record, style.rounding)
    ordered = sorted(groups.values(), key=lambda group: (group.label, group.first))
    return tuple(_line(group, style) for group in ordered)


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


def _key(record: TimeRecord, grouping: Grouping, phase_id: str | None) -> tuple[str, ...]:
    match grouping:
        case Grouping.TASK:
            return (record.project_id, record.task_id)
        case Grouping.PHASE:
            return (record.project_id, phase_id or "")
        case Grouping.STAFF:
            return (record.staff,)
        case Grouping.PROJECT:
            return (record.project_id,)
        case Grouping.DAY:
            return (record.date.isoformat(),)
        case Grouping.EACH:
            return (record.record_id,)


def _label(record: TimeRecord, task: Task, book: Book, grouping: Grouping, *, notes: bool) -> str:
    project = book.projects[record.project_id].name
    match grouping:
        case Grouping.TASK:
            return f"{project}: {task.name}"
        case Grouping.PHASE:
            phase = book.phases.get(task.phase_id or "")
            return f"{project}: {phase.name}" if phase else project
        case Grouping.STAFF:
            return record.staff or "Work"
        case Grouping.PROJECT:
            return project
        case Grouping.DAY:
            return record.date.isoformat()
        case Grouping.EACH:
            facts = (project, task.name, record.staff, record.note if notes else "")
            return ", ".join(fact for fact in facts if fact)


def _add(group: _Group, record: TimeRecord, rounding: Rounding) -> None:
    group.minutes += record.minutes
    group.billed += rounding.up(record.minutes, Per.RECORD)
    group.records += 1
    group.first = min(group.first, record.date)
    group.last = max(group.last, record.date)
    group.ids.append(record.record_id)
    if record.note:
        group.notes[" ".join(record.note.split())] = None


def _line(group: _Group, style: Style) -> Line:
    task, terms = group.task, group.terms
    by_day = style.grouping is Grouping.DAY
    description = group.label if by_day else f"{group.label} ({_span(group)})"
    if style.shows_notes and style.grouping is not Grouping.EACH:
        description = with_notes(description, list(group.notes))
    return Line(
        description=description[:LONGEST_DESCRIPTION],
        quantity=hours(style.rounding.up(group.billed, Per.GROUP)),
        unit_price=round_half_up(terms.unit_price, FOUR_PLACES),
        account_code=terms.account_code,
        tax_type=terms.tax_type,
        tax_percent=terms.tax_percent,
        tracking=terms.tracking,
        work=Work(
            records=group.records,
            minutes=group.minutes,
            project_id=task.project_id,
            task_id=task.task_id,
            group=group.label,
            record_ids=tuple(group.ids),
        ),
    )


def with_notes(description: str, notes: Sequence[str]) -> str:
    """The description and under it the notes, each once, as many as Xero has room for."""
    shown = description
    for place, note in enumerate(notes):
        left = f"\n… and {len(notes) - place} more"
        if len(shown) + len(note) + 3 + len(left) > LONGEST_DESCRIPTION:
            return shown + left
        shown += f"\n- {note}"
    return shown


def _span(group: _Group) -> str:
    if group.first == group.last:
        return group.first.isoformat()
    return f"{group.first.isoformat()} to {group.last.isoformat()}"
