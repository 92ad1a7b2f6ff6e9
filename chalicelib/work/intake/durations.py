"""Lengths of time and times of day, as files write them."""

import re
from decimal import ROUND_HALF_UP, Decimal

from chalicelib.errors import InvalidInput

CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")
UNITS = re.compile(
    r"(?:(\d{1,4})\s*h(?:rs?|ours?)?)?\s*(?:(\d{1,5})\s*m(?:ins?|inutes?)?)?"
    r"\s*(?:(\d{1,6})\s*s(?:ecs?|econds?)?)?",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d{1,5}(?:[.,]\d{1,8})?|[.,]\d{1,8}")
TIME = re.compile(
    r"(?:.*[t ])?(\d{1,2})[:.]([0-5]\d)(?:[:.]([0-5]\d)(?:\.\d+)?)?\s*(?:([ap])\.?\s?m\.?)?"
    r"(?:z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
BELOW = re.compile(r"[-\u2212(]\s*[\d.,]")
"""A negative number; some write it in brackets."""

DAY, HOUR, MINUTE = 86400, 3600, 60
NOON, MIDNIGHT = 12, 24


def seconds_of(text: str) -> int:
    """The seconds of 1:30, 01:30:00, 1.5, 1,5 or 1h 30m hours; raises InvalidInput for others.

    Two numbers with a colon are hours and minutes. A comma is a decimal comma: no row has a
    thousand hours.
    """
    for form in (CLOCK, UNITS):
        found = form.fullmatch(text)
        if found and any(found.groups()):
            hours, minutes, seconds = (int(part or 0) for part in found.groups())
            return hours * HOUR + minutes * MINUTE + seconds
    return _number_of(text, HOUR, "hours, such as 1:30, 01:30:00 or 1.5")


def seconds_of_minutes(text: str) -> int:
    """The seconds of a number of minutes; raises InvalidInput for anything else."""
    return _number_of(text, MINUTE, "a number of minutes")


def minutes_of(seconds: int) -> int:
    """Whole minutes, half a minute up; raises InvalidInput for less than that."""
    rounded = (seconds + MINUTE // 2) // MINUTE
    if not rounded:
        raise InvalidInput("It lasts less than half a minute.")
    return rounded


def clock_of(text: str) -> int:
    """The second of the day of 9:05, 09:05:00 or 9:05 PM; raises InvalidInput for others."""
    found = TIME.fullmatch(text)
    if found:
        hour, minute, second = (int(part or 0) for part in found.groups()[:3])
        if half := found[4]:
            hour = hour % NOON + (NOON if half in "pP" else 0) if 0 < hour <= NOON else MIDNIGHT
        if hour < MIDNIGHT:
            return hour * HOUR + minute * MINUTE + second
    raise InvalidInput(f"The time {text!r} is not a time of day.")


def _number_of(text: str, unit: int, written: str) -> int:
    if not NUMBER.fullmatch(text):
        if BELOW.match(text):
            raise InvalidInput(f"The duration {text} is negative.")
        raise InvalidInput(f"The duration {text!r} is not written as {written}.")
    seconds = Decimal(text.replace(",", ".")) * unit
    return int(seconds.quantize(Decimal(1), rounding=ROUND_HALF_UP))
