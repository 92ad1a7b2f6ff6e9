import re

import pytest


@pytest.fixture
def person(app):
    return app.test_client()


@pytest.fixture
def organisation(world, visitor):
    return world.organisations[visitor.tenant()]


@pytest.fixture
def invoice(organisation):
    books = organisation.books
    contact = next(c for c in books.contacts.all() if c["ContactStatus"] == "ACTIVE")
    line = {"Description": "Work", "Quantity": 1, "UnitAmount": 1234.5, "AccountCode": "200"}
    sent = {"Type": "ACCREC", "Contact": {"ContactID": contact["ContactID"]}, "LineItems": [line]}
    return books.invoices.create(sent, 2).invoice


@pytest.fixture
def press(person, organisation, invoice):
    """Presses one of the invoice's buttons and follows to the page it leads to."""
    here = f"/app/{organisation.short_code}/invoicing/view/{invoice['InvoiceID']}"

    def act(what="", **fields):
        return person.post(f"{here}/{what}", data=fields, follow_redirects=True)

    return act


def test_every_page_says_it_is_a_stand_in(person, organisation, invoice):
    here = f"/app/{organisation.short_code}"
    contact_id = invoice["Contact"]["ContactID"]
    for path in (
        "/",
        "/developer",
        f"{here}/",
        f"{here}/invoicing",
        f"{here}/invoicing/view/{invoice['InvoiceID']}",
        f"{here}/contacts",
        f"{here}/contacts/contact/{contact_id}",
        f"{here}/connected-apps",
        f"{here}/settings",
    ):
        page = person.get(path)
        assert page.status_code == 200, path
        assert "local stand-in for Xero" in page.text


def test_invoices_can_be_narrowed_by_status(person, organisation, invoice):
    path = f"/app/{organisation.short_code}/invoicing?status="
    assert invoice["InvoiceNumber"] in person.get(f"{path}DRAFT").text
    assert invoice["InvoiceNumber"] not in person.get(f"{path}PAID").text


def test_person_walks_an_invoice_to_paid_and_back(press, invoice):
    assert "Approved." in press("approve").text
    paid = press("pay", amount="1,000.00", date="2026-11-23", account_code="090")
    assert "Payment recorded." in paid.text
    assert invoice["AmountPaid"] == 1000
    payment = invoice["Payments"][0]["PaymentID"]
    assert "Payment deleted." in press(f"payments/{payment}/delete").text
    assert invoice["AmountPaid"] == 0
    assert "Voided." in press("void").text


def test_reference_and_due_date_can_be_edited(press, invoice):
    press("edit", reference="PO 7", due_date="2026-12-24")
    assert (invoice["Reference"], str(invoice["DueDate"])) == ("PO 7", "2026-12-24")


def test_refusal_is_shown_in_the_books_words(press):
    answer = press("void")
    assert answer.status_code == 409
    assert "Invoice not of valid status for modification" in answer.text
    press("approve")
    assert "is not an amount" in press("pay", amount="x", date="2026-01-01", account_code="").text


def test_unknown_address_is_not_found(person, organisation):
    assert person.get("/app/!nobody/invoicing").status_code == 404
    assert person.get(f"/app/{organisation.short_code}/invoicing/view/x").status_code == 404


def test_contact_can_be_renamed_and_archived(person, organisation, invoice):
    contact = invoice["Contact"]
    here = f"/app/{organisation.short_code}/contacts/contact/{contact['ContactID']}"
    person.post(f"{here}/rename", data={"name": "Another Name"})
    person.post(f"{here}/archive")
    assert (contact["Name"], contact["ContactStatus"]) == ("Another Name", "ARCHIVED")


def test_what_documents_point_at_is_changed_by_buttons(person, organisation):
    books, here = organisation.books, f"/app/{organisation.short_code}/settings"
    north = {"category": "Region", "option": "North", "status": "ARCHIVED"}
    for address, fields in (
        ("accounts/200/archive", {}),
        ("accounts/270/delete", {}),
        ("tax-rates/ZERORATED", {"status": "DELETED"}),
        ("tracking", north),
        ("tracking", {"category": "Team", "status": "ARCHIVED"}),
        ("currencies/USD/remove", {}),
        ("currencies/add", {"code": "eur"}),
        ("organisation", {"period": "2026-03-31", "year_end": ""}),
    ):
        page = person.post(f"{here}/{address}", data=fields, follow_redirects=True)
        assert "Changed." in page.text, address
    assert books.accounts.get("200")["Status"] == "ARCHIVED"
    assert books.accounts.coded("270") is None
    assert books.tax_rates.get("ZERORATED")["Status"] == "DELETED"
    assert [
        (c["Name"], [o["Name"] for o in c["Options"]])
        for c in books.tracking.listed(archived=False)
    ] == [("Region", ["Eastside", "South"])]
    assert [one["Code"] for one in books.currencies] == ["NZD", "AUD", "EUR"]
    assert str(books.organisation["PeriodLockDate"]) == "2026-03-31"
    assert not books.organisation["PaysTax"]


def test_an_account_in_use_cannot_be_deleted_by_a_button(person, organisation):
    answer = person.post(f"/app/{organisation.short_code}/settings/accounts/200/delete")
    assert answer.status_code == 409
    assert "in use" in answer.text


def test_app_is_disconnected_by_a_button(person, visitor, organisation):
    tokens = visitor.connect()
    page = person.get(f"/app/{organisation.short_code}/connected-apps").text
    address = re.search(r'action="([^"]+/disconnect)"', page).group(1)
    assert "Disconnected." in person.post(address, follow_redirects=True).text
    assert visitor.connections(tokens) == []


def test_check_is_run_by_a_button(person, world):
    app = next(iter(world.apps.values()))
    app.webhooks.point_at("http://127.0.0.1:9/nobody")
    page = person.post(f"/developer/{app.client_id}/intent-to-receive", follow_redirects=True)
    assert "The endpoint did not pass." in page.text


def test_screen_refuses_framing_and_foreign_scripts(person):
    policy = person.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
