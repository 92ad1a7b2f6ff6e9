from datetime import date
from decimal import Decimal

import pytest

from local.xero.books import Refused
from local.xero.books.invoices import NUMBER_TAKEN


def refused_messages(act, *args, **more):
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Type": "SALE"}, "Type must be"),
        ({"Contact": None}, "A Contact must be specified"),
        ({"Contact": {"FirstName": "Ann"}}, "at least 1 of the following elements"),
        ({"Contact": {"ContactID": "11111111-1111-1111-1111-111111111111"}}, "was not found"),
        ({"DueDate": None}, "Due Date cannot be empty."),
        ({"LineItems": None}, "One or more line items must be specified"),
        ({"Status": "PAID"}, "Invoice not of valid status for creation"),
        ({"Status": "VOIDED"}, "Invoice not of valid status for creation"),
        ({"CurrencyCode": "EUR"}, "Organisation is not subscribed to currency EUR"),
        ({"LineAmountTypes": "Gross"}, "LineAmountTypes"),
        ({"Url": "/invoices/1"}, "absolute URL"),
        ({"Url": "https://xero-sync.example/1"}, "xero"),
        ({"InvoiceNumber": "x" * 256}, "255"),
        ({"InvoiceNumber": "inv-0001"}, NUMBER_TAKEN),
        ({"Reference": "x" * 256}, "255"),
        ({"BrandingThemeID": "11111111-1111-1111-1111-111111111111"}, "Branding theme"),
    ],
)
def test_wrong_invoice_is_refused_and_nothing_is_kept(desk, change, words):
    before = len(desk.books.invoices.all())

    assert words in refused_messages(desk.enter, **change)
    assert len(desk.books.invoices.all()) == before
    assert desk.events == []


def test_archived_contact_cannot_be_billed(desk):
    archived = next(c for c in desk.books.contacts.all() if c["ContactStatus"] == "ARCHIVED")

    words = refused_messages(desk.enter, Contact={"ContactID": archived["ContactID"]})

    assert "has been archived" in words


def test_numbers_run_on_and_step_over_used_ones(desk):
    desk.enter(InvoiceNumber="INV-0009")

    numbers = [desk.enter()["InvoiceNumber"] for _ in range(2)]

    assert numbers == ["INV-0008", "INV-0010"]


def test_bills_may_share_a_number(desk):
    line = desk.line(AccountCode="429")

    one, other = (desk.enter(line, Type="ACCPAY", InvoiceNumber="77") for _ in range(2))

    assert one["InvoiceNumber"] == other["InvoiceNumber"]


def test_voided_invoice_keeps_its_number_and_a_deleted_one_gives_it_back(desk):
    desk.change(desk.enter(InvoiceNumber="V-1"), Status="VOIDED")
    desk.change(desk.enter(InvoiceNumber="D-1", Status="DRAFT"), Status="DELETED")

    assert NUMBER_TAKEN in refused_messages(desk.enter, InvoiceNumber="V-1")
    assert desk.enter(InvoiceNumber="D-1")["InvoiceNumber"] == "D-1"


def test_unknown_name_makes_a_contact_but_only_with_a_good_invoice(desk):
    named = {"Contact": {"Name": "Brand New"}}

    refused_messages(desk.enter, DueDate=None, **named)
    assert desk.books.contacts.named("Brand New") is None
    invoice = desk.enter(**named)

    assert invoice["Contact"]["IsCustomer"]
    assert [event[:2] for event in desk.events] == [("CONTACT", "CREATE"), ("INVOICE", "CREATE")]


def test_more_than_the_contact_id_changes_the_contact_and_drops_its_people(desk):
    contact = desk.books.contacts.named("Ridgeway University")
    assert contact["ContactPersons"]

    desk.enter(Contact={"ContactID": contact["ContactID"], "FirstName": "Zoe"})

    assert (contact["FirstName"], contact["ContactPersons"]) == ("Zoe", [])


def test_contact_id_alone_leaves_the_contact_as_it_is(desk):
    contact = desk.books.contacts.named("Ridgeway University")
    before = contact["UpdatedDateUTC"]

    desk.enter(Contact={"ContactID": contact["ContactID"]})

    assert contact["UpdatedDateUTC"] == before
    assert contact["ContactPersons"]


def test_date_left_out_is_today_where_the_organisation_is(desk, time):
    time.present = time.present.replace(hour=23)

    assert desk.enter(Date=None)["Date"] == date(2026, 3, 4)


def test_foreign_invoice_takes_the_rate_of_the_day_unless_sent(desk):
    assert desk.enter(CurrencyCode="USD")["CurrencyRate"] == Decimal("0.598400")
    sent = desk.enter(CurrencyCode="USD", CurrencyRate=Decimal("0.6"))
    assert sent["CurrencyRate"] == Decimal("0.600000")


def test_total_of_nothing_is_paid_on_approval(desk):
    invoice = desk.enter(desk.line("0"))

    assert (invoice["Status"], invoice["FullyPaidOnDate"]) == ("PAID", date(2026, 3, 1))


def test_sent_total_is_ignored(desk):
    assert desk.enter(Total=Decimal(1), SubTotal=Decimal(1))["Total"] == Decimal("115.00")


@pytest.mark.parametrize(
    ("extra", "agreed", "total"),
    [("0.02", "115.02", "115.02"), ("0.02", "115.03", "115.00"), ("0.11", "115.11", "115.00")],
)
def test_small_agreed_rounding_is_honoured(desk, extra, agreed, total):
    invoice = desk.enter(
        RoundingAmount=Decimal(extra),
        SubTotal=Decimal("100.00"),
        TotalTax=Decimal("15.00"),
        Total=Decimal(agreed),
    )

    assert invoice["Total"] == Decimal(total)


def test_compound_tax_reaches_the_invoice(time):
    from local.xero.books import Books

    books = Books.seeded("US", name="Demo Company (US)", now=time.now)
    line = {
        "Description": "Work",
        "Quantity": Decimal(1),
        "UnitAmount": Decimal(200),
        "AccountCode": "4000",
        "TaxType": "TAX001",
    }

    saved = books.invoices.create(
        {
            "Type": "ACCREC",
            "Contact": {"Name": "Boom FM"},
            "LineItems": [line],
        },
        4,
    )

    assert saved.invoice["TotalTax"] == Decimal("15.18")
