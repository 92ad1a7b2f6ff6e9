"""The report of rows that were refused: each with its line, the reason, and what it said."""

from collections.abc import Iterable, Iterator

from chalicelib.spreadsheet import Cell, csv_bytes
from chalicelib.work.intake.pages import Page

COLUMNS = ("Line", "Why it was refused")
NAME = "refused.csv"


def report(header: list[str], pages: Iterable[Page]) -> bytes:
    """A CSV file with the columns of the file itself behind ours.

    So it can be corrected and brought in in its turn.
    """
    return csv_bytes([*COLUMNS, *header], _rows(pages))


def _rows(pages: Iterable[Page]) -> Iterator[list[Cell]]:
    for page in pages:
        for row in page.refused:
            yield [row.line, row.reason, *row.cells]
