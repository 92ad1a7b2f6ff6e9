"""What was read of a file, in pages that are taken exactly as they were previewed."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from chalicelib.storage.each import PER_WRITE
from chalicelib.work.ids import same_id
from chalicelib.work.intake.entry import Entry
from chalicelib.work.intake.faults import Refused

PER_PAGE = 2000


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A row to take: its record's id, and the numbers of its place and person.

    ``elsewhere`` means that it was invoiced elsewhere.
    """

    record_id: str
    place: int
    person: int
    date: str
    minutes: int
    note: str
    billable: bool
    elsewhere: bool


class Page(msgspec.Struct):
    """Some rows that follow one another, and those among them that are refused."""

    rows: list[Row] = []
    refused: list[Refused] = []

    @property
    def full(self) -> bool:
        """Whether it is time for the next one."""
        return len(self.rows) + len(self.refused) >= PER_PAGE


class Numbering:
    """Gives each row the id of its record: what it says, and how many said the same before it.

    So the same file again gives the same ids, and two rows that are truly equal give two.
    """

    def __init__(self, tenant_id: str, seen: dict[str, int]) -> None:
        self._tenant_id = tenant_id
        self.seen = seen

    def id_of(self, entry: Entry) -> str:
        """The id of the next row that says this."""
        equal = same_id(self._tenant_id, "csv", *entry.identity)
        self.seen[equal] = self.seen.get(equal, 0) + 1
        return same_id(equal, str(self.seen[equal]))


def name_of(number: int) -> str:
    """What a page is kept under."""
    return f"page-{number:05d}.json"


def batches(page: Page, start: int = 0) -> Iterator[list[Row]]:
    """The rows of a page from one on, as many at a time as go into one transaction."""
    waiting = islice(page.rows, start, None)
    while batch := list(islice(waiting, PER_WRITE)):
        yield batch
