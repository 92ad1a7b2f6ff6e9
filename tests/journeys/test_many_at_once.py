"""Very many invoices by one click: fifty to a call, and nobody else waits for them.

``make test`` sends a few calls' worth; ``BULK_INVOICES=1000`` sends as many as a click may name.
"""

import os

import pytest

from tests.support.eventually import eventually
from tests.support.work import linked_client

MANY = int(os.environ.get("BULK_INVOICES", "70"))
A_CALL = 50
REFUSED_EVERY = 40
LOCKED, BEFORE = "2019-12-31", "2019-11-30"
SMALL = 3000
"""Bytes; one invoice is smaller, and fifty are larger."""


@pytest.fixture
def organisation(connected):
    return connected.program.get("/connection")["organisation_id"]


@pytest.fixture
def invoices(connected, xero, organisation):
    """Drafts of one line; some of a year that was closed in Xero since we last looked."""
    program = connected.program
    client = linked_client(program)["id"]

    def make(number):
        line = {"description": f"Visit {number}", "quantity": "1", "unit_price": "80.00"}
        wish = {"basis": "blank", "client_id": client, "lines": [line]}
        if number % REFUSED_EVERY == 1:
            wish["date"] = BEFORE
        return program.post("/invoices", wish)["id"]

    made = [make(number) for number in range(MANY)]
    xero.ask("POST", f"organisations/{organisation}/lock-dates", {"year_end": LOCKED})
    yield made
    xero.ask("POST", f"organisations/{organisation}/lock-dates", {})


def test_many_go_in_few_calls_and_hold_up_nobody(
    connected, newcomer, xero, organisation, invoices
):
    program = connected.program
    clicked = program.post(
        "/invoices",
        {
            "basis": "blank",
            "client_id": linked_client(program)["id"],
            "lines": [{"description": "Call-out", "quantity": "1", "unit_price": "50.00"}],
        },
    )["id"]

    def puts():
        wanted = f"since={last}&method=PUT&path=/Invoices&tenant_id={organisation}"
        return xero.ask("GET", f"calls?{wanted}")["calls"]

    last = xero.ask("GET", "calls")["last"]
    job = program.post("/invoices/send", {"invoice_ids": invoices})
    made_before = len(puts())
    program.post(f"/invoices/{clicked}/send")
    newcomer.program.post("/invoices/sync")
    others = xero.ask(
        "GET",
        f"calls?since={last}&method=GET"
        f"&tenant_id={newcomer.program.get('/connection')['organisation_id']}",
    )
    bulk_over = program.get(f"/jobs/{job['id']}")["state"] == "done"
    job = program.finished(job, seconds=900)

    refused = MANY // REFUSED_EVERY + (MANY % REFUSED_EVERY > 1)
    assert job["result"]["sent"] == MANY - refused
    assert job["result"]["failed"] == refused
    told = {one["invoice_id"]: one["sentence"] for one in job["result"]["invoices"]}
    late = [invoices[number] for number in range(1, MANY, REFUSED_EVERY)]
    assert {one for one, why in told.items() if why} == set(late)
    state = f"/invoices/{clicked}"
    assert eventually(lambda: program.get(state)["state"], "sent") == "sent"

    calls = puts()
    assert len(calls) == -(-MANY // A_CALL) + 1
    (place,) = (at for at, call in enumerate(calls) if call["bytes_in"] < SMALL)
    assert place <= made_before + 2
    assert others["calls"]
    assert not bulk_over or others["calls"][0]["number"] < calls[-1]["number"]
    first = program.get(f"/invoices/{invoices[0]}")
    assert (first["state"], first["status"]) == ("sent", "AUTHORISED")
