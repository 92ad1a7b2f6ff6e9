"""Days as files write them, and in which order their parts stand.

A day that can be read two ways is never guessed at: another day in the same file settles the
order, or a person does.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache

from chalicelib.errors import InvalidInput


class Order(StrEnum):
    """How a file writes its days where they are all numbers."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"


Readings = Mapping[Order, date]

PARTS = {
    Order.DAY_FIRST: (2, 1, 0),
    Order.MONTH_FIRST: (2, 0, 1),
    Order.YEAR_FIRST: (0, 1, 2),
}
"""Where year, month and day stand."""

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
NUMBERS = re.compile(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})")
DAY_MONTH = re.compile(r"(\d{1,2})[-/. ]*([a-z]{3,9})[-/., ]*(\d{4}|\d\d)")
MONTH_DAY = re.compile(r"([a-z]{3,9})[-/. ]*(\d{1,2})[-/., ]+(\d{4})")
TIME_BEHIND = re.compile(r"[t ]+\d{1,2}:\d\d.*$", re.IGNORECASE)
SHORT_YEAR, LONG_YEAR = 2, 4
SHOWN = 3


def bare(text: str) -> str:
    """What a cell says of the day alone, without a time behind it."""
    return TIME_BEHIND.sub("", text.strip())


def readings(text: str) -> Readings:
    """The day that a text means, by order; an order by which it means none is left out."""
    plain = bare(text).casefold()
    if found := NUMBERS.fullmatch(plain):
        return _of_numbers(found[1], found[3], found[4])
    named = _of_names(plain)
    return {} if named is None else dict.fromkeys(Order, named)


@lru_cache(maxsize=4096)
def day_of(text: str, order: Order) -> date:
    """The day that a text means; raises InvalidInput when it means none in that order."""
    found = readings(text).get(order)
    if found is None:
        raise InvalidInput(f"The date {text!r} is not a day, {order.replace('_', ' ')}.")
    return found


def order_of(texts: Iterable[str]) -> Order | list[tuple[str, Readings]]:
    """The order in which all of these days can be read.

    Where that is more than one and it matters, or none, the answer is up to three of the days
    that leave it open, with what each may mean. A text that is no day in any order settles
    nothing.
    """
    told = {text: found for text in texts if (found := readings(text))}
    possible = set(Order).intersection(*told.values())
    choice = next((order for order in Order if order in possible), None)
    if choice and all(
        found[choice] == found[other] for found in told.values() for other in possible
    ):
        return choice
    return [(text, found) for text, found in told.items() if _depends(found)][:SHOWN]


def _depends(found: Readings) -> bool:
    return len(found) < len(Order) or len(set(found.values())) > 1


def _of_numbers(first: str, second: str, third: str) -> Readings:
    if len(first) == LONG_YEAR:
        day = _day(first, second, third)
        return {} if day is None else dict.fromkeys(Order, day)
    orders = [Order.DAY_FIRST, Order.MONTH_FIRST]
    if len(third) == SHORT_YEAR:
        orders.append(Order.YEAR_FIRST)
    parts = (first, second, third)
    found = {order: _day(*(parts[place] for place in PARTS[order])) for order in orders}
    return {order: day for order, day in found.items() if day is not None}


def _of_names(plain: str) -> date | None:
    if found := DAY_MONTH.fullmatch(plain):
        day, name, year = found.groups()
    elif found := MONTH_DAY.fullmatch(plain):
        name, day, year = found.groups()
    else:
        return None
    months = [number for number, month in enumerate(MONTHS, 1) if month.startswith(name)]
    return _day(year, str(months[0]), day) if months else None


def _day(year: str, month: str, day: str) -> date | None:
    """A year of two digits is of this century; one of one or three digits is none."""
    if len(year) not in {SHORT_YEAR, LONG_YEAR}:
        return None
    century = 2000 if len(year) == SHORT_YEAR else 0
    try:
        return date(century + int(year), int(month), int(day))
    except ValueError:
        return None
