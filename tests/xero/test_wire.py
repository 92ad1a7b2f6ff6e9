from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.xero.errors import XeroUnreadable
from chalicelib.xero.formats import read_json, write_json
from chalicelib.xero.wire.base import elements, single, xero_name
from chalicelib.xero.wire.codes import Account, TaxRate, TrackingCategory
from chalicelib.xero.wire.connection import Connection
from chalicelib.xero.wire.contact import Address, Contact, NewContact
from chalicelib.xero.wire.invoice import Invoice
from chalicelib.xero.wire.organisation import Organisation

SHAPES = [Account, TaxRate, TrackingCategory, Contact, Invoice, Organisation]
INVOICE = b"""{
  "InvoiceID": "i-1", "Type": "ACCREC", "InvoiceNumber": "INV-7", "Status": "AUTHORISED",
  "Url": "https://workbill.example/invoices/1", "Contact": {"ContactID": "c-1", "Name": "Bo"},
  "DateString": "2019-03-11 00:00:00", "Date": "/Date(1552262400000+0000)/",
  "DueDate": "2019-04-11T00:00:00", "UpdatedDateUTC": "/Date(1552327126117+0000)/",
  "LineItems": [{"LineItemID": "l-1", "Quantity": 7000.0, "UnitAmount": 0.1648,
                 "LineAmount": 1153.6, "Tracking": [{"Name": "Region", "Option": "North"}]}],
  "SubTotal": 12345678901.99, "Total": 12345678901.99, "AmountDue": 10.0, "AmountPaid": 5,
  "Payments": [{"PaymentID": "p-1", "Date": "/Date(1552262400000+0000)/", "Amount": 5.0}],
  "CreditNotes": [{"CreditNoteID": "n-1", "AppliedAmount": 2.5}],
  "Prepayments": null, "Overpayments": [], "SentToContact": "true", "Brand New Field": {}
}"""


def test_an_invoice_is_read_whole():
    invoice = Invoice.read(read_json(INVOICE))

    assert invoice.date == date(2019, 3, 11)
    assert invoice.due_date == date(2019, 4, 11)
    assert invoice.updated_date_utc == datetime(2019, 3, 11, 17, 58, 46, 117000, UTC)
    assert invoice.contact.contact_id == "c-1"
    assert str(invoice.line_items[0].unit_amount) == "0.1648"
    assert invoice.line_items[0].tracking[0].option == "North"
    assert invoice.total == Decimal("12345678901.99")
    assert invoice.payments[0].amount == 5
    assert invoice.credit_notes[0].applied_amount == Decimal("2.5")
    assert invoice.prepayments == ()
    assert invoice.sent_to_contact is True


def test_a_total_that_xero_left_out_is_not_a_zero():
    invoice = Invoice.read({"InvoiceID": "i", "Total": None})

    assert invoice.total is None
    assert invoice.amount_due is None


@pytest.mark.parametrize("shape", SHAPES)
def test_nulls_are_as_good_as_nothing(shape):
    nulls = dict.fromkeys([xero_name(name) for name in shape.__struct_fields__])

    assert shape.read(nulls) == shape.read({})


def test_a_value_that_xero_invents_tomorrow_is_taken():
    assert Organisation.read({"Class": "ULTRA"}).organisation_class == "ULTRA"
    assert Account.read({"Class": "REVENUE", "Type": "NEW"}).account_class == "REVENUE"
    assert Invoice.read({"Status": "PONDERED"}).status == "PONDERED"


def test_flags_and_numbers_may_be_written_as_text():
    tree = {"CanApplyToRevenue": "true", "CanApplyToAssets": "False", "EffectiveRate": "15.0000"}

    rate = TaxRate.read(tree)

    assert rate.can_apply_to_revenue is True
    assert rate.can_apply_to_assets is False
    assert rate.effective_rate == Decimal(15)


def test_a_contact_that_lost_a_merge_names_the_winner():
    contact = Contact.read({"ContactID": "a", "MergedToContactID": "b", "PaymentTerms": {
        "Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}}})  # fmt: skip

    assert contact.merged_to_contact_id == "b"
    assert contact.payment_terms is not None
    assert contact.payment_terms.sales is not None
    assert contact.payment_terms.sales.day == 20


def test_a_connection_keeps_its_two_ids_apart():
    tree = {
        "id": "connection-1",
        "tenantId": "org-1",
        "tenantType": "ORGANISATION",
        "tenantName": "Kea Ltd",
        "authEventId": "event-1",
        "createdDateUtc": "2019-12-07T18:46:19.5165400",
    }

    connection = Connection.read(tree)

    assert connection.connection_id == "connection-1"
    assert connection.organisation_id == "org-1"
    assert connection.is_organisation
    assert connection.created_at == datetime(2019, 12, 7, 18, 46, 19, 516540, UTC)


def test_only_what_is_known_of_a_new_contact_is_sent():
    contact = NewContact(name="Bo", addresses=(Address(address_type="POBOX", city="Nelson"),))

    assert read_json(write_json(contact)) == {
        "Name": "Bo",
        "Addresses": [{"AddressType": "POBOX", "City": "Nelson"}],
    }


@pytest.mark.parametrize("tree", [{"Total": "much"}, {"LineItems": {}}, {"Date": "soon"}, [], 1])
def test_what_is_no_invoice_is_unreadable(tree):
    with pytest.raises(XeroUnreadable):
        Invoice.read(tree)


@pytest.mark.parametrize("envelope", [[], "text", None, {"Accounts": {}}])
def test_what_is_no_envelope_is_unreadable(envelope):
    with pytest.raises(XeroUnreadable):
        elements(envelope, "Accounts")


@pytest.mark.parametrize("envelope", [{}, {"Accounts": None}, {"Accounts": [None]}])
def test_an_empty_list_may_be_missing_or_null(envelope):
    assert elements(envelope, "Accounts") == []


@pytest.mark.parametrize("listed", [[], [{}, {}]])
def test_one_record_is_wanted_and_not_some(listed):
    with pytest.raises(XeroUnreadable):
        single(Account, {"Accounts": listed}, "Accounts")
