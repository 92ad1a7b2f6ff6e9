from decimal import Decimal

import pytest

from local.xero.books import NotFound, Refused
from local.xero.books.tracking import rename_or_archive


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"Code": "200", "Name": "New", "Type": "REVENUE"}, "unique Code"),
        ({"Code": "999", "Name": "sales", "Type": "REVENUE"}, "unique Name"),
        ({"Code": "999", "Name": "New", "Type": "MAGIC"}, "type is invalid"),
        ({"Code": "12345678901", "Name": "New", "Type": "REVENUE"}, "10 characters"),
        ({"Name": "New", "Type": "REVENUE"}, "Code is required"),
        ({"Code": "999", "Type": "REVENUE"}, "Name is required"),
    ],
)
def test_wrong_account_is_refused(books, time, sent, words):
    with pytest.raises(Refused, match=words):
        books.accounts.create(sent, time.now())


def test_used_account_cannot_be_deleted(desk):
    desk.enter()

    assert desk.books.uses_account(desk.books.accounts.get("200"))
    assert not desk.books.uses_account(desk.books.accounts.get("270"))
    with pytest.raises(Refused):
        desk.books.accounts.delete(
            desk.books.accounts.get("200"), in_use=True, now=desk.time.now()
        )


def test_archived_account_stays_in_the_chart(desk):
    desk.books.archive_account("200")

    assert desk.books.accounts.get("200")["Status"] == "ARCHIVED"
    with pytest.raises(Refused, match="has been archived, or deleted"):
        desk.enter()


def test_system_account_cannot_be_archived(books):
    with pytest.raises(Refused, match="System accounts"):
        books.archive_account("610")


def test_system_tax_rate_cannot_be_changed(books):
    with pytest.raises(Refused, match="System tax rates"):
        books.tax_rates.update(books.tax_rates.get("OUTPUT2"), {"Name": "GST"})


def test_made_tax_rate_gets_the_next_code_and_its_effective_rate(books):
    parts = [{"Name": "A", "Rate": Decimal(5)}, {"Name": "B", "Rate": 10, "IsCompound": True}]

    rate = books.tax_rates.create(
        {"Name": "Two", "ReportTaxType": "OUTPUT", "TaxComponents": parts}
    )

    assert (rate["TaxType"], rate["EffectiveRate"]) == ("TAX002", Decimal("15.5000"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Name": "Zero Rated"}, "unique"),
        ({"ReportTaxType": ""}, "ReportTaxType"),
        ({"TaxComponents": []}, "component"),
    ],
)
def test_wrong_tax_rate_is_refused(books, change, words):
    parts = [{"Name": "A", "Rate": Decimal(5)}]
    sent = {"Name": "Levy", "ReportTaxType": "OUTPUT", "TaxComponents": parts}

    with pytest.raises(Refused, match=words):
        books.tax_rates.create({**sent, **change})


def test_third_active_tracking_category_is_refused(books):
    with pytest.raises(Refused, match="Maximum number"):
        books.tracking.create({"Name": "Season"})


def test_archived_category_is_listed_only_when_asked_for(books):
    category = next(iter(books.tracking.by_id.values()))

    rename_or_archive(category, {"Status": "ARCHIVED"}, [])

    assert [c["Name"] for c in books.tracking.listed(archived=False)] == ["Team"]
    assert len(books.tracking.listed(archived=True)) == 2


def test_unknown_things_are_not_found(books):
    for get in (
        books.accounts.get,
        books.tax_rates.get,
        books.tracking.get,
        books.contacts.get,
        books.invoices.get,
        books.payments.get,
    ):
        with pytest.raises(NotFound):
            get("11111111-1111-1111-1111-111111111111")


def test_paying_company_may_email_what_a_demo_company_may_not(desk):
    invoice = desk.enter()
    mail, organisation, today = desk.books.mail, desk.books.organisation, desk.books.today()

    with pytest.raises(Refused, match="daily limit"):
        mail.send(organisation, invoice, today)
    mail.send({**organisation, "Class": "PREMIUM"}, invoice, today)

    assert mail.sent == [(today, invoice["InvoiceID"])]
    draft = desk.enter(Status="DRAFT", Contact={"Name": "Acme Ltd"})
    with pytest.raises(Refused, match=r"(?s)authorised.*email address"):
        mail.send({**organisation, "Class": "PREMIUM"}, draft, today)


def test_history_is_newest_first_and_notes_have_a_limit(desk):
    invoice = desk.enter(Status="DRAFT")
    desk.books.approve(invoice["InvoiceID"])
    history, now = desk.books.history, desk.time.now()

    history.note(invoice["InvoiceID"], "Hello", now)

    entries = history.of(invoice["InvoiceID"])
    assert [e["Changes"] for e in entries] == ["Note", "Approved", "Created"]
    for wrong in ("", "x" * 2501):
        with pytest.raises(Refused):
            history.note(invoice["InvoiceID"], wrong, now)
