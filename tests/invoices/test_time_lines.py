"""How time becomes lines: grouped, rounded up, with notes or without."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.invoices.build import (
    AS_TRACKED,
    Book,
    Grouping,
    Per,
    Rounding,
    Style,
    Terms,
    time_lines,
    with_notes,
)
from chalicelib.work.model import Phase, Project, Task, TimeRecord

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BOOK = Book(
    {"p1": Project("p1", "c1", "Site", "NZD", NOW), "p2": Project("p2", "c1", "App", "NZD", NOW)},
    {
        "t1": Task("t1", "p1", "Design", "NZD", NOW, phase_id="ph1"),
        "t2": Task("t2", "p1", "Build", "NZD", NOW),
        "t3": Task("t3", "p2", "Design", "NZD", NOW),
    },
    lambda _record: Terms(Decimal(120)),
    {"ph1": Phase("ph1", "p1", "First", NOW)},
)


def record(number, task_id="t1", minutes=60, **facts):
    project_id = BOOK.tasks[task_id].project_id
    return TimeRecord(
        f"r{number}", project_id, task_id, "c1", date(2026, 11, 2), minutes, **facts
    )


def lines(*records, **style):
    return time_lines(records, BOOK, Style(**style))


@pytest.mark.parametrize(
    ("grouping", "labels"),
    [
        (Grouping.TASK, ["App: Design", "Site: Build", "Site: Design"]),
        (Grouping.PHASE, ["App", "Site", "Site: First"]),
        (Grouping.PROJECT, ["App", "Site"]),
        (Grouping.STAFF, ["Ann", "Work"]),
    ],
)
def test_grouping_names_the_lines(grouping, labels):
    found = lines(record(1, staff="Ann"), record(2, "t2"), record(3, "t3"), grouping=grouping)

    assert [line.description for line in found] == [f"{one} (2026-11-02)" for one in labels]


@pytest.mark.parametrize(
    ("rounding", "hours"),
    [
        (AS_TRACKED, "0.65"),
        (Rounding(6, Per.RECORD), "0.9"),
        (Rounding(6, Per.GROUP), "0.7"),
        (Rounding(15, Per.RECORD), "0.75"),
        (Rounding(15, Per.GROUP), "0.75"),
        (Rounding(30, Per.RECORD), "1.5"),
        (Rounding(30, Per.GROUP), "1"),
    ],
)
def test_time_is_rounded_up_by_record_or_by_line(rounding, hours):
    (line,) = lines(*(record(n, minutes=13) for n in range(3)), rounding=rounding)

    assert line.quantity == Decimal(hours)
    assert line.work.minutes == 39


@given(
    minutes=st.lists(st.integers(1, 1440), min_size=1, max_size=20),
    step=st.sampled_from([6, 15, 30]),
)
def test_rounding_never_bills_less_and_never_a_step_more_than_there_are(minutes, step):
    records = [record(place, minutes=one) for place, one in enumerate(minutes)]
    by_record, by_group = (
        lines(*records, rounding=Rounding(step, per))[0].quantity * 60 for per in Per
    )

    assert sum(minutes) <= by_group <= by_record < sum(minutes) + step * len(minutes) + 1
    assert by_group < sum(minutes) + step + 1


def test_notes_are_listed_once_each_where_they_are_wanted():
    records = [record(1, note="Sketch"), record(2, note="Sketch"), record(3, note="Two\n lines")]

    assert lines(*records)[0].description == "Site: Design (2026-11-02)"
    (line,) = lines(*records, notes=True)
    assert line.description == "Site: Design (2026-11-02)\n- Sketch\n- Two lines"


def test_a_line_for_each_record_has_its_note_unless_it_is_not_wanted():
    each = {"grouping": Grouping.EACH}

    assert "Sketch" in lines(record(1, note="Sketch"), **each)[0].description
    assert "Sketch" not in lines(record(1, note="Sketch"), **each, notes=False)[0].description


@given(st.lists(st.text("ab \n", min_size=1, max_size=900), max_size=12))
def test_notes_never_make_a_description_that_xero_refuses(notes):
    assert len(with_notes("Site", notes)) <= 4000
