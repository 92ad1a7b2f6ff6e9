"""The connection ended on either side, with work waiting, and made again."""

import pytest

from local.cloud.mail import taken
from tests.support.eventually import eventually
from tests.support.reconnect import connect_again
from tests.support.work import draft

ENDED = {"needs_reconnect", "disconnected"}


def remove_in_xero(program, xero):
    organisation = program.get("/connection")["organisation_id"]
    xero.ask("POST", "connections/remove", {"tenant_id": organisation})


def told(stack, address):
    """How often somebody was e-mailed that the connection is lost."""
    mail = [one for one in taken(stack.cloud_url) if one.to == [address]]
    return sum("no longer connected to Xero" in one.subject for one in mail)


@pytest.fixture
def connections(connected, xero):
    """A look at how many connections Xero has to our organisation."""
    ours = connected.program.get("/connection")["organisation_id"]

    def count():
        found = xero.ask("GET", "organisations")["organisations"]
        return sum(len(one["connections"]) for one in found if one["tenant_id"] == ours)

    return count


def test_an_end_made_in_xero_is_noticed_and_work_waits_for_the_reconnect(
    stack, connected, demo, xero
):
    program = connected.program
    invoice = draft(program)
    before = told(stack, demo["email"])
    remove_in_xero(program, xero)

    program.post("/invoices/sync")
    assert eventually(lambda: program.get("/connection")["state"], *ENDED) in ENDED
    assert program.get(f"/invoices/{invoice['id']}")["state"] == "draft"
    assert eventually(lambda: told(stack, demo["email"]), before + 1) == before + 1

    connect_again(connected)
    program.post(f"/invoices/{invoice['id']}/send")

    read = f"/invoices/{invoice['id']}"
    assert eventually(lambda: program.get(read)["state"], "sent") == "sent"


def test_an_import_that_meets_the_end_goes_on_after_the_reconnect(connected, xero):
    program = connected.program
    remove_in_xero(program, xero)

    job = program.post("/imports/clients")
    assert eventually(lambda: program.get("/connection")["state"], *ENDED) in ENDED

    connect_again(connected)
    assert program.finished(job)["state"] == "done"


def test_an_expired_access_token_is_refreshed_unseen(connected, xero):
    invoice = draft(connected.program)
    xero.ask("POST", "faults", {"kind": "token_expired", "method": "PUT", "path": "/Invoices"})

    connected.program.post(f"/invoices/{invoice['id']}/send")

    read = f"/invoices/{invoice['id']}"
    assert eventually(lambda: connected.program.get(read)["state"], "sent") == "sent"


def test_an_import_outlives_its_access_token(connected, xero):
    program = connected.program
    # So that the worker's own token is the latest, and its is the refresh.
    program.finished(program.post("/imports/clients"))
    xero.ask("POST", "faults", {"kind": "token_expired", "path": "/Contacts"})

    job = program.finished(program.post("/imports/clients"))

    assert job["state"] == "done"


def test_disconnecting_here_ends_the_connection_in_xero(connected, connections):
    program = connected.program

    program.delete("/connection")

    assert program.get("/connection")["state"] == "disconnected"
    assert eventually(connections, 0) == 0

    connected.connect()
    assert program.get("/connection")["state"] == "active"


def test_a_disconnect_that_xero_could_not_hear_is_told_later(connected, connections, xero):
    program = connected.program
    xero.ask(
        "POST",
        "faults",
        {"kind": "status", "status": 503, "method": "DELETE", "path": "/connections", "times": 0},
    )

    job = program.delete("/connection")

    assert program.get("/connection")["state"] == "disconnected"
    assert (job["state"], connections()) == ("waiting", 1)

    xero.ask("DELETE", "faults")
    program.finished(job, seconds=60)
    assert connections() == 0

    connected.connect()
    assert program.get("/connection")["state"] == "active"
