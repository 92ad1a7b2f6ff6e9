import pickle
from datetime import timedelta

import pytest

from local.xero.books import Books

COUNTRIES = ("NZ", "AU", "UK", "US", "IE")


def planted(country, clock, name="Demo Company", **more):
    return Books.seeded(country, name=name, now=clock.now, **more)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_edition_has_what_an_invoice_needs(country, time):
    books = planted(country, time)

    sales = [
        a
        for a in books.accounts.all()
        if a["Class"] == "REVENUE" and a["Status"] == "ACTIVE" and not a.get("SystemAccount")
    ]
    usable = [
        r for r in books.tax_rates.all() if r["Status"] == "ACTIVE" and r["CanApplyToRevenue"]
    ]
    assert sales
    assert all(books.tax_rates.by_type[a["TaxType"]] in usable for a in sales)
    assert any(r["Status"] != "ACTIVE" for r in books.tax_rates.all())
    system = {a.get("SystemAccount") for a in books.accounts.all()}
    assert {"DEBTORS", "CREDITORS", "GST", "ROUNDING"} <= system
    assert books.no_tax_type in books.tax_rates.by_type


@pytest.mark.parametrize("country", COUNTRIES)
def test_seeded_invoices_stand_in_every_common_status(country, time):
    invoices = planted(country, time).list_invoices()

    assert {i["Status"] for i in invoices} == {"DRAFT", "SUBMITTED", "AUTHORISED", "PAID"}
    assert {i["Type"] for i in invoices} == {"ACCREC", "ACCPAY"}
    assert all(i["UpdatedDateUTC"] <= time.now() for i in invoices)
    assert all(i["Date"] <= time.now().date() for i in invoices)


def test_ids_follow_from_the_name_alone(time):
    one = planted("NZ", time, "One")
    time.pass_by(999)
    again, other = planted("NZ", time, "One"), planted("NZ", time, "Two")

    assert set(one.contacts.by_id) == set(again.contacts.by_id)
    assert set(one.invoices.by_id) == set(again.invoices.by_id)
    assert set(one.accounts.by_id) == set(again.accounts.by_id)
    assert not set(one.contacts.by_id) & set(other.contacts.by_id)
    assert one.organisation["OrganisationID"] != other.organisation["OrganisationID"]


def test_two_organisations_share_no_record(time):
    one, two = planted("NZ", time, "One"), planted("NZ", time, "Two")

    one.tax_rates.get("OUTPUT2")["Status"] = "DELETED"

    assert two.tax_rates.get("OUTPUT2")["Status"] == "ACTIVE"


def test_awkward_names_are_there(time):
    names = [c["Name"] for c in planted("NZ", time).contacts.all()]

    assert max(len(name) for name in names) == 255
    assert any("🌮" in name for name in names)
    assert {"Acme Ltd", "Acme Ltd.", "Acme, Ltd"} <= set(names)
    assert all(name == name.strip() and "  " not in name for name in names)


def test_ten_thousand_contacts_are_planted_with_distinct_names(time):
    contacts = planted("NZ", time, contacts=10_000).contacts.all()

    assert len(contacts) > 10_000
    assert len({c["Name"] for c in contacts}) == len(contacts)
    assert max(c["UpdatedDateUTC"] for c in contacts) < time.now() - timedelta(days=1)


def test_books_survive_pickling_with_their_records_shared(time):
    copy = pickle.loads(pickle.dumps(planted("NZ", time)))  # noqa: S301 - its own pickle

    (payment, *_) = copy.payments.all()
    assert copy.invoices.by_id[payment["Invoice"]["InvoiceID"]] is payment["Invoice"]
    copy.delete_payment(payment["PaymentID"])
    assert payment["Invoice"]["Status"] == "AUTHORISED"
