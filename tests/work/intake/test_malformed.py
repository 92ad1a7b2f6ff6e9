"""Files that cannot be used, and rows that cannot be taken: each with a clear answer."""

import io

import pytest

from chalicelib.errors import InvalidInput
from chalicelib.work.intake.entry import Judge
from chalicelib.work.intake.faults import Refused, UnusableFile
from chalicelib.work.intake.questions import Question
from chalicelib.work.intake.rows import Rows
from tests.work.intake.conftest import FILES, judged, surveyed

ROW = {
    "User": "Ana",
    "Email": "ana@x.example",
    "Client": "Boom FM",
    "Project": "App",
    "Task": "Design",
    "Description": "Icons",
    "Billable": "Yes",
    "Start date": "2026-11-03",
    "Start time": "09:00:00",
    "End date": "2026-11-03",
    "End time": "10:30:00",
    "Duration": "01:30:00",
}
HEADER = ",".join(ROW) + "\n"
UNUSABLE = {
    "nothing": (b" \r\n ", "empty"),
    "a header alone": (HEADER.encode(), "no rows"),
    "a header and blank lines": (HEADER.encode() + b"\n,,,,,,,,,,,\n", "no rows"),
    "one column": (b"Hours\n1\n2\n", "one column only"),
    "prose": (b"Dear all\n\nthe report is late.\n", "one column only"),
    "a spreadsheet": (b"PK\x03\x04\x14\x00\x06\x00", "spreadsheet"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel"),
    "a PDF": (b"%PDF-1.7\n", "PDF"),
    "a compressed file": (b"\x1f\x8b\x08\x00", "compressed"),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not text"),
    "UTF-32": ("User,Client\n".encode("utf-32"), "UTF-32"),
    "a mark of UTF-8 that is not true": (
        b"\xef\xbb\xbf" + HEADER.encode() + b"Jos\xe9,,Boom,App,,,Yes,2026-11-03,,,,1:00\n",
        "says that it is UTF-8",
    ),
    "half a letter of UTF-16": (
        (HEADER + "Ana,,Boom,App,,,Yes,2026-11-03,,,,1:00").encode("utf-16") + b"\x00",
        "says that it is UTF-16",
    ),
    "a quote that never closes": (HEADER.encode() + b'Ana,"Boom\n', "line 2"),
    "a quote that never closes, in a large file": (
        HEADER.encode() + b'Ana,"Boom\n' + b"Ana,,Boom,App\n" * 20_000,
        "line 2",
    ),
    "a quote that closes too early": (HEADER.encode() + b'Ana,"Boom"FM,App\n', "line 2"),
}
REFUSED = {
    "no client": ({"Client": ""}, "no client"),
    "no project": ({"Project": " "}, "no project"),
    "no date": ({"Start date": ""}, "no date"),
    "an impossible date": ({"Start date": "2026-02-30"}, "not a day"),
    "a date of another century": ({"Start date": "1899-12-31"}, "century"),
    "a negative duration": ({"Duration": "-01:00:00"}, "negative"),
    "no duration, and still running": ({"Duration": "", "End time": ""}, "no duration"),
    "less than half a minute": ({"Duration": "00:00:29"}, "half a minute"),
    "25 hours": ({"Duration": "25:00:00"}, "25:00 hours; a record has at most a day"),
    "an end before the start": ({"End time": "08:59:59"}, "before it begins"),
    "an end on an earlier day": ({"End date": "2026-11-02"}, "before it begins"),
    "a time that is none": ({"Start time": "25:00"}, "not a time of day"),
    "a duration that is a formula": ({"Duration": "=1+1"}, "not written as"),
    "a mark that is neither": ({"Billable": "Maybe"}, "neither Yes nor No"),
    "no mark": ({"Billable": ""}, "neither Yes nor No"),
    "an over-long note": ({"Description": "x" * 4001}, "4000 characters"),
    "an over-long client": ({"Client": "x" * 256}, "255 characters"),
    "an over-long name of somebody": ({"User": "x" * 121}, "120 characters"),
}


def line(**changes: str) -> str:
    return ",".join(f'"{text}"' for text in {**ROW, **changes}.values()) + "\n"


@pytest.mark.parametrize(("content", "answer"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_says_why(content, answer):
    with pytest.raises(UnusableFile, match=answer):
        judged(content)


@pytest.mark.parametrize(("changes", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_row_that_cannot_be_taken_says_why_and_holds_up_no_other(changes, reason):
    good, bad, last = judged((HEADER + line() + line(**changes) + line()).encode())
    assert isinstance(bad, Refused)
    assert (good.line, bad.line, last.line) == (2, 3, 4)
    assert reason in bad.reason
    assert bad.cells == tuple(text for text in ({**ROW, **changes}).values())


def test_rows_of_another_length_are_refused_but_for_empty_cells():
    short, long, blank = judged(
        (HEADER + "Ana,x\n" + line()[:-1] + ",more\n" + line()[:-1] + ",,\n").encode()
    )
    assert "It has 2 columns, and the header 12." in short.reason
    assert "It has 13 columns" in long.reason
    assert blank.client == "Boom FM"


def test_formulas_are_kept_as_text():
    (row,) = judged(
        (HEADER + line(Description="=HYPERLINK(1)", Client="+Plus", Task="@home")).encode()
    )
    assert (row.facts.note, row.client, row.task) == ("=HYPERLINK(1)", "+Plus", "@home")


def test_what_no_invoice_can_bear_is_left_out_of_texts():
    (row,) = judged((HEADER + line(Description="a\x07b\x1bc\td")).encode())
    assert row.facts.note == "abc\td"


@pytest.mark.parametrize("encoding", ["windows-1252", "windows-1250", "macintosh"])
def test_what_is_not_unicode_is_asked_about_with_how_it_would_read(encoding):
    content = (HEADER + line(Client="Café Flórál")).encode(encoding)
    asked = surveyed(content)
    assert isinstance(asked, Question)
    assert asked.name == "encoding"
    right = next(option for option in asked.options if option.value == encoding)
    assert "Café" in right.sample
    assert [row.client for row in judged(content, encoding=encoding)] == ["Café Flórál"]


def test_an_encoding_that_cannot_be_is_refused_and_another_may_be_chosen():
    content = (HEADER + line(Client="Café")).encode("windows-1252")
    with pytest.raises(InvalidInput, match="Choose another") as refused:
        judged(content, encoding="utf-8")
    assert refused.value.field == "encoding"


def test_utf_16_needs_no_mark():
    for encoding in ("utf-16-le", "utf-16-be", "utf-16"):
        (row,) = judged((HEADER + line(Client="Café 日本")).encode(encoding))
        assert row.client == "Café 日本"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_lines_and_columns_may_be_parted_in_any_usual_way(line_end, delimiter):
    text = (HEADER + line()).replace(",", delimiter).replace("\n", line_end)
    (row,) = judged(text.encode())
    assert (row.client, row.facts.minutes, row.line) == ("Boom FM", 90, 2)


def test_a_separator_may_be_declared_as_excel_does():
    text = "sep=;\r\n" + (HEADER + line()).replace(",", ";")
    (row,) = judged(text.encode())
    assert (row.client, row.line) == ("Boom FM", 3)


def test_a_note_keeps_its_own_separators_and_line_ends_become_one_kind():
    (row,) = judged((HEADER + line(Description="a,b;c\r\nd\re")).encode())
    assert row.facts.note == "a,b;c\nd\ne"


class ClosesItself(io.BytesIO):
    """As the body of an answer over HTTP does when it has been read to its end."""

    def read(self, size: int | None = -1) -> bytes:
        if self.closed:
            return b""
        found = super().read(size)
        if not self.getbuffer()[self.tell() :]:
            self.close()
        return found


def test_a_stream_that_closes_itself_at_its_end_is_read_whole():
    rows = Rows(ClosesItself((HEADER + line() * 2).encode()), "utf-8", ",")
    assert [line for line, _ in rows] == [1, 2, 3]


def test_no_file_makes_a_judge_raise_anything_but_its_own():
    found = surveyed((FILES / "harvest_detailed.csv").read_bytes())
    judge: Judge = found.judge()
    for cells in ([], ["x"] * 22, [""] * 22, ["-1", *["=x"] * 21]):
        assert isinstance(judge.judge(1, cells), Refused)
