"""Pages on which an invoice that Xero has is changed, credited, drafted anew or left."""

import re
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from chalicelib.invoices import credit, credit_job, send, store, sync
from chalicelib.people import invite
from chalicelib.people.model import Role
from tests.invoices.fault_lab import TENANT, lab, line
from tests.support.browser import Colleague, application, location


@pytest.fixture(scope="module")
def laboratory():
    with lab() as made:
        yield made


@pytest.fixture
def xero(laboratory):
    laboratory.begin_anew()
    return laboratory


@pytest.fixture
def person(xero):
    made = invite.invite(xero.caller, "bo@acme.test", Role.ADMINISTRATOR)
    with application() as client:
        yield Colleague(client, xero.aws, made.link, "bo@acme.test").set_up()


@pytest.fixture
def invoice(xero):
    drafted = xero.draft(line(12_000, "1.5"), line(4_000))
    send.start(xero.caller, [drafted.invoice_id])
    return store.get(TENANT, drafted.invoice_id)


def said(page: BeautifulSoup) -> str:
    return re.sub(r"\s+", " ", page.get_text())


def fields_of(page: BeautifulSoup, form: str) -> dict[str, list[str]]:
    """What a form of a page would post."""
    found: dict[str, list[str]] = {}
    for field in page.select(f"{form} [name]"):
        if field.name == "button" or (
            field.get("type") == "checkbox" and "checked" not in field.attrs
        ):
            continue
        chosen = field.select_one("option[selected]")
        value = chosen["value"] if chosen else field.get("value", field.get_text())
        found.setdefault(str(field["name"]), []).append(str(value))
    return found


def test_a_change_is_seen_side_by_side_and_then_written(person, xero, invoice):
    browser, here = person.browser, f"/invoices/{invoice.invoice_id}"
    form = browser.page(f"{here}/edit")
    assert "Nothing is changed there before you have seen it" in said(form)
    typed = fields_of(form, "#draft") | {"reference": ["PO 9"], "act": ["save"]}
    typed["unit_price"][1] = "45.50"

    shown = browser.post(f"{here}/edit", typed)
    assert location(shown) == f"{here}/revision"
    page = browser.page(f"{here}/revision")
    rows = [said(row) for row in page.select("tbody tr")]
    assert rows[:2] == [" Reference nothing PO 9 ", " Line 2: price 40 45.5 "]
    assert "A change of this invoice waits" in said(browser.page(here))
    approval = page.select_one("input[name=approval]")["value"]
    written = browser.post(f"{here}/revision", {"approval": approval})

    assert location(written) == here
    (document,) = xero.documents(invoice.invoice_id)
    assert document["Reference"] == "PO 9"
    assert document["LineItems"][1]["UnitAmount"] == Decimal("45.5")
    assert "PO 9" in said(browser.page(here))


def test_a_credit_note_that_is_taken_back_asks_what_becomes_of_it(person, xero, invoice):
    credit_job.ask(xero.caller, invoice.invoice_id, reason="A slip")
    (note,) = [one for one in xero.ledger.credit_notes.all() if "-CR" in one["CreditNoteNumber"]]
    for one in list(note["Allocations"]):
        xero.ledger.credit_notes.take_back(note, one["AllocationID"])
    xero.ledger.credit_notes.update(note, {"Status": "VOIDED"}, 4)
    browser, here = person.browser, f"/invoices/{invoice.invoice_id}"
    sync.start(xero.caller, invoice.invoice_id)
    xero.drain()

    page = browser.page(here)
    assert f"{invoice.number}-CR1 was voided in Xero" in said(page)
    assert "Taken back in Xero" in said(page)
    (card,) = browser.page("/home").select(".notice.bad")
    assert "a credit note of it was taken back in Xero" in said(card)

    browser.post(f"{here}/leave", {"reason": "It was right"})
    assert "was voided in Xero" not in said(browser.page(here).select_one("main"))
    assert browser.page("/home").select(".notice.bad") == []


def test_what_no_change_can_write_is_shown_with_what_to_do(person, xero, invoice):
    browser, here = person.browser, f"/invoices/{invoice.invoice_id}"
    (document,) = xero.documents(invoice.invoice_id)
    xero.ledger.edit(document["InvoiceID"], InvoiceNumber="THEIRS-1")
    browser.post(f"{here}/revision/ours", {"version": str(invoice.version)})

    page = browser.page(f"{here}/revision")

    assert "just like this already. What still differs stays as it is in Xero" in said(page)
    (row,) = page.select("section[aria-labelledby=stays] tbody tr")
    cells = [said(cell) for cell in row.select("th, td")]
    assert cells[:3] == ["Number", "THEIRS-1", invoice.number]
    assert cells[3].startswith("Change it in Xero")
    assert page.select_one("input[name=approval] + button").has_attr("disabled")


def test_an_open_difference_has_one_card_at_home_until_it_is_solved(person, xero, invoice):
    browser = person.browser
    (document,) = xero.documents(invoice.invoice_id)
    assert invoice.number not in [said(one) for one in browser.page("/home").select(".notice")]
    xero.ledger.edit(document["InvoiceID"], Reference="Theirs")
    sync.start(xero.caller, invoice.invoice_id)

    (card,) = browser.page("/home").select(".notice.bad")
    assert f"{invoice.number} for {invoice.client_name}" in said(card)
    assert "Xero has one field otherwise than here." in said(card)
    assert card.select_one("a")["href"].endswith(f"/invoices/{invoice.invoice_id}#differs")

    seen = store.get(TENANT, invoice.invoice_id).drift.seen
    browser.post(
        f"/invoices/{invoice.invoice_id}/drift/ignore", {"seen": seen, "reason": "Agreed"}
    )
    assert browser.page("/home").select(".notice.bad") == []


def test_what_somebody_changed_in_xero_is_written_over_only_when_asked(person, xero, invoice):
    browser, here = person.browser, f"/invoices/{invoice.invoice_id}"
    typed = fields_of(browser.page(f"{here}/edit"), "#draft")
    (document,) = xero.documents(invoice.invoice_id)
    xero.ledger.edit(document["InvoiceID"], Reference="Theirs")
    browser.post(f"{here}/edit", typed | {"reference": ["Ours"], "act": ["save"]})
    page = browser.page(f"{here}/revision")
    assert "changed in Xero; it was sent as nothing" in said(page)
    assert page.find("button", string="Write it to Xero").has_attr("disabled")

    browser.post(f"{here}/revision/look", {"overwrite": "yes"})
    page = browser.page(f"{here}/revision")
    approval = page.select_one("input[name=approval]")["value"]
    browser.post(f"{here}/revision", {"approval": approval})

    (document,) = xero.documents(invoice.invoice_id)
    assert document["Reference"] == "Ours"


def test_a_change_that_is_not_wanted_after_all_is_dropped(person, xero, invoice):
    browser, here = person.browser, f"/invoices/{invoice.invoice_id}"
    typed = fields_of(browser.page(f"{here}/edit"), "#draft")
    browser.post(f"{here}/edit", typed | {"reference": ["PO 9"], "act": ["save"]})

    browser.post(f"{here}/revision/drop", {})

    assert location(browser.get(f"{here}/revision")) == here
    (document,) = xero.documents(invoice.invoice_id)
    assert document.get("Reference", "") == ""


def test_a_credit_of_a_part_is_made_and_told(person, invoice):
    browser, here = person.browser, f"/invoices/{invoice.invoice_id}"
    line_id = invoice.lines[1].line_id
    form = browser.page(f"{here}/credit")
    typed = fields_of(form, "form.card")

    too_much = typed | {f"amount:{line_id}": ["41"], "reason": ["x"]}
    assert "is left of this line" in said(browser.read(f"{here}/credit", too_much, status=400))
    others = {name: ["0"] for name in typed if name.startswith("amount:")}
    made = browser.post(
        f"{here}/credit", others | {f"amount:{line_id}": ["10.00"], "reason": ["Too much"]}
    )

    assert location(made) == here
    (note,) = credit.of_invoice(TENANT, invoice.invoice_id)
    assert note.totals.total == Decimal("11.50")
    assert "11.50 NZD spent on this invoice" in said(browser.page(here))


def test_what_ended_in_xero_offers_its_choices(person, xero, invoice):
    browser, here = person.browser, f"/invoices/{invoice.invoice_id}"
    (document,) = xero.documents(invoice.invoice_id)
    xero.ledger.void(document["InvoiceID"])
    sync.start(xero.caller, invoice.invoice_id)

    browser.post(f"{here}/leave", {"reason": "Agreed by phone"})
    assert "left it so: Agreed by phone" in said(browser.page(here))
    fresh = location(browser.post(f"{here}/redraft", {}))

    assert fresh != here
    assert "253.00" in said(browser.page(fresh))
    assert "Its work is on a fresh draft" in said(browser.page(here))
