"""Reading Toggl Track's detailed report, a CSV file.

Columns are known by their names, in any order. Toggl counts seconds and Workbill whole minutes:
each record is rounded to the nearest minute, half a minute up.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chalicelib.errors import InvalidInput
from chalicelib.work.names import clean_name, name_key
from chalicelib.work.time_records import Facts

NEEDED = (
    "user", "client", "project", "task", "description", "billable", "start date", "duration",
)  # fmt: skip
IDENTIFYING = ("email", "start time", "end date", "end time", "duration")
AMOUNT = re.compile(r"amount \(([a-z]{3})\)")
DURATION = re.compile(r"(\d{1,4}):([0-5]\d):([0-5]\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
BILLABLE = {"yes": True, "no": False}
NO_TASK = "General"
"""The task of time that Toggl has on a project alone."""


class UnusableFile(InvalidInput):
    """The file as a whole cannot be read; nothing of it was taken."""

    code = "unusable_file"


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken; ``line`` is where it begins in the file, from 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can be taken.

    ``identity`` is what makes it the same row when the file comes again: who, when, where and
    what for. Tags, amount and the billable mark are not in it, because they change later.
    """

    line: int
    client: str
    project: str
    task: str
    facts: Facts
    billable: bool
    identity: tuple[str, ...]


class Report:
    """A file of Toggl's; raises UnusableFile unless it is text in UTF-8 with the columns."""

    def __init__(self, content: bytes) -> None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UnusableFile(
                "This file is not text in UTF-8. Export the report from Toggl as CSV again."
            ) from None
        self._reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        self._columns = self._header()

    @property
    def currency(self) -> str | None:
        """The currency in the header of the amounts, where there is one."""
        found = (AMOUNT.fullmatch(name) for name in self._columns)
        return next((match[1].upper() for match in found if match), None)

    def __iter__(self) -> Iterator[Entry | Refused]:
        """Each row once, in order; raises UnusableFile where the quotes do not close."""
        while True:
            line = self._reader.line_num + 1
            cells = self._next()
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield self._entry(line, cells)

    def _header(self) -> dict[str, int]:
        names = [name.strip().casefold() for name in self._next() or []]
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise UnusableFile(
                "This is not Toggl Track's detailed report: it has no column "
                f"{', '.join(name.capitalize() for name in missing)}."
            )
        return {name: number for number, name in reversed(list(enumerate(names)))}

    def _next(self) -> list[str] | None:
        line = self._reader.line_num + 1
        try:
            return next(self._reader, None)
        except csv.Error as error:
            raise UnusableFile(f"The row at line {line} is not valid CSV: {error}.") from None

    def _entry(self, line: int, cells: list[str]) -> Entry | Refused:
        if len(cells) <= max(self._columns.values()):
            return Refused(line, f"It has {len(cells)} columns, fewer than the header.")
        row = {name: cells[number].strip() for name, number in self._columns.items()}
        try:
            return _entry(line, row)
        except InvalidInput as error:
            return Refused(line, error.sentence)


def minutes_of(duration: str) -> int:
    """Whole minutes of HH:MM:SS, half a minute up; raises InvalidInput for other forms."""
    found = DURATION.fullmatch(duration)
    if not found:
        raise InvalidInput(f"The duration {duration!r} is not written as HH:MM:SS.")
    hours, minutes, seconds = (int(part) for part in found.groups())
    rounded = (hours * 3600 + minutes * 60 + seconds + 30) // 60
    if not rounded:
        raise InvalidInput(f"The duration {duration} is less than half a minute.")
    return rounded


def _entry(line: int, row: dict[str, str]) -> Entry:
    if row["billable"].casefold() not in BILLABLE:
        raise InvalidInput(f"Billable is {row['billable']!r}, neither Yes nor No.")
    facts = Facts(
        date=_day(row["start date"]),
        minutes=minutes_of(row["duration"]),
        staff=row["user"] or row.get("email", ""),
        note=row["description"],
    )
    client = _name(row["client"], "client")
    project = _name(row["project"], "project")
    task = clean_name(row["task"] or NO_TASK)
    return Entry(
        line=line,
        client=client,
        project=project,
        task=task,
        facts=facts,
        billable=BILLABLE[row["billable"].casefold()],
        identity=(
            *(name_key(name) for name in (client, project, task)),
            facts.date.isoformat(),
            facts.staff.casefold(),
            facts.note,
            *(row.get(name, "").casefold() for name in IDENTIFYING),
        ),
    )


def _name(text: str, what: str) -> str:
    if not text:
        raise InvalidInput(f"It has no {what}.")
    return clean_name(text, field=what)


def _day(text: str) -> date:
    """Toggl writes days one way only, so no other is guessed at."""
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidInput(f"The start date {text!r} is not a day written as YYYY-MM-DD.")
