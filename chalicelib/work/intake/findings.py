"""What a file holds, counted while it is read."""

from datetime import date

import msgspec

from chalicelib.work.currencies import known_currency
from chalicelib.work.intake.entry import Entry
from chalicelib.work.intake.faults import Refused
from chalicelib.work.intake.keys import key_of
from chalicelib.work.time_records import MINUTES_OF_DAY

MOST_SHOWN = 200
"""Refused rows and long days that are shown; all refused rows are in the report."""


class Place(msgspec.Struct):
    """A task that the file names with its project and client, and the time on it.

    ``here`` counts rows that were taken before.
    """

    client: str
    project: str
    task: str
    code: str = ""
    currency: str = ""
    rows: int = 0
    minutes: int = 0
    billable: int = 0
    here: int = 0


class Person(msgspec.Struct):
    """Somebody whose time is in the file."""

    name: str
    email: str = ""
    rows: int = 0
    minutes: int = 0


class LongDay(msgspec.Struct, frozen=True):
    """More than a day's time of one person on one day."""

    who: str
    day: date
    minutes: int


class Findings(msgspec.Struct):
    """What a file holds; places and people in the order in which they first came.

    ``rows`` can be taken, ``refused_count`` cannot; ``refused`` are the first of those.
    ``invoiced`` rows are kept and never billed. ``currency`` is that of the amounts, as the
    header names it.
    """

    places: list[Place] = []
    people: list[Person] = []
    rows: int = 0
    minutes: int = 0
    billable: int = 0
    invoiced: int = 0
    here: int = 0
    refused_count: int = 0
    refused: list[Refused] = []
    first_day: date | None = None
    last_day: date | None = None
    long_days: list[LongDay] = []
    currency: str = ""
    strange_currencies: list[str] = []
    pages: int = 0


class Count:
    """Adds rows to findings; ``per_day`` are the minutes of each person on each day."""

    def __init__(self, findings: Findings, per_day: dict[str, int]) -> None:
        self.findings = findings
        self.per_day = per_day
        self._places = {
            (key_of(place.client), key_of(place.project), key_of(place.task)): number
            for number, place in enumerate(findings.places)
        }
        self._people = {
            (person.email or person.name).casefold(): number
            for number, person in enumerate(findings.people)
        }

    def accept(self, entry: Entry) -> tuple[int, int]:
        """Count a row; answers with the numbers of its place and person."""
        findings, facts = self.findings, entry.facts
        billable = facts.minutes if entry.billable and not entry.invoiced else 0
        at, who = self._place(entry), self._person(entry)
        for sums in (findings, findings.places[at]):
            sums.rows += 1
            sums.minutes += facts.minutes
            sums.billable += billable
        findings.people[who].rows += 1
        findings.people[who].minutes += facts.minutes
        findings.invoiced += entry.invoiced
        findings.first_day = min(findings.first_day or facts.date, facts.date)
        findings.last_day = max(findings.last_day or facts.date, facts.date)
        day = f"{who} {facts.date.isoformat()}"
        self.per_day[day] = self.per_day.get(day, 0) + facts.minutes
        return at, who

    def refuse(self, row: Refused) -> None:
        """Count a row that cannot be taken."""
        self.findings.refused_count += 1
        if len(self.findings.refused) < MOST_SHOWN:
            self.findings.refused.append(Refused(row.line, row.reason))

    def finish(self) -> Findings:
        """The findings, with the days that are longer than a day."""
        long = []
        for key, minutes in self.per_day.items():
            if minutes > MINUTES_OF_DAY:
                who, _, day = key.partition(" ")
                name = self.findings.people[int(who)].name
                long.append(LongDay(name, date.fromisoformat(day), minutes))
        self.findings.long_days = sorted(long, key=lambda one: (one.day, one.who))[:MOST_SHOWN]
        return self.findings

    def _place(self, entry: Entry) -> int:
        key = key_of(entry.client), key_of(entry.project), key_of(entry.task)
        at = self._places.setdefault(key, len(self._places))
        if at == len(self.findings.places):
            self.findings.places.append(Place(entry.client, entry.project, entry.task))
        place = self.findings.places[at]
        place.code = place.code or entry.code
        place.currency = place.currency or self.currency(entry.currency)
        return at

    def _person(self, entry: Entry) -> int:
        key = (entry.email or entry.facts.staff).casefold()
        who = self._people.setdefault(key, len(self._people))
        if who == len(self.findings.people):
            self.findings.people.append(Person(entry.facts.staff, entry.email))
        return who

    def currency(self, text: str) -> str:
        """The code in NZD, or in New Zealand Dollar - NZD; empty, and noted, for no currency."""
        if not text:
            return ""
        code = known_currency(text.rpartition(" ")[2])
        strange = self.findings.strange_currencies
        if code is None and text not in strange and len(strange) < MOST_SHOWN:
            strange.append(text)
        return code or ""
