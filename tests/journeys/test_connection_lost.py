"""The connection ended on either side, with work waiting, and made again."""

import time

from tests.support.work import draft


def eventually(look, wanted, seconds=100):
    """Look until it is as wanted; answers what was seen last."""
    deadline = time.monotonic() + seconds
    seen = look()
    while seen != wanted and time.monotonic() < deadline:
        time.sleep(0.5)
        seen = look()
    return seen


def test_an_end_made_in_xero_is_noticed_and_work_waits_for_the_reconnect(connected, xero):
    program = connected.program
    invoice = draft(program)
    organisation = program.get("/connection")["organisation_id"]
    xero.ask("POST", "connections/remove", {"tenant_id": organisation})

    program.post("/invoices/sync")
    state = eventually(lambda: program.get("/connection")["state"], "needs_reconnect", 30)
    assert state in {"needs_reconnect", "disconnected"}
    assert program.get(f"/invoices/{invoice['id']}")["state"] == "draft"

    connected.connect()
    program.post(f"/invoices/{invoice['id']}/send")

    read = f"/invoices/{invoice['id']}"
    assert eventually(lambda: program.get(read)["state"], "sent") == "sent"


def test_an_expired_access_token_is_refreshed_unseen(connected, xero):
    invoice = draft(connected.program)
    xero.ask("POST", "tokens/expire", {})

    connected.program.post(f"/invoices/{invoice['id']}/send")

    read = f"/invoices/{invoice['id']}"
    assert eventually(lambda: connected.program.get(read)["state"], "sent") == "sent"


def test_disconnecting_here_ends_the_connection_in_xero(connected, xero):
    program = connected.program
    program.delete("/connection")

    def connections():
        found = xero.ask("GET", "organisations")["organisations"]
        return sum(len(one.get("connections", [])) for one in found)

    assert program.get("/connection")["state"] == "disconnected"
    assert eventually(connections, 0) == 0

    connected.connect()
    assert program.get("/connection")["state"] == "active"
