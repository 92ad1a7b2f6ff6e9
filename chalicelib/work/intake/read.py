"""Reading a file row by row: every row judged, and kept in pages for whoever takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from chalicelib.dispatch.model import Slice
from chalicelib.work import time_records, uploads
from chalicelib.work.intake import remember, report
from chalicelib.work.intake.answers import Answers, reading_id
from chalicelib.work.intake.faults import Refused
from chalicelib.work.intake.findings import Count, Findings
from chalicelib.work.intake.kinds import currency_in
from chalicelib.work.intake.pages import Numbering, Page, Row, name_of
from chalicelib.work.intake.questions import Question
from chalicelib.work.intake.shelf import Shelf
from chalicelib.work.intake.survey import Survey, survey

FOUND, MARK = "found.json", "mark.json"


class Found(msgspec.Struct):
    """What a file is, and what it holds."""

    survey: Survey
    findings: Findings


class Mark(msgspec.Struct):
    """How far the reading has got, at the end of a page."""

    survey: Survey
    at: int
    line: int
    findings: Findings
    per_day: dict[str, int]
    seen: dict[str, int]


@dataclass(frozen=True, slots=True)
class File:
    """One content of a file that was uploaded, with the answers by which it is read."""

    tenant_id: str
    import_id: str
    etag: str
    answers: Answers

    @property
    def shelf(self) -> Shelf:
        """Where what was read of it is kept."""
        return Shelf(self.tenant_id, self.import_id, reading_id(self.etag, self.answers))

    def open_at(self, offset: int) -> Any:
        """Its bytes from an offset on."""
        return uploads.open_at(self.tenant_id, self.import_id, self.etag, offset)

    def found(self) -> Found | None:
        """What it holds, once it has been read to its end."""
        return self.shelf.get(FOUND, Found)

    def page(self, number: int) -> Page | None:
        """A page of its rows."""
        return self.shelf.get(name_of(number), Page)


def read(file: File, slice_: Slice, tell: Callable[[int, int], None]) -> Found | Question | None:
    """What the file holds, or what it leaves open; None when the slice is over first.

    ``tell`` is told how many rows are read, and of how many. Goes on where the last slice ended;
    one that was lost is done again to the same effect. Raises UnusableFile, and what
    ``uploads.open_at`` and ``survey`` raise.
    """
    found = file.found()
    if found:
        return found
    begun = file.shelf.get(MARK, Mark) or _begin(file)
    if isinstance(begun, Question):
        return begun
    return _Reader(file, begun).read_on(slice_, tell)


def _begin(file: File) -> Mark | Question:
    found = survey(
        file.open_at, file.answers, lambda mark: remember.columns(file.tenant_id, mark)
    )
    if isinstance(found, Question):
        return found
    begun = Mark(found, found.at, found.line, Findings(), {}, {})
    in_header = currency_in(found.header, found.judge().kind)
    begun.findings.currency = Count(begun.findings, {}).currency(in_header)
    return begun


class _Reader:
    """Reads on from a mark, page by page."""

    def __init__(self, file: File, mark: Mark) -> None:
        self._file, self._mark = file, mark
        self._count = Count(mark.findings, mark.per_day)
        self._numbering = Numbering(file.tenant_id, mark.seen)
        self._page = Page()

    def read_on(self, slice_: Slice, tell: Callable[[int, int], None]) -> Found | None:
        mark = self._mark
        judge = mark.survey.judge()
        with self._file.open_at(mark.at) as stream:
            rows = mark.survey.rows_from(stream, mark.at, mark.line)
            for line, cells in rows:
                judged = judge.judge(line, cells)
                if isinstance(judged, Refused):
                    self._count.refuse(judged)
                    self._page.refused.append(judged)
                else:
                    self._accept(judged)
                if self._page.full:
                    self._turn()
                    mark.at, mark.line = rows.at, rows.line
                    tell(mark.findings.rows + mark.findings.refused_count, mark.survey.rows)
                    if slice_.over:
                        self._file.shelf.put(MARK, mark)
                        return None
        self._turn()
        return self._end()

    def _accept(self, entry: Any) -> None:
        place, person = self._count.accept(entry)
        facts = entry.facts
        self._page.rows.append(
            Row(
                self._numbering.id_of(entry),
                place,
                person,
                facts.date.isoformat(),
                facts.minutes,
                facts.note,
                entry.billable and not entry.invoiced,
                entry.invoiced,
            )
        )

    def _turn(self) -> None:
        """Keep the page, and count which of its rows were taken before."""
        page, findings = self._page, self._mark.findings
        if not page.rows and not page.refused:
            return
        known = time_records.known(self._file.tenant_id, [row.record_id for row in page.rows])
        for row in page.rows:
            if row.record_id in known:
                findings.here += 1
                findings.places[row.place].here += 1
        self._file.shelf.put(name_of(findings.pages), page)
        findings.pages += 1
        self._page = Page()

    def _end(self) -> Found:
        findings, header = self._count.finish(), self._mark.survey.header
        if findings.refused_count:
            pages = (self._file.page(number) or Page() for number in range(findings.pages))
            self._file.shelf.put_bytes(report.NAME, report.report(header, pages), "text/csv")
        found = Found(self._mark.survey, findings)
        self._file.shelf.put(FOUND, found)
        return found
