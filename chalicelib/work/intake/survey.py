"""Learning what a file is, before any of it is judged: one reading, of one row at a time."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chalicelib.errors import InvalidInput
from chalicelib.work.intake import columns, questions
from chalicelib.work.intake.answers import Answers
from chalicelib.work.intake.dates import Order, bare, order_of
from chalicelib.work.intake.encodings import UTF8, Encoding, encoding_of
from chalicelib.work.intake.entry import Judge
from chalicelib.work.intake.faults import UnusableFile
from chalicelib.work.intake.kinds import Field, Kind
from chalicelib.work.intake.questions import Question
from chalicelib.work.intake.recognise import KINDS, recognise
from chalicelib.work.intake.rows import Cells, Rows

Open = Callable[[int], Any]
"""Opens the file's bytes from an offset on."""

HEAD = 65536
DELIMITERS = ",;\t|"
DECLARED = re.compile(r"sep=(.)[\r\n]", re.IGNORECASE)
"""A first line that Excel writes, and takes, to name the separator."""

FIRST_ROWS = 3


class Matched(msgspec.Struct, frozen=True):
    """Columns as a person matched them, and what is the same for all rows."""

    columns: dict[str, str]
    same: dict[str, str] = {}


class Survey(msgspec.Struct, frozen=True):
    """What a file is: how it is written, which kind, and where its first row begins.

    ``matched`` is set where columns were matched by hand, ``remembered`` where that was another
    day. ``rows`` counts those below the header that say anything; ``first`` are some of them.
    """

    encoding: str
    delimiter: str
    header: list[str]
    at: int
    line: int
    kind: str
    order: Order
    rows: int
    first: list[list[str]] = []
    matched: Matched | None = None
    remembered: bool = False

    def judge(self) -> Judge:
        """What reads its rows."""
        kind, same = _kind(self.header, self.kind, self.matched)
        return Judge(kind, self.header, self.order, same)

    def rows_from(self, stream: Any, at: int, line: int) -> Rows:
        """Its rows, from a stream of bytes that begins at one of them."""
        return Rows(stream, self.encoding, self.delimiter, at=at, line=line)

    @property
    def label(self) -> str:
        """The kind of report, for people."""
        return _kind(self.header, self.kind, self.matched)[0].label


@dataclass(slots=True)
class _Seen:
    """What the one reading has met."""

    header: Cells = field(default_factory=list)
    at: int = 0
    line: int = 1
    rows: int = 0
    first: list[Cells] = field(default_factory=list)
    days: set[str] = field(default_factory=set)


def survey(
    open_at: Open, answers: Answers, recall: Callable[[str], Matched | None]
) -> Survey | Question:
    """What the file is, or the first question that it leaves open.

    ``recall`` answers with the columns that were matched before for files with a fingerprint.
    Raises UnusableFile, and InvalidInput for answers that do not fit the file.
    """
    with open_at(0) as stream:
        head = stream.read(HEAD)
    if not head.strip():
        raise UnusableFile("This file is empty.")
    encoding = encoding_of(head)
    name = encoding.name if encoding.certain else answers.encoding or UTF8
    text = head[encoding.begins :].decode(name, "replace")
    delimiter = _delimiter(text)
    header = _first_row(text, delimiter)
    if len(header) < 2:  # noqa: PLR2004  a day and its hours are two columns at least
        raise UnusableFile(
            "This file is no table: its first line has one column only. Export it as CSV, with "
            "the names of the columns in the first line."
        )
    matched, remembered = _matched(header, answers, recall)
    kind = recognise(header) if matched is None else columns.kind_of(header, *_parts(matched))[0]
    try:
        seen = _read(open_at, encoding.begins, name, delimiter, kind)
    except UnicodeDecodeError as error:
        return _not_in(encoding, answers, error)
    if not seen.rows:
        raise UnusableFile("This file has a header and no rows.")
    if kind is None:
        return questions.columns(seen.header, seen.first)
    order = answers.date_order or order_of(sorted(seen.days))
    if not isinstance(order, Order):
        return questions.date_order(order)
    return Survey(
        encoding=name,
        delimiter=delimiter,
        header=seen.header,
        at=seen.at,
        line=seen.line,
        kind=kind.code,
        order=order,
        rows=seen.rows,
        first=seen.first,
        matched=matched,
        remembered=remembered,
    )


def _kind(header: list[str], code: str, matched: Matched | None) -> tuple[Kind, dict[Field, str]]:
    if matched is not None:
        return columns.kind_of(header, *_parts(matched))
    return next(kind for kind in KINDS if kind.code == code), {}


def _parts(matched: Matched) -> tuple[dict[str, str], dict[str, str]]:
    return matched.columns, matched.same


def _matched(
    header: Cells, answers: Answers, recall: Callable[[str], Matched | None]
) -> tuple[Matched | None, bool]:
    if answers.columns is not None:
        return Matched(answers.columns, answers.same), False
    if recognise(header):
        return None, False
    earlier = recall(columns.fingerprint(header))
    return earlier, earlier is not None


def _delimiter(text: str) -> str:
    """What parts the columns: declared, or what makes a known report, or the most columns."""
    if declared := DECLARED.match(text):
        return declared[1]
    rows = {sign: _first_row(text, sign) for sign in DELIMITERS}
    known = [sign for sign, row in rows.items() if recognise(row)]
    return known[0] if known else max(DELIMITERS, key=lambda sign: len(rows[sign]))


def _first_row(text: str, delimiter: str) -> Cells:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return next((row for row in reader if _is_header(row)), [])
    except csv.Error:
        return []


def _is_header(row: Cells) -> bool:
    return any(map(str.strip, row)) and not row[0].casefold().startswith("sep=")


def _read(open_at: Open, begins: int, encoding: str, delimiter: str, kind: Kind | None) -> _Seen:
    seen = _Seen()
    places: list[int] = []
    with open_at(begins) as stream:
        rows = Rows(stream, encoding, delimiter, at=begins)
        for _, cells in rows:
            if not seen.header:
                if _is_header(cells):
                    seen.header, seen.at, seen.line = columns.unique(cells), rows.at, rows.line
                    places = _days_in(seen.header, kind)
                continue
            seen.rows += 1
            if len(seen.first) < FIRST_ROWS:
                seen.first.append(cells)
            seen.days.update(bare(cells[place]) for place in places if place < len(cells))
    return seen


def _days_in(header: Cells, kind: Kind | None) -> list[int]:
    if kind is None:
        return []
    wanted = {
        name for what in (Field.DATE, Field.END_DATE) for name in kind.columns.get(what, ())
    }
    return [number for number, name in enumerate(header) if name.casefold() in wanted]


def _not_in(encoding: Encoding, answers: Answers, error: UnicodeDecodeError) -> Question:
    """The file is not in the encoding that it, or somebody, said."""
    if encoding.certain:
        raise UnusableFile(
            f"This file says that it is {error.encoding.upper()}, and is not all through. Export "
            "it again."
        )
    if answers.encoding:
        raise InvalidInput(
            "This file cannot be read that way. Choose another way.", field="encoding"
        )
    question = questions.encoding(error.object[max(0, error.start - 20) :])
    if not question.options:
        raise UnusableFile("This file is in no encoding that we can read. Save it as UTF-8.")
    return question
