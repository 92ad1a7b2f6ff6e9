"""Tables for spreadsheets: the one place where CSV is written.

A cell that begins like a formula would be run by the program that opens it, so it is written
behind an apostrophe and stays the text that it was. Source: OWASP, "CSV Injection".
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""How a formula begins; the last four are the wide forms that some spreadsheets take too."""

Cell = str | int | Decimal | None


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as CSV in UTF-8, marked as such for Excel; numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(safe, header))
    writer.writerows(map(safe, row) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def safe(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA and cell else cell
