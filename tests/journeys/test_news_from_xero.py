"""What changes in Xero comes back, however it is found out and whatever it looks like."""

import pytest

from tests.support.eventually import eventually
from tests.support.functions import schedules_away
from tests.support.work import draft

ELSEWHERE = "https://elsewhere.test/1"


@pytest.fixture
def sent(connected):
    """Makes an invoice that is in Xero."""

    def make():
        invoice = draft(connected.program)
        read = f"/invoices/{invoice['id']}"
        connected.program.post(f"{read}/send")
        assert eventually(lambda: connected.program.get(read)["state"], "sent") == "sent"
        return connected.program.get(read)

    return make


@pytest.fixture
def change(connected, xero):
    """Does something to an invoice inside Xero."""
    organisation = connected.program.get("/connection")["organisation_id"]

    def act(invoice, what, **facts):
        path = f"organisations/{organisation}/invoices/{invoice['xero_invoice_id']}/{what}"
        xero.ask("POST", path, facts)

    return act


def status(connected, invoice):
    return connected.program.get(f"/invoices/{invoice['id']}")["status"]


@pytest.fixture
def nobody_looks(stack, xero):
    """Workbill looks when it is asked to: no news comes by itself, and no schedule."""
    xero.ask("POST", "webhooks", {"paused": True})
    with schedules_away(stack):
        yield


@pytest.mark.usefixtures("nobody_looks")
def test_one_call_brings_back_several_that_changed(connected, xero, sent, change):
    first, second = sent(), sent()
    # What was heard before Xero fell silent is looked at by now.
    connected.program.finished(connected.program.post("/invoices/sync"))
    change(first, "pay")
    change(second, "void")
    last = xero.ask("GET", "calls")["last"]

    connected.program.finished(connected.program.post("/invoices/sync"))

    assert (status(connected, first), status(connected, second)) == ("PAID", "VOIDED")
    assert xero.ask("GET", f"calls?since={last}&path=/Invoices")["count"] == 1


def test_an_invoice_that_lost_our_address_is_still_known(connected, xero, sent, change):
    invoice = sent()
    xero.ask("POST", "webhooks", {"paused": True})
    change(invoice, "edit", Url=ELSEWHERE)
    change(invoice, "pay")

    connected.program.finished(connected.program.post("/invoices/sync"))

    assert status(connected, invoice) == "PAID"


def test_a_webhook_brings_back_one_that_lost_our_address(connected, sent, change):
    invoice = sent()
    change(invoice, "edit", Url=ELSEWHERE)
    change(invoice, "pay")

    assert eventually(lambda: status(connected, invoice), "PAID") == "PAID"
