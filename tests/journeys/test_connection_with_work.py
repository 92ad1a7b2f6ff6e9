"""The connection renewed, ended and made again while invoices wait to be sent."""

import pytest

from tests.support.eventually import eventually
from tests.support.functions import busy, run
from tests.support.reconnect import connect_again
from tests.support.work import blank

OTHER = "Demo Company (AU)"
ENDED = {"needs_reconnect", "disconnected"}


@pytest.fixture
def queued(stack, connected, demo_organisation):
    """Invoices that somebody sent while the organisation's line of work was busy."""
    program = connected.program
    made = [blank(program)["id"] for _ in range(2)]
    with busy(stack, demo_organisation):
        for one in made:
            program.post(f"/invoices/{one}/send")
    assert states(program, made) == ["queued", "queued"]
    return made


def states(program, invoice_ids):
    return [program.get(f"/invoices/{one}")["state"] for one in invoice_ids]


def waiting(program):
    """What the jobs that wait say to people."""
    jobs = program.all("/jobs")
    return {
        one["message"]
        for one in jobs
        if one["kind"] == "send-invoices" and one["state"] == "waiting"
    }


def arrived_once(connected, xero, invoice_ids):
    sent = ["sent"] * len(invoice_ids)
    program = connected.program
    assert eventually(lambda: states(program, invoice_ids), sent) == sent
    connection = program.get("/connection")
    assert [len(xero.invoices_of(connection, one)) for one in invoice_ids] == [1, 1]


def test_what_waits_is_sent_once_with_a_token_that_ended(stack, connected, xero, queued):
    last = xero.ask("GET", "calls")["last"]
    xero.ask("POST", "tokens/expire", {"user": connected.xero_email})

    run(stack, "sync_tick")

    arrived_once(connected, xero, queued)
    refreshed = xero.ask("GET", f"calls?since={last}&method=POST&path=/connect/token")
    assert refreshed["count"] == 1


@pytest.fixture
def watcher(connected, receiver):
    """A program that is told of what happens to the demo tenant."""
    made = connected.program.post("/endpoints", {"name": "Watch", "url": receiver.url})
    yield receiver
    connected.program.delete(f"/endpoints/{made['id']}")


def test_what_waits_is_sent_once_after_an_end_made_in_xero(
    stack, connected, xero, watcher, queued
):
    program = connected.program
    organisation = program.get("/connection")["organisation_id"]
    xero.ask("POST", "connections/remove", {"tenant_id": organisation})

    run(stack, "sync_tick")

    assert eventually(lambda: program.get("/connection")["state"], *ENDED) in ENDED
    assert states(program, queued) == ["queued", "queued"]
    assert eventually(lambda: any("onnect" in one for one in waiting(program)), True)
    assert eventually(lambda: "connection.lost" in watcher.told(), True)

    connect_again(connected)

    arrived_once(connected, xero, queued)


def test_what_waits_goes_to_no_other_organisation(connected, xero, queued, demo_organisation):
    program, person = connected.program, connected.person
    program.delete("/connection")
    assert states(program, queued) == ["queued", "queued"]

    go_over(connected, OTHER)

    elsewhere = program.get("/connection")
    assert elsewhere["organisation_name"] == OTHER
    assert states(program, queued) == ["failed", "failed"]
    assert "organisation" in person.open(f"/invoices/{queued[0]}").words
    assert [xero.invoices_of(elsewhere, one) for one in queued] == [[], []]

    go_over(connected, connected.organisation)
    assert program.get("/connection")["organisation_id"] == demo_organisation
    program.finished(program.post("/invoices/send", {"invoice_ids": queued}))
    arrived_once(connected, xero, queued)


def go_over(journey, organisation):
    """Consent to another organisation, and say yes to the page that asks about it."""
    before, journey.organisation = journey.organisation, organisation
    try:
        journey.person.open(journey.demo["base_url"] + "/settings/xero")
        journey._consent()
        journey.person.open(journey.demo["base_url"] + "/settings/xero")
        journey.person.press(f"Change to {organisation}")
    finally:
        journey.organisation = before
