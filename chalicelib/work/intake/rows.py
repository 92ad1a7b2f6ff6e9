"""The rows of a CSV file, each with the line it begins at, from any row on.

Lines and bytes are counted while reading, so that another worker can go on where this one
stopped. Only one row is held at a time.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

from chalicelib.work.intake.faults import UnusableFile

Cells = list[str]


class Rows:
    """Rows from a stream of bytes that begins at a row.

    ``at`` and ``line`` are where the next row begins: bytes from 0, lines from 1. Rows without
    any text are passed over. Raises UnusableFile where the quotes do not close, and
    UnicodeDecodeError where the bytes are not in the encoding.
    """

    def __init__(
        self, stream: Any, encoding: str, delimiter: str, *, at: int = 0, line: int = 1
    ) -> None:
        self.at = at
        self._first_line = line
        self._encoding = encoding
        # Line ends stay as they are: csv knows what is inside quotes, and bytes are counted.
        text = io.TextIOWrapper(io.BufferedReader(_Raw(stream)), encoding, newline="")
        self._reader = csv.reader(self._counted(text), delimiter=delimiter, strict=True)

    @property
    def line(self) -> int:
        """The line at which the next row begins."""
        return self._first_line + self._reader.line_num

    def __iter__(self) -> Iterator[tuple[int, Cells]]:
        """Each row that says anything, with its line."""
        while True:
            line = self.line
            try:
                cells = next(self._reader, None)
            except csv.Error:
                raise UnusableFile(
                    f"The row at line {line} cannot be read: a quotation mark in it opens or "
                    "closes where it should not."
                ) from None
            if cells is None:
                return
            if any(map(str.strip, cells)):
                yield line, cells

    def _counted(self, text: io.TextIOWrapper) -> Iterator[str]:
        for line in text:
            self.at += len(line.encode(self._encoding))
            yield line


class _Raw(io.RawIOBase):
    """A stream that ends when its source does: an answer over HTTP closes itself when read."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._source.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)
