"""What goes with an invoice in Xero, on the pages of the invoice and of the connection."""

import pytest

from chalicelib.invoices.extras import ExtraName
from chalicelib.people import invite, tenants
from chalicelib.people.model import Role
from local.xero.faults import Kind
from tests.invoices.extras_desk import Desk
from tests.invoices.fault_lab import TENANT, lab
from tests.support.browser import Colleague, application, location


@pytest.fixture(scope="module")
def laboratory():
    with lab() as made:
        yield made


@pytest.fixture
def desk(laboratory):
    laboratory.begin_anew()
    made = Desk(laboratory)
    made.reach_by_mail()
    return made


@pytest.fixture
def browser(desk):
    made = invite.invite(desk.lab.caller, "bo@acme.test", Role.ADMINISTRATOR)
    with application() as client:
        yield Colleague(client, desk.lab.aws, made.link, "bo@acme.test").set_up().browser


def beside(browser, invoice):
    return browser.page(f"/invoices/{invoice.invoice_id}").select_one("[aria-labelledby=beside]")


def test_choices_are_off_saved_and_ask_for_their_permission(browser):
    form = browser.page("/settings/xero").select_one("[aria-labelledby=after]")
    assert form.select("input[checked]") == []
    assert form.select_one("option[selected]")["value"] == "none"

    wish = {"timesheet": "pdf", "email_by": "xero", "timesheet_online": "yes"}
    answer = browser.post("/settings/xero/change/after-sending", wish)

    assert location(answer) == "/settings/xero"
    page = browser.page("/settings/xero")
    assert "Permissions need updating" in page.get_text()
    assert "Attach timesheets to the invoices" in page.get_text()
    assert page.select_one("[aria-labelledby=after] option[selected]")["value"] == "pdf"
    assert tenants.get(TENANT).after_sending == ("timesheet_pdf", "email")


def test_one_click_has_xero_email_it_and_the_page_says_so(desk, browser):
    invoice = desk.sent()
    browser.get(f"/invoices/{invoice.invoice_id}")

    browser.post(f"/invoices/{invoice.invoice_id}/extras", {"name": "email"})

    shown = beside(browser, invoice)
    assert "Xero e-mailed it to the client." in shown.get_text()
    assert "Have Xero e-mail it" not in shown.get_text()
    assert desk.mails(invoice) == 1


def test_what_failed_says_why_and_can_be_tried_again(desk, browser):
    invoice = desk.sent()
    desk.reach_by_mail("")
    desk.ask(invoice, ExtraName.EMAIL)

    shown = beside(browser, invoice)

    assert "The contact has no e-mail address in Xero." in shown.get_text()
    assert "must have an email address" in shown.select_one("details").get_text()
    assert "Try again" in shown.get_text()


def test_what_is_not_confirmed_is_looked_for_and_not_done_again(desk, browser):
    invoice = desk.sent()
    desk.lab.fault(kind=Kind.STATUS, status=503, method="POST", path="/Email")
    desk.ask(invoice, ExtraName.EMAIL)

    shown = beside(browser, invoice)

    assert "Workbill looks there before" in shown.get_text()
    assert "E-mail it again" not in shown.get_text()
    assert "Check with Xero" in shown.get_text()


def test_link_and_pdf_are_fetched_by_a_click_and_then_are_there(desk, browser):
    invoice = desk.sent()
    browser.get(f"/invoices/{invoice.invoice_id}")
    for what in ("online-link", "pdf"):
        answer = browser.post(f"/invoices/{invoice.invoice_id}/{what}")
        assert location(answer) == f"/invoices/{invoice.invoice_id}#beside"

    links = [one["href"] for one in beside(browser, invoice).select("a.button")]

    assert links[0].startswith("https://in.xero.com/")
    assert "X-Amz-Signature" in links[1]


def test_nothing_is_beside_what_is_not_in_xero(desk, browser):
    from tests.invoices.fault_lab import line

    assert beside(browser, desk.lab.draft(line(100))) is None
