"""What stays open until a person says more: an invoice in doubt, and several that failed."""

import uuid

import pytest

from tests.support.eventually import eventually
from tests.support.functions import let_calls_be_old, worker_away
from tests.support.work import blank

LOCKED, BEFORE = "2019-12-31", "2019-11-30"
AWAY = {"kind": "status", "status": 503, "method": "GET", "path": "/Invoices", "times": 0}
"""Nobody can look."""


@pytest.fixture
def organisation(connected):
    return connected.program.get("/connection")["organisation_id"]


@pytest.fixture
def in_doubt(stack, connected, xero):
    """Makes an invoice of which nobody knows whether it came to be in Xero; no worker looks."""

    def make(when):
        invoice = blank(connected.program)
        xero.ask("POST", "faults", {"kind": "drop", "when": when, "method": "PUT"})
        xero.ask("POST", "faults", AWAY)
        connected.program.post(f"/invoices/{invoice['id']}/send")
        xero.ask("DELETE", "faults")
        # Nothing can be on its way any more, and no key is remembered.
        let_calls_be_old(stack)
        found = connected.program.get(f"/invoices/{invoice['id']}")
        assert found["state"] == "uncertain"
        return found

    with worker_away(stack):
        yield make


def page_of(connected, invoice):
    return connected.person.open(f"{connected.demo['base_url']}/invoices/{invoice['id']}")


def test_a_person_names_the_document_that_it_is(connected, xero, organisation, in_doubt):
    invoice, number = in_doubt("after"), f"HAND-{uuid.uuid4().hex[:6]}"
    (arrived,) = xero.invoices_of(connected.program.get("/connection"), invoice["id"])
    # So that Workbill's own search cannot find it.
    edit = f"organisations/{organisation}/invoices/{arrived['InvoiceID']}/edit"
    xero.ask("POST", edit, {"InvoiceNumber": number, "Url": "https://elsewhere.test/1"})

    said = {"verdict": "this_one", "document": number}
    connected.program.post(f"/invoices/{invoice['id']}/resolve", said)

    found = connected.program.get(f"/invoices/{invoice['id']}")
    assert (found["state"], found["number"]) == ("sent", number)
    assert found["xero_invoice_id"] == arrived["InvoiceID"]
    connected.program.post(f"/invoices/{invoice['id']}/sync")
    assert xero.invoices_of(connected.program.get("/connection"), invoice["id"]) == []


def test_one_that_never_arrived_is_sent_anew_and_once(connected, xero, in_doubt):
    invoice = in_doubt("before")

    page_of(connected, invoice).press("It never arrived")

    path = f"/invoices/{invoice['id']}"
    assert connected.program.get(path)["state"] == "failed"
    assert "never arrived" in connected.person.words
    page_of(connected, invoice).press("Send to Xero")
    assert connected.program.get(path)["state"] == "sent"
    assert len(xero.invoices_of(connected.program.get("/connection"), invoice["id"])) == 1


def test_a_search_that_is_stopped_goes_on_when_somebody_asks(
    connected, xero, organisation, in_doubt
):
    invoice = in_doubt("after")
    path = f"/invoices/{invoice['id']}"

    # A look at statuses that came by would find it.
    xero.ask("POST", "faults", AWAY)
    page_of(connected, invoice).press("Stop searching")
    search = connected.program.get(f"/jobs/send-{invoice['id']}.{organisation}")
    assert search["state"] == "cancelled"
    assert connected.program.get(path)["state"] == "uncertain"
    assert "was stopped" in page_of(connected, invoice).words
    xero.ask("DELETE", "faults")
    connected.person.press("Check with Xero")
    assert connected.program.get(path)["state"] == "sent"
    assert len(xero.invoices_of(connected.program.get("/connection"), invoice["id"])) == 1


def test_all_that_failed_are_tried_again_by_one_button(connected, xero, organisation):
    program = connected.program
    made = [blank(program, date=BEFORE)["id"] for _ in range(2)]
    xero.ask("POST", f"organisations/{organisation}/lock-dates", {"year_end": LOCKED})
    program.finished(program.post("/invoices/send", {"invoice_ids": made}))
    assert {program.get(f"/invoices/{one}")["state"] for one in made} == {"failed"}
    xero.ask("POST", f"organisations/{organisation}/lock-dates", {})

    person = connected.person.open(f"{connected.demo['base_url']}/")
    named = [one["value"] for one in person.elements("input") if one.get("name") == "invoice_ids"]
    assert set(made) <= set(named)
    person.press("Try all", invoice_ids=named)

    def states():
        return {program.get(f"/invoices/{one}")["state"] for one in made}

    assert eventually(states, {"sent"}) == {"sent"}
    assert not any(one in str(person.open("/").elements("form")) for one in made)
