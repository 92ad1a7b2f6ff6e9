import json
from decimal import Decimal

import pytest

from chalicelib.errors import Conflict
from chalicelib.invoices import payload
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import MOVES, InvoiceState, SendAs, advance


def test_contact_is_named_by_its_id_alone(one_invoice):
    assert payload.document(one_invoice())["Contact"] == {"ContactID": "contact-1"}


def test_body_holds_what_xero_needs_and_no_tax_amount(one_invoice):
    invoice = one_invoice(
        reference="PO 7",
        send_as=SendAs.SUBMITTED,
        lines=(
            Line("Work", Decimal("1.5"), Decimal(120), "200", "OUTPUT2"),
            Line("Thank you"),
        ),
    )

    assert json.loads(payload.body([invoice])) == {
        "Invoices": [
            {
                "Type": "ACCREC",
                "Contact": {"ContactID": "contact-1"},
                "InvoiceNumber": "INV-00001",
                "Reference": "PO 7",
                "Url": "https://bills.example/invoices/inv1",
                "Date": "2026-11-23",
                "DueDate": "2026-12-13",
                "LineAmountTypes": "Exclusive",
                "CurrencyCode": "NZD",
                "Status": "SUBMITTED",
                "LineItems": [
                    {
                        "Description": "Work",
                        "Quantity": 1.5,
                        "UnitAmount": 120,
                        "AccountCode": "200",
                        "TaxType": "OUTPUT2",
                    },
                    {"Description": "Thank you"},
                ],
            }
        ]
    }


def test_amounts_are_json_numbers_with_four_decimals(one_invoice):
    invoice = one_invoice(lines=(Line("Work", Decimal("0.3333"), Decimal("87.1234")),))

    content = payload.body([invoice])

    assert b'"Quantity":0.3333' in content
    assert b'"UnitAmount":87.1234' in content


@pytest.mark.parametrize("before", InvoiceState)
@pytest.mark.parametrize("after", InvoiceState)
def test_only_moves_of_the_table_are_made(one_invoice, before, after):
    invoice = one_invoice(state=before)

    if after in MOVES[before]:
        assert advance(invoice, after).state is after
    else:
        with pytest.raises(Conflict):
            advance(invoice, after)
