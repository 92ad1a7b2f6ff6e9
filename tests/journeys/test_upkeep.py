"""The hourly upkeep on the deployed stack: grants that lay idle."""

import pytest

from local.demo.counted import Account
from local.demo.journey import Journey
from local.demo.person import LostError
from tests.support.eventually import eventually
from tests.support.functions import grants, lay_idle, run
from tests.support.reconnect import connect_again

SECOND = "second@xero.test"


def calls_since(xero, last, method, path, organisation=""):
    """How many of these calls; a grant may serve organisations of other journeys, too."""
    wanted = f"since={last}&method={method}&path={path}&tenant_id={organisation}"
    found = xero.ask("GET", f"calls?{wanted}")
    return found["count"]


def last_call(xero):
    return xero.ask("GET", "calls")["last"]


def test_an_idle_grant_is_refreshed_and_its_connection_confirmed(stack, connected, xero):
    lay_idle(stack)
    last = last_call(xero)
    ours = connected.program.get("/connection")["organisation_id"]

    run(stack, "upkeep")
    run(stack, "upkeep")

    def confirmed():
        return calls_since(xero, last, "GET", "/Organisation/Actions", ours)

    assert eventually(confirmed, 1) == 1
    assert calls_since(xero, last, "POST", "/connect/token") == 1
    assert connected.program.get("/connection")["state"] == "active"


def test_an_end_made_in_xero_is_noticed_without_any_work(stack, connected, xero):
    program = connected.program
    organisation = program.get("/connection")["organisation_id"]
    xero.ask("POST", "connections/remove", {"tenant_id": organisation})
    lay_idle(stack)

    run(stack, "upkeep")

    def state():
        return program.get("/connection")["state"]

    assert eventually(state, "disconnected") == "disconnected"
    connect_again(connected)
    assert program.get("/connection")["state"] == "active"


def test_a_permission_that_has_ended_is_noticed_without_any_work(stack, connected, xero):
    program = connected.program
    xero.ask("POST", "tokens/end", {"user": connected.xero_email})
    lay_idle(stack)

    run(stack, "upkeep")

    assert program.get("/connection")["state"] == "needs_reconnect"
    connect_again(connected)
    assert program.get("/connection")["state"] == "active"


@pytest.mark.usefixtures("connected")
def test_a_grant_that_led_to_no_connection_is_revoked_in_the_end(stack, stranger, xero):
    before = len(grants(stack))
    other = Journey(stranger, Account(stranger["xero_url"]), xero_email=SECOND)
    other.sign_in()
    xero.ask(
        "POST", "faults", {"kind": "status", "status": 503, "path": "/revocation", "times": 0}
    )
    with pytest.raises(LostError, match="Not connected"):
        other.connect()
    assert len(grants(stack)) == before + 1

    xero.ask("DELETE", "faults")
    lay_idle(stack)
    run(stack, "upkeep")

    assert len(grants(stack)) == before
