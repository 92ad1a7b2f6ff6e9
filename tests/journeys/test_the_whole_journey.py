"""What `make demo` shows, held as a test: every step of it, on the deployed stack."""

from local.demo.counted import Account
from local.demo.journey import Journey
from tests.support.functions import let_look, run


def test_the_demo_goes_from_sign_in_to_paid(stack, demo, demo_organisation):
    account = Account(demo["xero_url"])

    def the_minute_is_over():
        let_look(stack, demo_organisation)
        run(stack, "sync_tick")

    Journey(demo, account, hurry=the_minute_is_over).walk()

    cost = dict(account.rows)
    assert cost["Import clients"]["GET /api.xro/2.0/Contacts"] == 1
    assert cost["Import codes"]["GET /api.xro/2.0/Accounts"] == 1
    assert cost["Send to Xero by one click"]["PUT /api.xro/2.0/Invoices"] == 1
    assert cost["Pay in Xero; a click brings PAID"]["GET /api.xro/2.0/Invoices/{key}"] == 1
    sends = sum(calls["PUT /api.xro/2.0/Invoices"] for _, calls in account.rows)
    assert sends == 3
