"""The real headers of each report, in files whose rows are invented."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.work.intake.dates import Order
from chalicelib.work.intake.entry import NO_TASK
from chalicelib.work.intake.questions import Question
from chalicelib.work.intake.recognise import KINDS, nearest, recognise
from tests.work.intake.conftest import FILES, judged, said, surveyed

ANA, BEN, ZOE = "Ana Kereama", "Ben Osei", "Chloé Martin"
HEADERS = {
    "toggl": "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,"
    "End date,End time,Duration,Tags,Amount (USD)",
    "clockify": "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,"
    "Start Time,End Date,End Time,Duration (h),Duration (decimal),Billable Rate (USD),"
    "Billable Amount (USD)",
    "harvest": "Date,Client,Project,Project Code,Task,Notes,Hours,Hours Rounded,Billable?,"
    "Invoiced?,Approved?,First Name,Last Name,Employee Id,Roles,Employee?,Billable Rate,"
    "Billable Amount,Cost Rate,Cost Amount,Currency,External Reference URL",
}
READ = {
    "toggl_detailed.csv": (
        "toggl",
        [
            ("2026-11-02", 90, ANA, "Boom FM"),
            ("2026-11-02", 90, ANA, "Boom FM"),
            ("2026-11-03", 136, BEN, "Boom FM"),
            ("2026-11-30", 45, ZOE, "City Agency"),
        ],
    ),
    "toggl_12_hour.csv": (
        "toggl",
        [("2026-11-02", 90, ANA, "Boom FM"), ("2026-11-23", 60, BEN, "Boom FM")],
    ),
    "clockify_detailed.csv": (
        "clockify",
        [
            ("2026-11-02", 90, ANA, "Boom FM"),
            ("2026-11-23", 50, BEN, "Boom FM"),
            ("2026-11-24", 20, ZOE, "City Agency"),
        ],
    ),
    "clockify_with_invoices.csv": (
        "clockify",
        [
            ("2026-11-02", 90, "Jörg Weiß", "Boom FM"),
            ("2026-11-03", 60, "Jörg Weiß", "Boom FM"),
            "It is no work: Break.",
        ],
    ),
    "harvest_detailed.csv": (
        "harvest",
        [
            ("2026-11-02", 90, ANA, "Boom FM"),
            ("2026-11-03", 20, BEN, "Boom FM"),
            ("2026-11-23", 120, "Chloé", "City Agency"),
        ],
    ),
}


def content(name: str) -> bytes:
    return (FILES / name).read_bytes()


@pytest.mark.parametrize("name", READ)
def test_each_report_is_known_by_its_header_and_read_whole(name):
    kind, rows = READ[name]
    assert surveyed(content(name)).kind == kind
    assert said(judged(content(name))) == rows


@pytest.mark.parametrize(("kind", "header"), HEADERS.items())
def test_headers_are_known_in_any_order_case_and_spacing(kind, header):
    names = header.split(",")
    assert recognise(names).code == kind
    assert recognise([f"  {name.upper()} " for name in reversed(names)]).code == kind


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_report_without_a_column_it_is_known_by_is_told_what_is_missing(kind):
    header = HEADERS[kind.code].split(",")
    for name in kind.told_by:
        lacking = [one for one in header if one.lower() != name]
        assert recognise(lacking) is None
        assert nearest(lacking) == (kind, [name])


def test_a_table_that_only_shares_some_names_is_no_report():
    assert recognise(["Date", "Client", "Project", "Hours"]) is None
    assert nearest(["Date", "Hours"]) is None


@pytest.mark.parametrize("currency", ["USD", "NZD", "EUR", "JPY"])
@pytest.mark.parametrize("kind", ["toggl", "clockify"])
def test_amounts_may_be_in_any_currency(kind, currency):
    header = HEADERS[kind].replace("USD", currency).split(",")
    assert recognise(header).code == kind


def test_equal_rows_say_the_same_and_others_do_not():
    first, second, third, _ = judged(content("toggl_detailed.csv"))
    assert first.identity == second.identity != third.identity


def test_line_breaks_and_quotes_stay_in_the_note_and_count_as_lines():
    rows = judged(content("toggl_detailed.csv"))
    assert rows[2].facts.note == 'Said "ship it",\nthen did'
    assert [row.line for row in rows] == [2, 3, 4, 6]


def test_time_on_a_project_alone_goes_to_one_task():
    assert judged(content("toggl_detailed.csv"))[3].task == NO_TASK


def test_clockify_marks_what_was_invoiced():
    rows = judged(content("clockify_with_invoices.csv"))
    assert [row.invoiced for row in rows[:2]] == [False, True]


def test_harvest_names_people_codes_and_currencies():
    first, second, third = judged(content("harvest_detailed.csv"))
    assert (first.code, first.currency) == ("BOOM-1", "New Zealand Dollar - NZD")
    assert [row.invoiced for row in (first, second, third)] == [False, True, False]
    assert [row.billable for row in (first, second, third)] == [True, True, False]


def test_the_same_time_is_the_same_however_a_report_writes_it():
    """An account whose days and clock are set otherwise exports the same work."""
    header = HEADERS["clockify"]
    row = "App,Boom,Icons,Design,Ana,,ana@x.example,{0},Yes,{1},{2},{1},{3},{4},{5},1,{6}"
    plain = row.format("", "2026-11-23", "14:00", "15:30", "01:30:00", "1.50", "1.50")
    other = row.format(
        "urgent", "11/23/2026", "02:00:00 PM", "03:30:00 PM", "1:30", "1.5", "9.99"
    ).replace("Boom", "BOOM.")
    (first,), (second,) = (judged(f"{header}\n{one}\n".encode()) for one in (plain, other))
    assert first.identity == second.identity


def test_an_ambiguous_order_of_days_is_asked_about():
    asked = surveyed(content("day_or_month.csv"))
    assert isinstance(asked, Question)
    assert asked.name == "date_order"
    assert [option.value for option in asked.options] == ["day_first", "month_first"]
    assert "3 April 2026" in asked.options[0].sample
    assert "4 March 2026" in asked.options[1].sample
    assert asked.proposed == {}


@pytest.mark.parametrize(
    ("order", "days"),
    [
        ("day_first", ["2026-04-03", "2026-04-05"]),
        ("month_first", ["2026-03-04", "2026-05-04"]),
    ],
)
def test_the_answer_decides_how_days_are_read(order, days):
    rows = judged(content("day_or_month.csv"), date_order=Order(order))
    assert [row.facts.date.isoformat() for row in rows] == days


def test_one_impossible_day_settles_the_order():
    more = content("day_or_month.csv").replace(b"05/04/2026", b"25/04/2026")
    assert [row[0] for row in said(judged(more))] == ["2026-04-03", "2026-04-25"]


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",\n;\t='), max_size=30
)
NAMES = WORDS.filter(lambda text: " ".join(text.split()).strip("\ufeff"))


@settings(max_examples=150)
@given(
    st.lists(st.tuples(NAMES, NAMES, WORDS, WORDS), min_size=1, max_size=4),
    st.permutations(HEADERS["toggl"].split(",")),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_is_written_is_read_again(rows, header, delimiter, encoding, line_end):
    out = io.StringIO()
    writer = csv.DictWriter(out, header, delimiter=delimiter, lineterminator=line_end)
    writer.writeheader()
    for client, project, task, note in rows:
        writer.writerow(
            dict.fromkeys(header, "")
            | {"Client": client, "Project": project, "Task": task, "Description": note}
            | {"User": "Ana", "Billable": "Yes", "Start date": "2026-11-03", "Duration": "1:00"}
        )
    read = judged(out.getvalue().encode(encoding))
    assert [(e.client, e.project, e.task, e.facts.note) for e in read] == [
        (one(client), one(project), one(task) or NO_TASK, plain(note))
        for client, project, task, note in rows
    ]


def one(text: str) -> str:
    return " ".join(plain(text).split())


def plain(text: str) -> str:
    return text.replace("\ufeff", "").strip()
