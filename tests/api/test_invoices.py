"""Invoices by the API, as far as no Xero is needed."""

import json
from decimal import Decimal

import pytest

from chalicelib.reference import choices
from chalicelib.reference import store as reference
from chalicelib.reference.model import Account, Mapping, TaxRate


@pytest.fixture
def codes(acme):
    reference.put(
        acme.tenant_id,
        [
            Account("200", "Sales", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE"),
            TaxRate("OUTPUT2", "15% GST", Decimal(15), "ACTIVE", for_revenue=True),
        ],
    )
    choices.put_tenant(acme.tenant_id, Mapping("200", "OUTPUT2"))


@pytest.fixture
def client_id(acme, codes):  # noqa: ARG001  codes must be there first
    made = acme.call("POST", "/clients", {"name": "Boom FM", "currency": "NZD"})
    return json.loads(made.body)["id"]


def blank(client_id, **facts):
    line = {"description": "Work", "quantity": "1.5", "unit_price": "25.06"}
    return {"basis": "blank", "client_id": client_id, "lines": [line], **facts}


def made(program, body):
    response = program.call("POST", "/invoices", body)
    assert response.status_code == 201, response.body
    return json.loads(response.body)


def test_money_is_text_with_its_currency(acme, client_id):
    invoice = made(acme, blank(client_id))

    assert invoice["sub_total"] == {"amount": "37.59", "currency": "NZD"}
    assert invoice["total"] == {"amount": "43.23", "currency": "NZD"}
    assert invoice["lines"][0]["quantity"] == "1.5"
    assert (invoice["state"], invoice["status"]) == ("draft", None)


def test_preview_holds_the_exact_body_and_every_problem(acme, client_id):
    invoice = made(acme, blank(client_id))

    preview = json.loads(acme.call("POST", f"/invoices/{invoice['id']}/preview", {}).body)

    assert preview["body"]["Invoices"][0]["LineItems"][0]["UnitAmount"] == 25.06
    assert preview["total"] == invoice["total"]
    assert [problem["code"] for problem in preview["problems"]] == ["client_not_linked"]


def test_each_status_in_xero_has_an_approval_of_its_own(acme, client_id):
    invoice = made(acme, blank(client_id))
    address = f"/invoices/{invoice['id']}/preview"

    seen = [
        json.loads(acme.call("POST", address, body).body) for body in ({}, {"send_as": "DRAFT"})
    ]

    assert [one["body"]["Invoices"][0]["Status"] for one in seen] == ["AUTHORISED", "DRAFT"]
    assert seen[0]["approval"] != seen[1]["approval"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": "1e400"}, "quantity"),
        ({"unit_price": "1.00001"}, "unit_price"),
        ({"discount_percent": "1.001"}, "discount_percent"),
    ],
)
def test_numbers_that_cannot_be_billed_are_refused(acme, client_id, change, field):
    line = {"description": "Work", "quantity": "1", "unit_price": "1", **change}

    response = acme.call("POST", "/invoices", blank(client_id, lines=[line]))

    assert response.status_code == 400
    assert json.loads(response.body)["field"] == field


def test_float_is_no_decimal_string(acme, client_id):
    line = {"description": "Work", "quantity": 1.5}

    assert acme.call("POST", "/invoices", blank(client_id, lines=[line])).status_code == 400


def test_same_key_makes_one_invoice(acme, client_id):
    first = acme.call("POST", "/invoices", blank(client_id), once="k1")
    again = acme.call("POST", "/invoices", blank(client_id), once="k1")

    assert again.body == first.body
    assert len(json.loads(acme.call("GET", "/invoices").body)["items"]) == 1


def test_discarded_draft_is_gone(acme, client_id):
    invoice = made(acme, blank(client_id))

    assert acme.call("DELETE", f"/invoices/{invoice['id']}").status_code == 204

    assert acme.call("GET", f"/invoices/{invoice['id']}").status_code == 404


@pytest.mark.parametrize("act", ["send", "sync", "preview"])
def test_other_tenants_invoice_is_not_found(acme, other, client_id, act):
    invoice = made(acme, blank(client_id))

    response = other.call("POST", f"/invoices/{invoice['id']}/{act}", {})

    assert response.status_code in {404, 409}
    assert other.call("GET", f"/invoices/{invoice['id']}").status_code == 404


def test_other_tenants_client_cannot_be_billed(other, client_id):
    assert other.call("POST", "/invoices", blank(client_id)).status_code == 404


def test_without_a_connection_nothing_is_sent(acme, client_id):
    invoice = made(acme, blank(client_id))

    response = acme.call("POST", f"/invoices/{invoice['id']}/send", {})

    assert response.status_code == 409
    assert json.loads(response.body)["code"] == "not_connected"
    read = json.loads(acme.call("GET", f"/invoices/{invoice['id']}").body)
    assert read["state"] == "draft"


def test_reading_key_makes_no_invoice(acme, program, client_id):
    reader = program(acme.tenant_id, "read")

    assert reader.call("POST", "/invoices", blank(client_id)).status_code == 403


def test_writing_key_sends_nothing(acme, program, client_id):
    writer = program(acme.tenant_id, "read", "write")

    assert writer.call("POST", "/invoices", blank(client_id, send=True)).status_code == 403


def test_fixed_dates_make_a_plan(acme, client_id):
    instalments = [
        {"date": "2027-02-01", "description": "Second", "amount": "500.00"},
        {"date": "2027-01-01", "description": "First", "amount": "500.00"},
    ]
    body = {"basis": "fixed_dates", "client_id": client_id, "instalments": instalments}

    plan = made(acme, body)

    assert [one["description"] for one in plan["instalments"]] == ["First", "Second"]
    assert json.loads(acme.call("GET", "/billing-plans").body)["items"] == [plan]


def edited(program, invoice, status=200, **changes):
    body = {"version": invoice["version"], **changes}
    response = program.call("PATCH", f"/invoices/{invoice['id']}", body)
    assert response.status_code == status, response.body
    return json.loads(response.body)


def test_draft_is_changed_line_by_line(acme, client_id):
    invoice = made(acme, blank(client_id))
    kept = {"id": invoice["lines"][0]["id"], "description": "Work", "quantity": "2"}
    lines = [{"description": "For November:"}, {**kept, "unit_price": "10.00"}]

    after = edited(acme, invoice, lines=lines, discount_percent="10", reference="PO 7")

    assert [(one["id"], one["part"]) for one in after["lines"]] == [
        ("2", "item"),
        ("1", "item"),
        ("discount-1", "discount"),
    ]
    assert after["total"]["amount"] == "20.70"
    assert edited(acme, after, discount_percent=None)["total"]["amount"] == "23.00"


def test_a_change_of_an_older_version_is_told_who_was_faster(acme, client_id):
    invoice = made(acme, blank(client_id))
    edited(acme, invoice, reference="First")

    problem = edited(acme, invoice, status=409, reference="Second")

    assert problem["detail"].startswith("Program changed this draft since you opened it.")


def test_a_change_that_cannot_be_names_the_line_and_field(acme, client_id):
    invoice = made(acme, blank(client_id))
    lines = [{"description": "A"}, {"description": "B", "quantity": "1", "account_code": "9"}]

    problem = edited(acme, invoice, status=400, lines=lines)

    assert problem["field"] == "lines[1].account_code"


def test_other_tenants_draft_cannot_be_changed(acme, other, client_id):
    invoice = made(acme, blank(client_id))

    edited(other, invoice, status=404, reference="Mine")


def test_an_invoice_is_made_with_a_discount(acme, client_id):
    invoice = made(acme, blank(client_id, discount_amount="7.59"))

    assert invoice["sub_total"]["amount"] == "30.00"
    assert invoice["discount_amount"] == "7.59"


@pytest.mark.parametrize("body", [{}, {"invoice_ids": ["one"], "all_ready": True}])
def test_many_are_named_or_all_that_are_ready(acme, body):
    answer = acme.call("POST", "/invoices/send", body)

    assert answer.status_code == 400
    assert json.loads(answer.body)["field"] == "invoice_ids"
