from datetime import datetime

import pytest


@pytest.fixture
def draft(world, visitor):
    """The id of a draft invoice in the New Zealand organisation, and its books."""
    books = world.organisations[visitor.tenant()].books
    contact = next(c for c in books.contacts.all() if c["ContactStatus"] == "ACTIVE")
    line = {"Description": "Work", "Quantity": 2, "UnitAmount": 100, "AccountCode": "200"}
    sent = {"Type": "ACCREC", "Contact": {"ContactID": contact["ContactID"]}, "LineItems": [line]}
    return books.invoices.create(sent, 2).invoice["InvoiceID"], books


@pytest.fixture
def act(control, visitor, draft):
    """Does something to the draft through the control interface."""

    def order(what, body=None):
        path = f"/organisations/{visitor.tenant()}/invoices/{draft[0]}/{what}"
        return control("POST", path, body)

    return order


def test_clock_is_set_advanced_frozen_and_reset(control, world):
    control("POST", "/clock", {"set": "2026-01-31T23:59:00"})
    assert control("GET", "/clock")["now"] == "2026-01-31T23:59:00+00:00"
    assert control("POST", "/clock", {"advance": 60})["now"] == "2026-02-01T00:00:00+00:00"
    assert control("POST", "/clock", {"freeze": False})["frozen"] is False
    assert control("POST", "/clock", {"reset": True})["offset_seconds"] == 0
    assert abs((datetime.now().astimezone() - world.clock.now()).total_seconds()) < 5


@pytest.mark.parametrize("order", [{"jump": 1}, {"set": "noon"}, {"advance": "far"}])
def test_senseless_clock_order_is_refused(control, order):
    assert not control("POST", "/clock", order)["ok"]


def test_books_acts_walk_an_invoice_to_paid_and_back(act, draft, control, visitor):
    invoice = draft[1].get_invoice(draft[0])
    assert act("approve")["ok"]
    paid = act("pay", {"amount": "100.00"})
    assert invoice["AmountPaid"] == 100
    assert act("pay")["ok"]
    assert invoice["Status"] == "PAID"
    control("POST", f"/organisations/{visitor.tenant()}/payments/{paid['payment_id']}/delete")
    assert invoice["Status"] == "AUTHORISED"


def test_edit_takes_xeros_field_names(act, draft):
    assert act("edit", {"Reference": "New", "DueDate": "2026-12-24"})["ok"]
    invoice = draft[1].get_invoice(draft[0])
    assert (invoice["Reference"], str(invoice["DueDate"])) == ("New", "2026-12-24")


def test_edit_may_replace_the_lines(act, draft):
    line = {"Description": "More", "Quantity": 1.5, "UnitAmount": 10, "AccountCode": "200"}
    assert act("edit", {"LineItems": [line]})["ok"]
    assert str(draft[1].get_invoice(draft[0])["SubTotal"]) == "15.00"


def test_books_refuse_in_their_own_words(act, control, visitor):
    assert act("delete")["ok"]
    assert act("void")["messages"] == ["Invoice not of valid status for modification"]
    path = f"/organisations/{visitor.tenant()}/invoices/nothing/approve"
    assert not control("POST", path)["ok"]
    assert not control("POST", path.replace(visitor.tenant(), "nowhere"))["ok"]


def test_contacts_and_accounts_are_changed_by_order(control, visitor, draft):
    books = draft[1]
    here = f"/organisations/{visitor.tenant()}"
    one, two, three = [c for c in books.contacts.all() if c["ContactStatus"] == "ACTIVE"][1:4]
    assert control("POST", f"{here}/contacts/{one['ContactID']}/rename", {"name": "Renamed"})[
        "ok"
    ]
    assert one["Name"] == "Renamed"
    assert control("POST", f"{here}/contacts/{two['ContactID']}/archive")["ok"]
    assert two["ContactStatus"] == "ARCHIVED"
    into = {"into": one["ContactID"]}
    assert control("POST", f"{here}/contacts/{three['ContactID']}/merge", into)["ok"]
    assert three["MergedToContactID"] == one["ContactID"]
    assert control("POST", f"{here}/accounts/200/archive")["ok"]
    assert books.accounts.get("200")["Status"] == "ARCHIVED"


def test_lock_dates_are_set_and_lifted(act, control, visitor):
    here = f"/organisations/{visitor.tenant()}/lock-dates"
    control("POST", here, {"period": "2999-01-01", "year_end": None})
    assert "lock date" in act("approve")["messages"][0]
    control("POST", here, {"period": None, "year_end": None})
    assert act("approve")["ok"]


def test_what_documents_point_at_is_changed_by_order(control, world, visitor):
    here = f"/organisations/{visitor.tenant()}"
    books = world.organisations[visitor.tenant()].books
    for method, path, order in (
        ("POST", "accounts/200/archive", None),
        ("POST", "accounts/200/restore", None),
        ("POST", "accounts/270/delete", None),
        ("POST", "accounts/260/renumber", {"code": "261"}),
        ("POST", "accounts/261/retype", {"type": "EXPENSE"}),
        ("POST", "tax-rates/ZERORATED", {"status": "ARCHIVED", "revenue": False}),
        ("DELETE", "tax-rates/OUTPUT", None),
        ("POST", "tracking", {"category": "Region", "option": "North", "status": "DELETED"}),
        ("POST", "tracking", {"category": "Team", "status": "ARCHIVED"}),
        ("POST", "currencies/EUR", {"description": "Euro"}),
        ("DELETE", "currencies/USD", None),
        ("POST", "pays-tax", {"registered": False}),
    ):
        assert control(method, f"{here}/{path}", order)["ok"], path
    assert books.accounts.get("200")["Status"] == "ACTIVE"
    assert books.accounts.coded("270") is books.accounts.coded("260") is None
    assert books.accounts.get("261")["Class"] == "EXPENSE"
    zero = books.tax_rates.get("ZERORATED")
    assert (zero["Status"], zero["CanApplyToRevenue"]) == ("ARCHIVED", False)
    assert "OUTPUT" not in books.tax_rates.by_type
    assert [one["Code"] for one in books.currencies] == ["NZD", "AUD", "EUR"]
    assert books.organisation["PaysTax"] is False


def test_what_is_not_there_cannot_be_changed_by_order(control, visitor):
    here = f"/organisations/{visitor.tenant()}"
    for method, path, order in (
        ("POST", "accounts/999/archive", None),
        ("POST", "tax-rates/NOTHING", {"status": "ARCHIVED"}),
        ("POST", "tax-rates/OUTPUT2", {"colour": "red"}),
        ("POST", "tracking", {"category": "Nowhere", "status": "ARCHIVED"}),
        ("POST", "tracking", {"category": "Region", "option": "Nowhere", "status": "ACTIVE"}),
        ("POST", "tracking", {"category": "Region", "status": "ASLEEP"}),
        ("DELETE", "currencies/NZD", None),
        ("DELETE", "currencies/JPY", None),
        ("POST", "pays-tax", {}),
    ):
        assert not control(method, f"{here}/{path}", order)["ok"], path


def test_organisation_is_opened_with_contacts_for_whom_it_names(control, world):
    order = {"country": "AU", "name": "Big", "contacts": 300, "users": ["second@xero.test"]}
    made = control("POST", "/organisations", order)
    assert made["users"] == ["second@xero.test"]
    books = world.organisations[made["tenant_id"]].books
    assert len(books.contacts.all()) >= 300
    assert not control("POST", "/organisations", order)["ok"]


def test_reset_of_parts_leaves_the_rest(visitor, control):
    tokens = visitor.connect()
    visitor.call(tokens, "GET", "/Nonsense")
    control("POST", "/reset", {"only": ["calls"]})
    assert control("GET", "/calls")["count"] == 0
    assert control("GET", "/unexpected")["count"] == 1
    assert visitor.connections(tokens)
    assert not control("POST", "/reset", {"only": ["everything"]})["ok"]


def test_reset_starts_over(visitor, control):
    tokens = visitor.connect()
    control("POST", "/reset")
    assert visitor.refresh(tokens["refresh_token"]).status_code == 400
    assert len(control("GET", "/organisations")["organisations"]) == 4
    assert visitor.connect()["access_token"]


def test_bodies_are_kept_when_asked_for(visitor, control):
    tokens = visitor.connect()
    control("POST", "/calls", {"keep_bodies": True})
    visitor.call(tokens, "PUT", "/Contacts", body={"Contacts": [{"Name": "Seen"}]})
    call = control("GET", "/calls?method=PUT")["calls"][0]
    assert "Seen" in call["request_body"]
    assert "Seen" in call["response_body"]


def test_another_site_cannot_press_the_buttons(app):
    client = app.test_client()
    headers = {"Origin": "http://evil.example"}
    assert client.post("/_control/reset", headers=headers).status_code == 403
    own = {"Origin": "http://localhost"}
    assert client.post("/_control/release", headers=own).status_code == 200


def test_app_facts_never_show_the_secret(app):
    text = app.test_client().get("/_control/app").text
    assert "local-xero-secret" not in text
    assert "local-xero-webhook-key" not in text
