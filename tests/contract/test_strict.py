"""The checker itself: each way of being wrong is one it can see."""

import copy
import json
from decimal import Decimal

import pytest

from tests.contract import strict
from tests.contract.line import Exchange, exchange_faults

ID = "0faf2dea-201e-4a94-ae41-b83b9f1c2a77"
RIGHT = {
    "Id": ID,
    "Status": "OK",
    "ProviderName": "Local Xero",
    "DateTimeUTC": "/Date(1772532000000)/",
    "pagination": {"page": 1, "pageSize": 100, "pageCount": 1, "itemCount": 1},
    "Invoices": [
        {
            "Type": "ACCREC",
            "InvoiceID": ID,
            "Date": "/Date(1772323200000+0000)/",
            "UpdatedDateUTC": "/Date(1772532000123+0000)/",
            "LineAmountTypes": "Exclusive",
            "CurrencyCode": "NZD",
            "Total": Decimal("57.50"),
            "HasErrors": False,
            "Contact": {"ContactID": ID, "ContactStatus": "ACTIVE"},
            "LineItems": [{"LineItemID": ID, "Quantity": Decimal("1.0000")}],
        }
    ],
}


def wrong(path, value):
    tree = copy.deepcopy(RIGHT)
    place = tree
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return tree


def test_right_answer_has_no_fault():
    assert strict.faults_of_answer(RIGHT, "Invoices") == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("Invoices", 0, "InvoiceNo"), "INV-1"),
        (("Invoices", 0, "invoiceNumber"), "INV-1"),
        (("Invoices", 0, "LineItems", 0, "Unitamount"), 1),
        (("Invoices", 0, "Contact", "ContactName"), "x"),
        (("Warning",), []),
        (("Invoices", 0, "Total"), "57.50"),
        (("Invoices", 0, "Total"), True),
        (("Invoices", 0, "Total"), None),
        (("Invoices", 0, "HasErrors"), "false"),
        (("Invoices", 0, "InvoiceNumber"), 7),
        (("Invoices", 0, "LineItems"), {}),
        (("Invoices", 0, "Contact"), ID),
        (("Invoices", 0, "InvoiceID"), "INV-0001"),
        (("Invoices", 0, "InvoiceID"), ID.upper()),
        (("Invoices", 0, "Date"), "2026-03-01T00:00:00"),
        (("Invoices", 0, "Date"), "/Date(1772323200001+0000)/"),
        (("Invoices", 0, "UpdatedDateUTC"), "2026-03-01T00:00:00Z"),
        (("Invoices", 0, "Type"), "SALE"),
        (("Invoices", 0, "Status"), "APPROVED"),
        (("Invoices", 0, "LineAmountTypes"), "EXCLUSIVE"),
        (("Invoices", 0, "CurrencyCode"), "NZDD"),
        (("Invoices", 0, "InvoiceNumber"), "x" * 256),
        (("Invoices", 0, "Contact", "ContactStatus"), "GONE"),
        (("pagination", "page"), Decimal("1.5")),
        (("DateTimeUTC",), "2026-03-01"),
        (("Id",), 1),
    ],
)
def test_each_wrong_answer_has_one_fault(path, value):
    assert len(strict.faults_of_answer(wrong(path, value), "Invoices")) == 1


def test_answer_without_its_envelope_is_faulty():
    assert len(strict.faults_of_answer({"Invoices": []}, "Invoices")) == len(strict.ENVELOPE)


def test_refusal_must_say_what_is_wrong_with_each_element():
    refusal = {"ErrorNumber": 10, "Type": "ValidationException", "Message": "No"}
    silent = {**refusal, "Elements": [{"InvoiceID": ID, "ValidationErrors": []}]}

    assert len(strict.faults_of_refusal(silent, "Invoice")) == 1
    assert len(strict.faults_of_refusal({"Elements": []}, "Invoice")) == 3


def test_request_is_held_to_the_models_too():
    sent = {"Invoices": [{"Type": "ACCREC", "LineItem": []}]}
    answer = json.dumps({**RIGHT, "Invoices": []}).encode()
    exchange = Exchange("PUT", "/api.xro/2.0/Invoices", sent, 200, "application/json", answer)

    (fault,) = exchange_faults(exchange)

    assert "LineItem is not a field of Invoice" in fault


def test_every_deviation_has_its_reason():
    assert all(reason for _, reason in strict.DEVIATIONS.values())
