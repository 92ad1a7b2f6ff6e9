"""A row of a file as a piece of time, or the reason why it is none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from chalicelib.errors import InvalidInput
from chalicelib.work.intake.columns import unique
from chalicelib.work.intake.dates import Order, bare, day_of
from chalicelib.work.intake.durations import (
    DAY,
    HOUR,
    MINUTE,
    clock_of,
    minutes_of,
    seconds_of,
    seconds_of_minutes,
)
from chalicelib.work.intake.faults import Refused
from chalicelib.work.intake.keys import key_of
from chalicelib.work.intake.kinds import Field, Kind, plain
from chalicelib.work.names import clean_name
from chalicelib.work.time_records import Facts

Said = Mapping[Field, str]

NO_TASK = "General"
"""The task of time that a file has on a project alone."""

YES = frozenset({"yes", "y", "true", "1", "x", "billable"})
NO = frozenset({"no", "n", "false", "0", "non-billable", "not billable", "nonbillable"})
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
"""Control characters, which no invoice can bear."""

LINE_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can be taken.

    ``identity`` is what makes it the same row when the file comes again: who, when, where, how
    long and what for. How those are written is not in it, nor tags, rates and marks, because
    they change later. ``invoiced`` means: elsewhere, so it is never billed here.
    """

    line: int
    client: str
    project: str
    task: str
    code: str
    email: str
    facts: Facts
    billable: bool
    invoiced: bool
    currency: str
    identity: tuple[str, ...]


@dataclass(slots=True)
class Judge:
    """Reads the rows of one file; ``same`` says what holds for all of them."""

    kind: Kind
    header: Sequence[str]
    order: Order
    same: Mapping[Field, str] = field(default_factory=dict)
    _places: dict[Field, tuple[int, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Find each field's columns in the header, the best one first."""
        numbers = {plain(name): number for number, name in enumerate(unique(self.header))}
        self._places = {
            what: tuple(numbers[name] for name in names if name in numbers)
            for what, names in self.kind.columns.items()
        }

    def judge(self, line: int, cells: Sequence[str]) -> Entry | Refused:
        """The row's time, or the reason why there is none, in a sentence."""
        count = len(cells)
        if count < len(self.header) or any(map(str.strip, cells[len(self.header) :])):
            reason = f"It has {count} columns, and the header {len(self.header)}."
            return Refused(line, reason, tuple(cells))
        try:
            return self._entry(line, self._said(cells))
        except InvalidInput as error:
            return Refused(line, error.sentence, tuple(cells))

    def _said(self, cells: Sequence[str]) -> Said:
        said = {
            what: next(filter(None, (_text(cells[number]) for number in places)), "")
            for what, places in self._places.items()
        }
        return said | {what: text for what, text in self.same.items() if not said.get(what)}

    def _entry(self, line: int, said: Said) -> Entry:
        kind = said.get(Field.TYPE, "").replace("_", " ")
        if plain(kind) in self.kind.idle:
            raise InvalidInput(f"It is no work: {kind}.")
        names = _name(said, Field.CLIENT), _name(said, Field.PROJECT), _task(said)
        begun = self._moment(said, Field.DATE, Field.START)
        ended = self._moment(said, Field.END_DATE, Field.END)
        if ended is None and begun:
            ended = self._moment(said, Field.DATE, Field.END)
        seconds = _seconds(said, begun, ended)
        email = said.get(Field.EMAIL, "").casefold()
        facts = Facts(
            date=self._day(said, Field.DATE),
            minutes=minutes_of(seconds),
            staff=_staff(said),
            note=LINE_ENDS.sub("\n", said.get(Field.NOTE, "")),
        )
        return Entry(
            line,
            *names,
            code=said.get(Field.PROJECT_CODE, ""),
            email=email,
            facts=facts,
            billable=self._marked(said, Field.BILLABLE, absent=True),
            invoiced=self._marked(said, Field.INVOICED, absent=False),
            currency=said.get(Field.CURRENCY, ""),
            identity=(
                *map(key_of, names),
                facts.date.isoformat(),
                email or facts.staff.casefold(),
                facts.note,
                str(seconds),
                *(str(moment or "") for moment in (begun, ended)),
            ),
        )

    def _day(self, said: Said, what: Field) -> date:
        if not said.get(what):
            raise InvalidInput("It has no date.")
        return day_of(bare(said[what]), self.order)

    def _moment(self, said: Said, day: Field, clock: Field) -> datetime | None:
        if not said.get(day) or not said.get(clock):
            return None
        midnight = datetime.combine(self._day(said, day), time())
        return midnight + timedelta(seconds=clock_of(said[clock]))

    def _marked(self, said: Said, what: Field, *, absent: bool) -> bool:
        """``absent`` is what a file means that has no such column."""
        if what not in said:
            return absent
        mark = plain(said[what])
        if not mark:
            empty = False if what is Field.INVOICED else self.kind.unmarked
            if empty is not None:
                return empty
        elif mark in YES or mark in NO:
            return mark in YES
        raise InvalidInput(f"{what.capitalize()} is {said[what]!r}, neither Yes nor No.")


def _text(cell: str) -> str:
    return UNSEEN.sub("", cell).strip()


def _name(said: Said, what: Field) -> str:
    if not said.get(what):
        raise InvalidInput(f"It has no {what}.")
    return clean_name(said[what], field=what)


def _task(said: Said) -> str:
    return clean_name(said.get(Field.TASK) or NO_TASK, field="task")


def _staff(said: Said) -> str:
    full = " ".join(filter(None, (said.get(Field.FIRST_NAME), said.get(Field.LAST_NAME))))
    return said.get(Field.STAFF) or full or said.get(Field.EMAIL, "")


def _seconds(said: Said, begun: datetime | None, ended: datetime | None) -> int:
    """What the row says it lasts; else from its beginning to its end."""
    if begun and ended and ended < begun:
        raise InvalidInput(
            f"It ends at {ended:%H:%M} on {ended.date()}, before it begins at {begun:%H:%M} on "
            f"{begun.date()}."
        )
    if said.get(Field.DURATION):
        seconds = seconds_of(said[Field.DURATION])
    elif said.get(Field.MINUTES):
        seconds = seconds_of_minutes(said[Field.MINUTES])
    elif begun and ended:
        seconds = int((ended - begun).total_seconds())
    else:
        raise InvalidInput("It has no duration.")
    if seconds > DAY:
        hours, rest = divmod(seconds, HOUR)
        raise InvalidInput(
            f"It lasts {hours}:{rest // MINUTE:02d} hours; a record has at most a day."
        )
    return seconds
