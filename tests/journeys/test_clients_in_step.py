"""Clients and contacts on the deployed stack: proposed, decided, unlinked, linked again, made."""

import time
import uuid

import pytest

ANSWERS = (
    {"kind": "rate_limit", "problem": "minute", "retry_after": 2},
    {"kind": "rate_limit", "problem": "concurrent"},
    {"kind": "status", "status": 503},
    {"kind": "truncate"},
)
"""In turn: a limit, too much at once without a time named, a page in HTML, half an answer."""


@pytest.fixture
def organisation(connected):
    return connected.program.get("/connection")["organisation_id"]


@pytest.fixture
def plant(xero, organisation):
    """A contact that somebody makes in Xero."""

    def make(name):
        path = f"organisations/{organisation}/contacts"
        return xero.ask("POST", path, {"Name": name})["contact_id"]

    return make


def word() -> str:
    return f"Kites{uuid.uuid4().hex[:10]}"


def imported(connected, **wish):
    return connected.program.finished(connected.program.post("/imports/clients", wish))


def the_match(connected, contact_id):
    waiting = connected.program.all("/imports/clients/decisions")
    return next(one for one in waiting if one["contact_id"] == contact_id)


def test_a_match_is_decided_and_the_link_undone_and_made_again(connected, plant):
    program, name = connected.program, word()
    contact_id = plant(name.upper())
    client = program.post("/clients", {"name": name})
    imported(connected)
    match = the_match(connected, contact_id)
    decided = program.post(
        f"/imports/clients/decisions/{match['id']}", {"answer": "same", "client_id": client["id"]}
    )
    program.finished(decided)
    assert program.get(f"/clients/{client['id']}")["name"] == name.upper()
    assert program.delete(f"/clients/{client['id']}/link")["contact_id"] is None
    linked = program.post(f"/clients/{client['id']}/link", {"contact_id": contact_id})
    assert linked["contact_id"] == contact_id


def test_one_that_is_not_the_same_is_a_client_of_its_own(connected, plant):
    program, name = connected.program, word()
    contact_id = plant(name.upper())
    program.post("/clients", {"name": name})
    imported(connected, contact_ids=[contact_id])
    match = the_match(connected, contact_id)
    program.finished(
        program.post(f"/imports/clients/decisions/{match['id']}", {"answer": "none"})
    )
    found = program.all("/clients", search=name)
    assert sorted(one["contact_id"] or "" for one in found) == ["", contact_id]


def test_a_contact_is_made_once_its_permission_is_there(connected):
    program, name = connected.program, word()
    program.patch("/connection", {"features": {"create_contacts": True}})
    connected.connect()
    client = program.post("/clients", {"name": name})
    program.post(f"/clients/{client['id']}/contact")
    made = program.get(f"/clients/{client['id']}")
    assert made["contact_id"]
    assert program.get(f"/clients/{client['id']}/near-contacts")["items"][0]["name"] == name


def test_an_import_gets_through_whatever_xero_answers(connected, xero, plant, demo):
    program, person = connected.program, connected.person
    name = word()
    contact_id = plant(name)
    for fault in ANSWERS:
        xero.ask("POST", "faults", {**fault, "path": "/Contacts"})

    job = program.post("/imports/clients")
    person.open(f"{demo['base_url']}/jobs/{job['id']}")
    said = [person.words]
    deadline = time.monotonic() + 60
    while job["state"] not in {"done", "failed"} and time.monotonic() < deadline:
        time.sleep(0.2)
        job = program.get(f"/jobs/{job['id']}")
        if job["message"] and job["message"] not in said[-1]:
            said.append(person.open(person.address).words)

    assert xero.ask("GET", "faults")["faults"] == []
    assert job["state"] == "done", job["message"]
    assert [one["contact_id"] for one in program.all("/clients", search=name)] == [contact_id]
    assert any("calls a minute is reached. This goes on by itself at" in one for one in said)
    unread = [one for one in said if "answer could not be read" in one]
    assert unread
    assert all("Trying again by itself." in one for one in unread)
