import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import InvalidInput
from chalicelib.work.toggl import NO_TASK, Entry, Refused, Report, UnusableFile, minutes_of

DEMO = Path(__file__).parents[2] / "local" / "demo" / "toggl_detailed.csv"
HEADER = [
    *("User", "Email", "Client", "Project", "Task", "Description", "Billable"),
    *("Start date", "Start time", "End date", "End time", "Duration", "Tags", "Amount (USD)"),
]
ROW = {
    "User": "Ana",
    "Email": "ana@studio.example",
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
    "Tags": "",
    "Amount (USD)": "150.00",
}


def written(*rows, header=HEADER) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, header, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**ROW, **row} for row in rows)
    return out.getvalue().encode()


def only(**changes) -> Entry | Refused:
    (row,) = Report(written(changes))
    return row


def test_a_row_is_read_whole():
    row = only()
    assert (row.client, row.project, row.task, row.billable) == ("Boom FM", "App", "Design", True)
    assert (row.facts.date, row.facts.minutes) == (date(2026, 11, 3), 90)
    assert (row.facts.staff, row.facts.note) == ("Ana", "Icons")
    assert row.line == 2


def test_columns_may_come_in_any_order_and_with_a_byte_order_mark():
    turned = b"\xef\xbb\xbf" + written({}, header=HEADER[::-1])
    assert list(Report(turned)) == [only()]


@pytest.mark.parametrize("currency", ["USD", "NZD", "EUR"])
def test_the_amounts_name_their_currency(currency):
    header = [*HEADER[:-1], f"Amount ({currency})"]
    assert Report(written({}, header=header)).currency == currency


def test_amounts_and_tags_may_be_missing():
    report = Report(written({}, header=HEADER[:-2]))
    assert report.currency is None
    assert list(report) == [only()]


def test_line_breaks_and_quotes_stay_in_the_note_and_count_as_lines():
    first, second = Report(written({"Description": 'One "two"\nthree'}, {}))
    assert first.facts.note == 'One "two"\nthree'
    assert (first.line, second.line) == (2, 4)


def test_time_on_a_project_alone_goes_to_one_task():
    assert only(Task="").task == NO_TASK


def test_a_row_without_a_name_is_kept_by_its_address():
    assert only(User="").facts.staff == "ana@studio.example"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Client": ""}, "no client"),
        ({"Project": " "}, "no project"),
        ({"Billable": "Maybe"}, "neither Yes nor No"),
        ({"Start date": "03/11/2026"}, "YYYY-MM-DD"),
        ({"Start date": "11-03-2026"}, "YYYY-MM-DD"),
        ({"Start date": "2026-02-30"}, "YYYY-MM-DD"),
        ({"Start date": "2026-W01-1"}, "YYYY-MM-DD"),
        ({"Start date": "1899-12-31"}, "century"),
        ({"Duration": "1.5"}, "HH:MM:SS"),
        ({"Duration": "-01:00:00"}, "HH:MM:SS"),
        ({"Duration": "00:00:29"}, "half a minute"),
        ({"Duration": "25:00:00"}, "at most a day"),
        ({"Client": "x" * 256}, "255 characters"),
        ({"Description": "x" * 4001}, "4000 characters"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason(changes, said):
    row = only(**changes)
    assert isinstance(row, Refused)
    assert row.line == 2
    assert said in row.reason


def test_a_short_row_is_refused_and_others_are_not():
    good, short = Report(written({}) + b"Ana,ana@studio.example\n")
    assert isinstance(good, Entry)
    assert "2 columns" in short.reason


def test_empty_lines_are_passed_over():
    assert len(list(Report(written({}) + b"\n,,,\n"))) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column"),
        (b"Date,Client,Hours\n2026-11-03,Boom FM,1\n", "no column"),
        (written({}).decode().encode("utf-16"), "UTF-8"),
        ("User,Client,Søgning".encode("latin-1"), "UTF-8"),
        (written({}) + b'Ana,"never closed\n', "line 3"),
    ],
)
def test_a_file_that_is_not_the_report_is_unusable(content, said):
    with pytest.raises(UnusableFile, match=said):
        list(Report(content))


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [("00:00:30", 1), ("00:01:29", 1), ("00:01:30", 2), ("01:00:00", 60), ("23:59:59", 1440)],
)
def test_seconds_round_to_the_nearest_minute_half_up(duration, minutes):
    assert minutes_of(duration) == minutes


@given(st.integers(30, 99 * 3600))
def test_rounding_is_never_off_by_more_than_half_a_minute(seconds):
    text = f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    assert -30 < minutes_of(text) * 60 - seconds <= 30


@given(st.text(max_size=12))
def test_no_text_makes_a_duration_crash(text):
    try:
        minutes_of(text)
    except InvalidInput:
        return


def test_what_changes_later_is_not_what_makes_a_row_the_same():
    assert (
        only().identity
        == only(Tags="urgent", Billable="No", Client="BOOM  fm.").identity
        == only(**{"Amount (USD)": "1.00"}).identity
    )
    assert only().identity != only(**{"Start time": "09:00:01"}).identity


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",\n;'), max_size=30
)
NAMES = WORDS.filter(lambda text: text.strip())


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(NAMES, NAMES, WORDS, WORDS, st.dates(date(2000, 1, 1), date(2099, 12, 31))),
        min_size=1,
        max_size=5,
    ),
    st.permutations(HEADER),
)
def test_whatever_is_written_is_read_again(rows, header):
    content = written(
        *(
            {
                "Client": client,
                "Project": project,
                "Task": task,
                "Description": note,
                "Start date": day.isoformat(),
            }
            for client, project, task, note, day in rows
        ),
        header=header,
    )
    read = list(Report(content))
    assert [(e.client, e.project, e.task, e.facts.note, e.facts.date) for e in read] == [
        (one(client), one(project), one(task) or NO_TASK, note.strip(), day)
        for client, project, task, note, day in rows
    ]


def one(text: str) -> str:
    return " ".join(text.split())


def test_the_demo_file_has_240_rows_and_none_is_refused():
    rows = list(Report(DEMO.read_bytes()))
    assert len(rows) == 240
    assert all(isinstance(row, Entry) for row in rows)
    assert len({row.identity for row in rows}) < 240
    assert len({row.client for row in rows}) >= 3
    assert len({(row.client, row.project) for row in rows}) >= 5
    assert len({row.task for row in rows}) >= 8
    assert len({row.facts.staff for row in rows}) >= 4
    assert {row.billable for row in rows} == {True, False}
