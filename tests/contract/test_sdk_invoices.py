from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from xero_python.accounting import (
    Contact,
    HistoryRecord,
    HistoryRecords,
    Invoice,
    Invoices,
    LineAmountTypes,
    LineItem,
    LineItemTracking,
    RequestEmpty,
)
from xero_python.exceptions import AccountingBadRequestException

ZERO_ID = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def client(customer):
    """A contact of the demo company."""
    found = customer.accounting.get_contacts(customer.tenant, where='Name=="Boom FM"').contacts
    return Contact(contact_id=found[0].contact_id)


def line(amount=20.0, **more):
    facts = {"description": "Work", "quantity": 2.0, "unit_amount": amount, "account_code": "200"}
    return LineItem(**{**facts, **more})


def invoice(client, *lines, **more):
    facts = {
        "type": "ACCREC",
        "contact": client,
        "date": date(2026, 3, 1),
        "due_date": date(2026, 3, 20),
        "line_items": list(lines) or [line()],
        "status": "AUTHORISED",
    }
    return Invoice(**{**facts, **more})


def create(customer, *invoices, **options):
    return customer.accounting.create_invoices(
        customer.tenant, Invoices(invoices=list(invoices)), **options
    ).invoices


def change(customer, made, **fields):
    return customer.accounting.update_invoice(
        customer.tenant, made.invoice_id, Invoices(invoices=[Invoice(**fields)]), unitdp=4
    ).invoices[0]


def test_sdk_creates_an_invoice_and_reads_it_back(customer, client):
    made = create(customer, invoice(client, reference="R1", url="https://example.com/i/1"))[0]

    read = customer.accounting.get_invoice(customer.tenant, made.invoice_id).invoices[0]
    assert read.date == date(2026, 3, 1)
    assert (read.sub_total, read.total_tax, read.total) == (
        Decimal("40.00"),
        Decimal("6.00"),
        Decimal("46.00"),
    )
    assert read.amount_due == read.total
    assert read.line_items[0].tax_type == "OUTPUT2"
    assert read.line_items[0].quantity == Decimal("2.0000")
    assert read.url == "https://example.com/i/1"
    assert read.contact.name == "Boom FM"


@pytest.mark.parametrize(
    ("kind", "tax", "total"),
    [
        (LineAmountTypes.EXCLUSIVE, "11.44", "87.74"),
        (LineAmountTypes.INCLUSIVE, "9.95", "76.30"),
        (LineAmountTypes.NOTAX, "0.00", "76.30"),
    ],
)
def test_tax_is_rounded_by_line_and_then_summed(customer, client, kind, tax, total):
    lines = [line(Decimal(n), quantity=1) for n in ("25.06", "25.61", "25.63")]

    made = create(customer, invoice(client, *lines, line_amount_types=kind))[0]

    assert (made.total_tax, made.total) == (Decimal(tax), Decimal(total))


def test_four_decimals_need_unitdp_on_write_and_read(customer, client):
    made = create(customer, invoice(client, line(Decimal("0.1234"))), unitdp=4)[0]

    exact = customer.accounting.get_invoice(customer.tenant, made.invoice_id, unitdp=4)
    coarse = customer.accounting.get_invoice(customer.tenant, made.invoice_id)
    assert exact.invoices[0].line_items[0].unit_amount == Decimal("0.1234")
    assert coarse.invoices[0].line_items[0].unit_amount == Decimal("0.12")


def test_each_invoice_of_a_batch_has_its_own_result(customer, client):
    made, refused, second = create(
        customer,
        invoice(client),
        invoice(client, line(account_code="999")),
        invoice(client),
        summarize_errors=False,
        unitdp=4,
    )

    assert (made.status_attribute_string, made.has_errors) == ("OK", False)
    assert (refused.status_attribute_string, refused.has_errors) == ("ERROR", True)
    assert refused.invoice_id == ZERO_ID
    assert "999" in refused.validation_errors[0].message
    assert second.invoice_number != made.invoice_number


def test_without_summarize_errors_one_400_hides_what_was_saved(customer, client):
    with pytest.raises(AccountingBadRequestException) as refused:
        create(
            customer,
            invoice(client, invoice_number="GOOD-1"),
            invoice(client, line(account_code="999")),
        )

    (element,) = refused.value.error_data["Elements"]
    assert "999" in element["ValidationErrors"][0]["Message"]
    saved = customer.accounting.get_invoices(customer.tenant, invoice_numbers=["GOOD-1"])
    assert len(saved.invoices) == 1


def test_number_in_use_is_refused_by_put_and_updated_by_post(customer, client):
    made = create(customer, invoice(client, invoice_number="WB-1"))[0]

    with pytest.raises(AccountingBadRequestException) as refused:
        create(customer, invoice(client, invoice_number="WB-1"))
    posted = customer.accounting.update_or_create_invoices(
        customer.tenant,
        Invoices(invoices=[invoice(client, invoice_number="WB-1", reference="again")]),
    ).invoices[0]

    assert "Invoice # must be unique." in str(refused.value.error_data)
    assert (posted.invoice_id, posted.reference) == (made.invoice_id, "again")


def test_lines_sent_with_their_id_are_kept(customer, client):
    made = create(customer, invoice(client, line(description="A"), line(description="B")))[0]
    kept = made.line_items[0]
    kept.description = "A, changed"

    changed = change(customer, made, line_items=[kept, line(description="C")])

    lines = {item.description: item.line_item_id for item in changed.line_items}
    assert set(lines) == {"A, changed", "C"}
    assert lines["A, changed"] == made.line_items[0].line_item_id


def test_statuses_move_as_xero_allows(customer, client):
    draft = create(customer, invoice(client, status="DRAFT"))[0]

    assert change(customer, draft, status="SUBMITTED").status == "SUBMITTED"
    assert change(customer, draft, status="AUTHORISED").status == "AUTHORISED"
    voided = change(customer, draft, status="VOIDED")
    assert (voided.status, voided.amount_due) == ("VOIDED", Decimal("0.00"))
    with pytest.raises(AccountingBadRequestException) as refused:
        change(customer, draft, reference="too late")
    assert "not of valid status" in str(refused.value.error_data)


def test_lines_come_only_when_paged(customer):
    unpaged = customer.accounting.get_invoices(customer.tenant).invoices
    paged = customer.accounting.get_invoices(customer.tenant, page=1, page_size=3)
    by_status = customer.accounting.get_invoices(customer.tenant, statuses=["PAID"])

    assert all(not i.line_items for i in unpaged)
    assert all(i.line_items for i in paged.invoices)
    assert (paged.pagination.page_size, len(paged.invoices)) == (3, 3)
    assert {i.status for i in by_status.invoices} == {"PAID"}
    assert all(i.line_items for i in by_status.invoices)


def test_sdk_filters_invoices_in_every_documented_way(customer, client):
    api, tenant = customer.accounting, customer.tenant
    made = create(customer, invoice(client, reference="FIND-ME", invoice_number="WB-7"))[0]
    since = datetime.now(UTC) - timedelta(seconds=2)

    found = [
        api.get_invoices(tenant, i_ds=[made.invoice_id]),
        api.get_invoices(tenant, invoice_numbers=["WB-7"]),
        api.get_invoices(tenant, search_term="find-me"),
        api.get_invoices(tenant, if_modified_since=since),
        api.get_invoices(tenant, created_by_my_app=True, summary_only=True),
        api.get_invoices(
            tenant,
            contact_i_ds=[client.contact_id],
            where='Date>=DateTime(2026,02,28) AND Reference=="find-me"',
            order="UpdatedDateUTC DESC",
        ),
    ]
    assert [[i.invoice_number for i in answer.invoices] for answer in found] == [["WB-7"]] * 6


def test_tracking_and_discount_are_kept(customer, client):
    category = customer.accounting.get_tracking_categories(customer.tenant).tracking_categories[0]
    pair = LineItemTracking(name=category.name, option=category.options[0].name)

    made = create(customer, invoice(client, line(discount_rate=10, tracking=[pair])))[0]

    assert made.line_items[0].tracking[0].tracking_category_id == category.tracking_category_id
    assert made.line_items[0].line_amount == Decimal("36.00")
    assert (made.is_discounted, made.total_discount) == (True, Decimal("4.00"))


def test_sdk_gets_pdf_online_address_and_history(customer, client):
    api, tenant = customer.accounting, customer.tenant
    made = create(customer, invoice(client))[0]

    with open(api.get_invoice_as_pdf(tenant, made.invoice_id), "rb") as pdf:  # noqa: PTH123 - the SDK gives a path as text
        assert pdf.read(5) == b"%PDF-"
    online = api.get_online_invoice(tenant, made.invoice_id).online_invoices[0]
    assert online.online_invoice_url.startswith("https://")
    note = HistoryRecords(history_records=[HistoryRecord(details="Sent from work")])
    api.create_invoice_history(tenant, made.invoice_id, note)
    records = api.get_invoice_history(tenant, made.invoice_id).history_records
    assert records[0].details == "Sent from work"


def test_demo_company_may_email_nothing(customer, client):
    made = create(customer, invoice(client))[0]

    with pytest.raises(AccountingBadRequestException) as refused:
        customer.accounting.email_invoice(customer.tenant, made.invoice_id, RequestEmpty())

    assert "daily limit" in str(refused.value.error_data)


def test_sent_mark_on_a_draft_is_a_warning(customer, client):
    made = create(customer, invoice(client, status="DRAFT", sent_to_contact=True))[0]

    assert made.status_attribute_string == "WARNING"
    assert made.warnings[0].message.startswith("Only AUTHORISED invoices")
    assert not made.sent_to_contact


def test_sdk_attaches_a_file_and_finds_it(customer, client):
    api, tenant = customer.accounting, customer.tenant
    made = create(customer, invoice(client))[0]

    put = api.create_invoice_attachment_by_file_name(
        tenant, made.invoice_id, "March time.csv", b"Date,Time", include_online=True
    ).attachments[0]

    (found,) = api.get_invoice_attachments(tenant, made.invoice_id).attachments
    assert (found.file_name, found.content_length) == ("March time.csv", 9)
    assert (found.attachment_id, put.include_online) == (put.attachment_id, True)
    assert api.get_invoice(tenant, made.invoice_id).invoices[0].has_attachments
