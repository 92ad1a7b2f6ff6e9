"""What `make demo` shows, held as a test: every step of it, on the deployed stack."""

from local.demo.counted import Account
from local.demo.journey import Journey


def test_the_demo_goes_from_sign_in_to_paid(demo):
    account = Account(demo["xero_url"])

    Journey(demo, account).walk()

    calls = {title: cost.total() for title, cost in account.rows}
    assert calls["Send to Xero by one click"] == 1
    assert calls["Make and send in one call"] == 1
    assert calls["Pay in Xero; a click brings PAID"] == 1
    assert calls["Import clients"] == 1
