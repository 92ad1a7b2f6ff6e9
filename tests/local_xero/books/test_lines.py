from decimal import Decimal

import pytest

from local.xero.books import Refused


def refusal(desk, *lines, **more):
    with pytest.raises(Refused) as refused:
        desk.enter(*lines, **more)
    return refused.value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"AccountCode": "999"}, "Account code '999' is not a valid code for this document."),
        ({"AccountCode": "610"}, "Account code '610' is not a valid code for this document."),
        ({"AccountCode": "800"}, "Account code '800' is not a valid code for this document."),
        ({"AccountCode": "090"}, "Account code '090' is not a valid code for this document."),
        ({"AccountCode": "201"}, "Account code '201' has been archived, or deleted."),
        ({"AccountCode": ""}, "Account code must be specified"),
        ({"TaxType": "OUTPUT"}, "Tax rate must be Active"),
        ({"TaxType": "VAT20"}, "TaxType code VAT20 does not exist or cannot be used"),
        (
            {"TaxType": "INPUT2"},
            "The TaxType code 'INPUT2' cannot be used with account code '200'.",
        ),
        ({"LineAmount": Decimal("99.99")}, "does not match the expected line total 100.00"),
        ({"DiscountRate": Decimal(101)}, "discount cannot be more than the line"),
        ({"DiscountAmount": Decimal("100.01")}, "discount cannot be more than the line"),
        ({"Description": ""}, "Description is required."),
        ({"Description": "x" * 4001}, "4000 characters"),
        ({"ItemCode": "GB1-White"}, "Item code 'GB1-White' is not valid"),
        ({"Tracking": [{"Name": "Region", "Option": "Moon"}]}, "tracking category or option"),
        ({"Tracking": [{"Name": "Region", "Option": "West Coast"}]}, "not active"),
        ({"TaxAmount": Decimal("100.01")}, "tax amount cannot be more"),
        ({"Quantity": Decimal(99999999999)}, "9999999999.99"),
    ],
)
def test_wrong_line_is_refused_with_the_line_named(desk, change, words):
    refused = refusal(desk, desk.line(), desk.line(**change))

    assert any(words in message for message in refused.messages)
    assert any(words in message for message in refused.lines[1])
    assert 0 not in refused.lines


@pytest.mark.parametrize("missing", ["Quantity", "UnitAmount"])
def test_posted_line_needs_quantity_and_price(desk, missing):
    line = desk.line()
    del line[missing]

    assert f"{missing} is required." in refusal(desk, line).messages


def test_draft_line_needs_only_a_description(desk):
    invoice = desk.enter({"Description": "Later"}, Status="DRAFT", DueDate=None)

    assert invoice["LineItems"][0]["LineAmount"] == 0
    assert "Quantity" not in invoice["LineItems"][0]


@pytest.mark.parametrize(
    ("sent", "quantity", "unit"),
    [
        ({"Quantity": Decimal(4), "LineAmount": Decimal(100)}, "4.0000", "25.0000"),
        ({"UnitAmount": Decimal(25), "LineAmount": Decimal(100)}, "4.0000", "25.0000"),
        ({"LineAmount": Decimal(100)}, "1.0000", "100.0000"),
    ],
)
def test_what_a_line_amount_leaves_out_is_worked_out(desk, sent, quantity, unit):
    line = {"Description": "Work", "AccountCode": "200", **sent}

    (made,) = desk.enter(line)["LineItems"]

    assert (str(made["Quantity"]), str(made["UnitAmount"])) == (quantity, unit)
    assert made["LineAmount"] == 100


@pytest.mark.parametrize(
    ("unitdp", "unit", "amount"), [(2, "0.33", "33.00"), (4, "0.3333", "33.33")]
)
def test_unit_price_is_rounded_before_it_is_multiplied(desk, unitdp, unit, amount):
    line = desk.line("0.33333", Quantity=Decimal(100))

    (made,) = desk.enter(line, unitdp=unitdp)["LineItems"]

    assert (str(made["UnitAmount"]), str(made["LineAmount"])) == (unit, amount)


def test_account_gives_the_tax_type_left_out(desk):
    assert desk.enter()["LineItems"][0]["TaxType"] == "OUTPUT2"


def test_no_tax_document_carries_no_tax_whatever_is_sent(desk):
    invoice = desk.enter(
        desk.line(TaxType="OUTPUT2", TaxAmount=Decimal(15)), LineAmountTypes="NoTax"
    )

    assert invoice["LineItems"][0]["TaxType"] == "NONE"
    assert invoice["TotalTax"] == 0


def test_sent_tax_amount_overrides_the_worked_out_one(desk):
    assert desk.enter(desk.line(TaxAmount=Decimal("14.99")))["TotalTax"] == Decimal("14.99")


def test_negative_line_lowers_the_total(desk):
    invoice = desk.enter(desk.line("100"), desk.line("-25.06"))

    assert (invoice["SubTotal"], invoice["TotalTax"]) == (Decimal("74.94"), Decimal("11.24"))


def test_total_below_zero_is_refused(desk):
    assert "negative" in refusal(desk, desk.line("-1")).messages[0]


def test_discounts_add_up_and_are_told(desk):
    invoice = desk.enter(
        desk.line("100", DiscountRate=Decimal(10)), desk.line("50", DiscountAmount=Decimal(5))
    )

    assert invoice["SubTotal"] == Decimal("135.00")
    assert invoice["TotalDiscount"] == Decimal("15.00")


def test_bills_take_no_discount(desk):
    refused = refusal(desk, desk.line(AccountCode="429", DiscountRate=Decimal(1)), Type="ACCPAY")

    assert "only supported on ACCREC" in refused.messages[0]


def test_every_fault_is_told_at_once(desk):
    refused = refusal(
        desk, desk.line(AccountCode="999"), desk.line(TaxType="INPUT2"), DueDate=None
    )

    assert len(refused.messages) == 3
