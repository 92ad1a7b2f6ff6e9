"""Unbilled work and the work behind lines, as the API tells them."""

import json

import pytest

from chalicelib.invoices import lines_work


class Books:
    """What the API says, read."""

    def __init__(self, program) -> None:
        self.program = program

    def get(self, path):
        return self._read(self.program.call("GET", path))

    def post(self, path, body):
        return self._read(self.program.call("POST", path, body))

    def _read(self, response):
        assert response.status_code in {200, 201}, response.body
        return json.loads(response.body)


@pytest.fixture(name="acme")
def books(acme):
    return Books(acme)


@pytest.fixture
def task(acme):
    client = acme.post("/clients", {"name": "Hill Ltd", "currency": "NZD"})
    project = acme.post("/projects", {"client_id": client["id"], "name": "Site"})
    task = acme.post("/tasks", {"project_id": project["id"], "name": "Design", "rate": "120.00"})
    for minutes in (30, 60, 90):
        record = {"task_id": task["id"], "date": "2026-11-20", "minutes": minutes}
        acme.post("/time-records", record)
    material = {"project_id": project["id"], "date": "2026-11-19", "name": "Cable", "price": "4"}
    acme.post("/materials", material)
    return {**task, "client_id": client["id"]}


def test_every_piece_is_on_the_list_or_behind_one_line(acme, task, monkeypatch):
    monkeypatch.setattr(lines_work, "INLINE", 2)
    (waiting,) = acme.get("/unbilled")["items"]
    assert (waiting["records"], waiting["minutes"], waiting["hours"]) == (3, 180, "3.0000")
    assert (waiting["materials"], waiting["oldest"]) == (1, "2026-11-19")
    assert waiting["amount"] == {"amount": "364.00", "currency": "NZD"}
    assert waiting["client_id"] == task["client_id"]

    invoice = acme.post("/invoices", {"basis": "project", "project_ids": [task["project_id"]]})

    assert acme.get("/unbilled")["items"] == []
    pieces = []
    for line in invoice["lines"]:
        here, cursor = f"/invoices/{invoice['id']}/lines/{line['id']}/work", ""
        while cursor is not None:
            page = acme.get(f"{here}?limit=2&cursor={cursor}")
            assert (len(page["items"]) <= 2, page["gone"]) == (True, 0)
            pieces += page["items"]
            cursor = page["next"]
    assert [(one["kind"], one["minutes"], one["quantity"]) for one in pieces] == [
        ("time_record", 30, None),
        ("time_record", 60, None),
        ("time_record", 90, None),
        ("material", None, "1.0000"),
    ]
    assert {one["invoice_id"] for one in pieces} == {invoice["id"]}
    record = acme.get(f"/time-records/{pieces[0]['id']}")
    assert record["invoice_id"] == invoice["id"]
