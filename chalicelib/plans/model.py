"""A billing plan, what each of its days bills, and how far it has got."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.invoices.build import AS_TRACKED, Grouping, Rounding, Style
from chalicelib.invoices.model import SendAs
from chalicelib.people.time_zones import zone
from chalicelib.plans.schedule import Occurrence, Rule, occurrence

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is billed on one day."""

    date: dt.date
    description: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """Either ``instalments`` in order of date, or a ``rule``; days are those of ``time_zone``.

    Each time round bills ``amount``, or, where that is None, the unbilled time of its period,
    of the project or of all the client's, in lines by ``grouping``, ``rounding`` and ``notes``.
    ``in_advance`` words a fixed amount as being for the period that begins, not the last one.

    ``done`` counts the occurrences that are settled, in order; of those, ``skipped`` and
    ``empty`` have no invoice, by a person's will or because there was nothing to bill.
    ``problem`` says why the next one could not be made.
    """

    plan_id: str
    client_id: str
    client_name: str
    currency: str
    time_zone: str
    instalments: tuple[Instalment, ...] = ()
    rule: Rule | None = None
    description: str = ""
    amount: Decimal | None = None
    in_advance: bool = False
    grouping: Grouping = Grouping.TASK
    rounding: Rounding = AS_TRACKED
    notes: bool | None = None
    project_id: str = ""
    reference: str = ""
    send: bool = False
    send_as: SendAs | None = None
    done: int = 0
    skipped: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()
    paused: bool = False
    ended: bool = False
    problem: str = ""
    created_by: str = ""
    version: int = 0

    @property
    def bills_time(self) -> bool:
        """Whether it bills the tracked time of its periods."""
        return self.rule is not None and self.amount is None

    @property
    def style(self) -> Style:
        """How time becomes lines."""
        return Style(self.grouping, self.rounding, self.notes)

    @property
    def next(self) -> Occurrence | None:
        """The first occurrence that is neither settled nor to be skipped; None after the last."""
        return self.first_from(self.done)

    @property
    def due_at(self) -> dt.datetime | None:
        """The first moment of the next day, None while paused and when all is done."""
        coming = None if self.paused or self.ended else self.next
        return begins(coming.date, self.time_zone) if coming else None

    def occurrence(self, number: int) -> Occurrence | None:
        """The occurrence of that number, from 0; None after the last."""
        if self.rule is not None:
            return occurrence(self.rule, number)
        if number >= len(self.instalments):
            return None
        day = self.instalments[number].date
        return Occurrence(number, day, day, day, day)

    def first_from(self, number: int) -> Occurrence | None:
        """The first occurrence from that number on which is not to be skipped."""
        while number in self.skipped:
            number += 1
        return self.occurrence(number)

    def coming(self, most: int = SHOWN) -> list[Occurrence]:
        """The next occurrences, skipped ones among them; none of an ended plan."""
        found: list[Occurrence] = []
        while not self.ended and len(found) < most:
            one = self.occurrence(self.done + len(found))
            if one is None:
                break
            found.append(one)
        return found

    def invoice_ids(self) -> list[str]:
        """The invoices that were made, oldest first."""
        without = {*self.skipped, *self.empty}
        return [self.invoice_id(one) for one in range(self.done) if one not in without]

    def invoice_id(self, number: int) -> str:
        """The id that the invoice of an occurrence has, whenever it is made."""
        return f"{self.plan_id}-{number + 1:03d}"


def begins(day: dt.date, time_zone: str) -> dt.datetime:
    """The first moment of a day in a time zone, in UTC.

    Where the clocks skip midnight, that is the moment they skip to.
    """
    return dt.datetime.combine(day, dt.time(), zone(time_zone)).astimezone(dt.UTC)
