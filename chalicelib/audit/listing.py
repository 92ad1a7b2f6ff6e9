"""Looking through a trail, newest first.

Entries are kept in the order of their numbers alone, so a page is found by reading back from a
place; a filter that few entries pass gives short pages with a next one, not long waits.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from chalicelib.audit import trail
from chalicelib.audit.model import Entry
from chalicelib.clock import stamp
from chalicelib.errors import InvalidInput
from chalicelib.storage.pages import Page, cursor, places

BEYOND = 10**12 - 1
PER_READ = 250
MOST_READ = 1000
EARLIEST, LATEST = 2000, 2999
"""The years that a filter may name."""
SKEW = timedelta(minutes=5)
"""How far the clocks of two functions may differ: entries are in the order of their numbers."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; ``start`` is part of the time, ``end`` is not."""

    what: str = ""
    actor: str = ""
    source: str = ""
    result: str = ""
    start: datetime | None = None
    end: datetime | None = None

    def fits(self, entry: Entry) -> bool:
        """Whether the entry is one of them."""
        return (
            self.what in {"", entry.what}
            and self.actor in {"", entry.actor}
            and self.source in {"", entry.source}
            and self.result in {"", entry.result}
            and not (self.start and entry.at < stamp(self.start))
            and not (self.end and entry.at >= stamp(self.end))
        )

    def lies_before(self, entry: Entry) -> bool:
        """Whether the entry, and so all with lower numbers, are too old."""
        return self.start is not None and entry.at < stamp(self.start - SKEW)


def on_days(
    first: str,
    last: str,
    zone: tzinfo,
    *,
    what: str = "",
    actor: str = "",
    source: str = "",
    result: str = "",
) -> Wanted:
    """The entries of whole days on a tenant's clock, both ends included; empty leaves one open.

    Days are written YYYY-MM-DD. Raises InvalidInput whose field is ``from`` or ``to``.
    """
    begin, end = _day(first, "from"), _day(last, "to")
    return Wanted(
        what,
        actor,
        source,
        result,
        datetime.combine(begin, time.min, zone) if begin else None,
        datetime.combine(end + timedelta(days=1), time.min, zone) if end else None,
    )


def listing(
    tenant_id: str, wanted: Wanted, *, limit: int = 50, after: str | None = None
) -> Page[Entry]:
    """A page of the entries wanted, newest first; ``after`` is the cursor of the page before.

    It may be short and not the last. Raises InvalidInput for a cursor that no list gave.
    """
    number = _place(after) or _first(tenant_id, wanted)
    found: list[Entry] = []
    per_read = limit if wanted == Wanted() else PER_READ
    for _ in range(MOST_READ // per_read):
        entries = trail.entries_before(tenant_id, number, per_read)
        for entry in entries:
            number = entry.number
            if wanted.lies_before(entry):
                return Page(found)
            if wanted.fits(entry):
                found.append(entry)
            if len(found) == limit:
                return Page(found, _next(number))
        if len(entries) < per_read:
            return Page(found)
    return Page(found, _next(number))


def _day(text: str, name: str) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = date.max
    if day and not EARLIEST <= day.year <= LATEST:
        raise InvalidInput("This is not a day written as YYYY-MM-DD.", field=name)
    return day


def _place(after: str | None) -> int | None:
    place = places(after, 1)
    if place is None:
        return None
    if not place[0].isdecimal():
        raise InvalidInput("This cursor is not one that a list gave.", field="cursor")
    return int(place[0])


def _next(number: int) -> str | None:
    return cursor(str(number)) if number > 1 else None


def _first(tenant_id: str, wanted: Wanted) -> int:
    """The number below which to begin; for an end in the past it is looked up by halving."""
    newest = trail.last(tenant_id) if wanted.end else None
    if wanted.end is None or newest is None:
        return BEYOND
    until = stamp(wanted.end + SKEW)
    numbers = range(1, newest.number + 1)
    return bisect_right(numbers, until, key=lambda number: _at(tenant_id, number)) + 1


def _at(tenant_id: str, number: int) -> str:
    """When the entry with this number, or the one that comes next to it, was made."""
    return trail.entries(tenant_id, number - 1, limit=1)[0].at
