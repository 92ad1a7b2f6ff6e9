"""A calendar month, as invoices are closed by it."""

import datetime as dt
import re
from dataclasses import dataclass

from chalicelib.errors import InvalidInput

SHAPE = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of this century, written as 2026-11."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.number, 1)

    @property
    def until(self) -> dt.date:
        """The first day of the next one."""
        return self.next.first

    @property
    def next(self) -> "Month":
        """The month after it."""
        return month_of(self.first + dt.timedelta(days=32))

    @property
    def before(self) -> "Month":
        """The month before it."""
        return month_of(self.first - dt.timedelta(days=1))

    @property
    def words(self) -> str:
        """November 2026."""
        return f"{self.first:%B %Y}"


def month_of(day: dt.date) -> Month:
    """The month that a day is in."""
    return Month(day.year, day.month)


def read_month(text: str) -> Month:
    """The month written so; raises InvalidInput."""
    found = SHAPE.fullmatch(text)
    if found is None:
        raise InvalidInput("Give the month as 2026-11.", field="month")
    return Month(int(found[1]), int(found[2]))
