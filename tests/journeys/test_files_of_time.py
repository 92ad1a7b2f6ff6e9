"""A file of time through the upload: looked at, taken with progress, and taken back.

``IMPORT_ROWS`` makes it larger; 50,000 rows are a file of nine megabytes.
"""

import csv
import io
import os
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import requests

from local.demo.program import RefusedError

ROWS = int(os.environ.get("IMPORT_ROWS", "300"))
PATIENCE = 60 + ROWS / 20
LARGEST = 10_000_000
HEADER = (
    *("Project", "Client", "Description", "Task", "User", "Group", "Email", "Tags", "Billable"),
    *("Start Date", "Start Time", "End Date", "End Time", "Duration (h)", "Duration (decimal)"),
    *("Billable Rate (NZD)", "Billable Amount (NZD)"),
)


def report(run: str) -> bytes:
    """Clockify's detailed report of an account that writes days and times as in America."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for n in range(ROWS):
        begun = datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(hours=n % 8000)
        ended = begun + timedelta(minutes=30)
        writer.writerow(
            [
                *(f"Project {n % 3}", f"Client {run}", f"Work item {n}, with its usual note"),
                *(f"Task {n % 2}", f"Person {n % 9}", "", f"p{n % 9}@studio.example", "", "Yes"),
                *(begun.strftime("%m/%d/%Y"), begun.strftime("%I:%M:%S %p")),
                *(ended.strftime("%m/%d/%Y"), ended.strftime("%I:%M:%S %p")),
                *("00:30:00", "0.50", "100.00", "50.00"),
            ]
        )
    return out.getvalue().encode()


def posted(program, content: bytes) -> str:
    """The address of an import whose file has gone through the form of the store."""
    given = program.post("/imports/time-records", {"currency": "NZD"})
    answer = requests.post(
        given["upload"]["url"],
        data=given["upload"]["fields"],
        files={"file": ("time.csv", content, "text/csv")},
        timeout=120,
    )
    assert answer.status_code < 300, answer.text
    return f"/imports/time-records/{given['import_id']}"


def looked(program, address: str) -> dict:
    state = program.post(f"{address}/look")
    deadline = time.monotonic() + PATIENCE
    while state["state"] == "looking":
        assert time.monotonic() < deadline, state
        time.sleep(0.3)
        state = program.get(address)
    return state


def test_a_file_is_looked_at_taken_and_taken_back(connected):
    program = connected.program
    content = report(uuid.uuid4().hex[:8])
    assert len(content) <= LARGEST

    address = posted(program, content)
    state = looked(program, address)
    assert (state["state"], state["preview"]["kind"]) == ("ready", "clockify")
    assert (state["preview"]["records"], state["preview"]["minutes"]) == (ROWS, ROWS * 30)

    job = program.finished(program.post(f"{address}/begin"), PATIENCE)
    assert (job["progress"]["done"], job["progress"]["created"]) == (ROWS, ROWS)
    again = posted(program, content)
    assert looked(program, again)["preview"]["here"] == ROWS

    job = program.finished(program.post(f"{address}/take-back"), PATIENCE)
    assert job["progress"]["removed"] == ROWS
    assert looked(program, again)["state"] == "ready"


def test_a_file_with_a_question_waits_for_its_answer(connected):
    program = connected.program
    rows = b"Day;Customer;Job;Hours\n03/04/2026;Boom FM;App;1,5\n"
    address = posted(program, rows)
    assert looked(program, address)["question"]["name"] == "columns"
    with pytest.raises(RefusedError, match="failed"):
        program.finished(program.post(f"{address}/begin"))
    columns = {"date": "Day", "client": "Customer", "project": "Job", "duration": "Hours"}
    state = program.post(f"{address}/look", {"columns": columns})
    assert looked(program, address)["question"]["name"] == "date_order", state


def test_what_is_larger_than_ten_megabytes_is_refused_by_the_store(connected):
    given = connected.program.post("/imports/time-records")
    answer = requests.post(
        given["upload"]["url"],
        data=given["upload"]["fields"],
        files={"file": ("time.csv", b"x" * (LARGEST + 1), "text/csv")},
        timeout=120,
    )
    assert answer.status_code in {400, 413}
    with pytest.raises(RefusedError, match="404"):
        connected.program.post(f"/imports/time-records/{given['import_id']}/look")
