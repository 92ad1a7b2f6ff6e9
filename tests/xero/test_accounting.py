from datetime import UTC, datetime
from decimal import Decimal

import pytest

from chalicelib.xero.errors import XeroOutcomeUnknown, XeroRejected, XeroUnreadable
from chalicelib.xero.wire.contact import NewContact
from tests.xero.answers import JSON

BOOKS = "https://api.xero.test/api.xro/2.0"
SINCE = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
PAGING = {"page": 1, "pageSize": 2, "pageCount": 3, "itemCount": 5}


def asked(xero) -> dict[str, str]:
    return xero.calls[-1].request.params


def test_the_organisation_is_read(kit, xero):
    body = {"Organisations": [{"OrganisationID": "o", "Name": "Kea", "PaysTax": False,
                               "PeriodLockDate": "/Date(1743379200000+0000)/"}]}  # fmt: skip
    xero.get(f"{BOOKS}/Organisation", json=body)

    organisation = kit.accounting.organisation()

    assert organisation.name == "Kea"
    assert organisation.pays_tax is False
    assert str(organisation.period_lock_date) == "2025-03-31"


def test_actions_are_allowed_or_not(kit, xero):
    actions = [
        {"Name": "UseMulticurrency", "Status": "NOT-ALLOWED"},
        {"Name": "CreateApprovedInvoice", "Status": "ALLOWED"},
    ]
    xero.get(f"{BOOKS}/Organisation/Actions", json={"Actions": actions})

    assert kit.accounting.actions() == {
        "UseMulticurrency": False,
        "CreateApprovedInvoice": True,
    }


@pytest.mark.parametrize(
    ("plural", "method"),
    [
        ("Accounts", "accounts"),
        ("TaxRates", "tax_rates"),
        ("TrackingCategories", "tracking_categories"),
        ("Currencies", "currencies"),
        ("BrandingThemes", "branding_themes"),
    ],
)
def test_codes_are_read_in_one_call(kit, xero, plural, method):
    xero.get(f"{BOOKS}/{plural}", json={plural: [{"Name": "a"}, None, {"Name": None}]})

    assert len(getattr(kit.accounting, method)()) == 2
    assert len(xero.calls) == 1


def test_contacts_are_asked_for_a_thousand_at_a_time(kit, xero):
    body = {"pagination": PAGING, "Contacts": [{"ContactID": "a"}, {"ContactID": "b"}]}
    xero.get(f"{BOOKS}/Contacts", json=body)

    page = kit.accounting.contacts_page()

    assert asked(xero) == {"includeArchived": "true", "page": "1", "pageSize": "1000"}
    assert (page.page_count, page.item_count, page.is_last) == (3, 5, False)
    assert [contact.contact_id for contact in page.items] == ["a", "b"]


@pytest.mark.parametrize(
    ("pagination", "count", "last"),
    [
        ({"pageCount": 1, "itemCount": 2}, 2, True),
        ({"pageCount": 2, "itemCount": 4}, 2, False),
        (None, 2, False),
        (None, 1, True),
        ({}, 0, True),
    ],
)
def test_the_last_page_is_known_even_without_counts(kit, xero, pagination, count, last):
    contacts = [{"ContactID": str(number)} for number in range(count)]
    xero.get(f"{BOOKS}/Contacts", json={"pagination": pagination, "Contacts": contacts})

    assert kit.accounting.contacts_page(page_size=2).is_last is last


def test_contacts_are_read_by_at_most_forty_ids_in_full(kit, xero):
    xero.get(f"{BOOKS}/Contacts", json={"Contacts": [{"ContactID": "a"}]})

    found = kit.accounting.contacts_by_ids([str(number) for number in range(50)])

    assert asked(xero)["IDs"].count(",") == 39
    assert asked(xero)["includeArchived"] == "true"
    assert [contact.contact_id for contact in found.items] == ["a"]


def test_a_search_among_contacts_is_light_and_by_name(kit, xero):
    xero.get(f"{BOOKS}/Contacts", json={"Contacts": []})

    kit.accounting.contacts_searched("hill & co", 2, page_size=50)
    light = {"summaryOnly": "true", "order": "Name"}
    assert asked(xero) == light | {"searchTerm": "hill & co", "page": "2", "pageSize": "50"}
    kit.accounting.contacts_searched("")
    assert asked(xero) == light | {"page": "1", "pageSize": "1000"}


def test_a_contact_that_cannot_be_read_is_named_and_keeps_back_no_other(kit, xero):
    odd = {"Name": "Odd", "PaymentTerms": {"Sales": {"Day": "soon"}}}
    listed = [{"ContactID": "a"}, odd, None, {"ContactID": "b"}, {"Addresses": 7}]
    xero.get(f"{BOOKS}/Contacts", json={"Contacts": listed})

    page = kit.accounting.contacts_page(page_size=4)

    assert [contact.contact_id for contact in page.items] == ["a", "b"]
    assert page.unreadable == ("Odd", "?")
    assert page.full


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("/Date(1767323045678)/", datetime(2026, 1, 2, 3, 4, 5, 678000, UTC)),
        ("soon", None),
        (None, None),
    ],
)
def test_a_page_says_when_xero_answered(kit, xero, written, told):
    xero.get(f"{BOOKS}/Contacts", json={"DateTimeUTC": written, "Contacts": []})

    assert kit.accounting.contacts_page().told_at == told


def test_a_read_of_changes_bears_the_second_they_began(kit, xero):
    xero.get(f"{BOOKS}/Contacts", json={"Contacts": None})

    kit.accounting.contacts_page(modified_since=SINCE)

    headers = xero.calls[0].request.headers
    assert headers["If-Modified-Since"] == "2026-01-02T03:04:05"


def test_not_modified_is_an_empty_page(kit, xero):
    xero.get(f"{BOOKS}/Invoices", status=304)

    page = kit.accounting.invoices_changed_since(SINCE)

    assert page.items == ()
    assert page.is_last


def test_changed_invoices_are_of_every_status_with_four_decimals(kit, xero):
    xero.get(f"{BOOKS}/Invoices", json={"Invoices": []})

    kit.accounting.invoices_changed_since(SINCE, 2)

    assert asked(xero) == {
        "unitdp": "4",
        "where": 'Type=="ACCREC"',
        "includeArchived": "true",
        "page": "2",
        "pageSize": "100",
    }
    assert "where=Type%3D%3D%22ACCREC%22" in xero.calls[0].request.url


def test_invoices_may_be_narrowed_by_status_and_origin(kit, xero):
    xero.get(f"{BOOKS}/Invoices", json={"Invoices": []})

    kit.accounting.invoices_page(statuses=["PAID", "VOIDED"], ours_only=True)

    assert asked(xero)["Statuses"] == "PAID,VOIDED"
    assert asked(xero)["createdByMyApp"] == "true"


@pytest.mark.parametrize(
    ("method", "parameter"),
    [("invoices_by_ids", "IDs"), ("invoices_by_numbers", "InvoiceNumbers")],
)
def test_invoices_are_read_by_name_with_their_lines(kit, xero, method, parameter):
    xero.get(f"{BOOKS}/Invoices", json={"Invoices": [{"InvoiceID": "a"}]})

    found = getattr(kit.accounting, method)(["a", "b & c"])

    assert found[0].invoice_id == "a"
    assert asked(xero)[parameter] == "a,b & c"
    assert asked(xero)["page"] == "1"


@pytest.mark.parametrize("names", [["x"] * 41, ["a,b"]])
def test_a_list_that_xero_would_misread_is_not_asked(kit, xero, names):
    with pytest.raises(ValueError, match="40"):
        kit.accounting.invoices_by_numbers(names)

    assert len(xero.calls) == 0


def test_no_names_cost_no_call(kit, xero):
    assert kit.accounting.invoices_by_ids([]) == ()
    assert len(xero.calls) == 0


def test_a_reference_is_matched_exactly(kit, xero):
    xero.get(f"{BOOKS}/Invoices", json={"Invoices": []})

    kit.accounting.invoices_by_reference("Job 7, May")

    assert asked(xero)["where"] == 'Reference=="Job 7, May"'


@pytest.mark.parametrize("reference", ['Phase "A"', "a\\b"])
def test_a_reference_never_becomes_part_of_the_filter(kit, reference):
    with pytest.raises(ValueError, match="reference"):
        kit.accounting.invoices_by_reference(reference)


def test_an_id_never_becomes_part_of_the_path(kit, xero):
    xero.get(f"{BOOKS}/Contacts/..%2FAccounts%3Fa", json={"Contacts": [{"ContactID": "c"}]})

    assert kit.accounting.contact("../Accounts?a").contact_id == "c"


def test_a_batch_gives_every_element_its_outcome(kit, xero):
    elements = [
        {"InvoiceID": "i-1", "StatusAttributeString": "OK", "HasErrors": False, "Total": 1.1},
        {"InvoiceID": "00000000-0000-0000-0000-000000000000", "StatusAttributeString": "ERROR",
         "HasErrors": True, "LineItems": [{"ValidationErrors": [{"Message": "Bad account"}]}]},
        {"InvoiceID": "i-3", "StatusAttributeString": "WARNING",
         "Warnings": [{"Message": "Unusual rate"}]},
        {"InvoiceID": None, "StatusAttributeString": "OK"},
        {"InvoiceID": "i-5", "ValidationErrors": [{"Message": "No status beside it"}]},
        {"InvoiceID": "i-6", "HasErrors": "true"},
    ]  # fmt: skip
    xero.put(f"{BOOKS}/Invoices", json={"Invoices": elements})

    outcomes = kit.accounting.put_invoices(b'{"Invoices":[]}', "key", timeout=25)

    assert [outcome.saved for outcome in outcomes] == [True, False, True, False, False, False]
    assert outcomes[0].record.total == Decimal("1.1")
    assert outcomes[1].messages == (("Bad account", "LineItems[0]"),)
    assert outcomes[2].warnings == (("Unusual rate", ""),)


def test_a_body_goes_out_byte_for_byte(kit, xero):
    body = b'{"Invoices": [ {"Total":0.10} ]}'
    xero.put(f"{BOOKS}/Invoices", json={"Invoices": []})

    kit.accounting.put_invoices(body, "key")

    assert xero.calls[0].request.body == body


def test_an_answer_with_an_unreadable_element_leaves_the_write_uncertain(kit, xero):
    xero.put(f"{BOOKS}/Invoices", json={"Invoices": [{"InvoiceID": "i", "Total": "much"}]})

    with pytest.raises(XeroOutcomeUnknown):
        kit.accounting.put_invoices(b"{}", "key")


def test_a_status_is_changed_and_nothing_else(kit, xero):
    saved = {"InvoiceID": "i-1", "Status": "VOIDED"}
    xero.post(f"{BOOKS}/Invoices/i-1", json={"Invoices": [saved]})

    assert kit.accounting.update_status("i-1", "VOIDED", "key").status == "VOIDED"
    assert xero.calls[0].request.body == b'{"InvoiceID":"i-1","Status":"VOIDED"}'
    assert asked(xero) == {"unitdp": "4"}


def test_a_refusal_inside_a_success_is_a_refusal(kit, xero):
    element = {"InvoiceID": "i-1", "HasErrors": True, "ValidationErrors": [
        {"Message": "Invoice not of valid status for modification"}]}  # fmt: skip
    xero.post(f"{BOOKS}/Invoices/i-1", json={"Invoices": [element]})

    with pytest.raises(XeroRejected) as raised:
        kit.accounting.post_invoice("i-1", b"{}", "key")

    assert raised.value.messages[0].message.startswith("Invoice not of valid status")
    assert "Sync its status" in raised.value.sentence


def test_a_write_of_one_that_answers_with_none_is_uncertain(kit, xero):
    xero.post(f"{BOOKS}/Invoices/i-1", json={"Invoices": []})

    with pytest.raises(XeroOutcomeUnknown):
        kit.accounting.post_invoice("i-1", b"{}", "key")


def test_contacts_are_made_with_an_outcome_each(kit, xero):
    elements = [
        {"ContactID": "c-1", "StatusAttributeString": "OK"},
        {"Name": "Bo", "HasValidationErrors": True, "ValidationErrors": [{"Message": "Taken"}]},
    ]
    xero.put(f"{BOOKS}/Contacts", json={"Contacts": elements})

    made = kit.accounting.create_contacts([NewContact(name="Al"), NewContact(name="Bo")], "key")

    assert [outcome.saved for outcome in made] == [True, False]
    assert xero.calls[0].request.body == b'{"Contacts":[{"Name":"Al"},{"Name":"Bo"}]}'
    assert asked(xero) == {"summarizeErrors": "false"}


def test_a_note_is_kept_within_xeros_length(kit, xero):
    xero.put(f"{BOOKS}/Invoices/i-1/History", json={"HistoryRecords": [{}]})

    kit.accounting.add_history("i-1", "x" * 300, "key")

    assert xero.calls[0].request.body.count(b"x") == 250


def test_payments_taken_back_are_read_too(kit, xero):
    payment = {"PaymentID": "p", "Status": "DELETED", "Amount": 10.05,
               "Invoice": {"InvoiceID": "i-1", "InvoiceNumber": "INV-1"}}  # fmt: skip
    xero.get(f"{BOOKS}/Payments", json={"Payments": [payment]})

    (read,) = kit.accounting.payments_changed_since(SINCE).items

    assert read.status == "DELETED"
    assert read.amount == Decimal("10.05")
    assert read.invoice.invoice_id == "i-1"
    assert asked(xero)["where"] == 'PaymentType=="ACCRECPAYMENT"'


@pytest.mark.parametrize(
    ("listed", "address"),
    [([{"OnlineInvoiceUrl": "https://in.xero.test/x"}], "https://in.xero.test/x"), ([], None)],
)
def test_the_online_invoice_has_an_address_or_none(kit, xero, listed, address):
    xero.get(f"{BOOKS}/Invoices/i-1/OnlineInvoice", json={"OnlineInvoices": listed})

    assert kit.accounting.online_invoice_url("i-1") == address


def test_an_invoice_is_had_as_a_pdf(kit, xero):
    xero.get(f"{BOOKS}/Invoices/i-1/pdf", body=b"%PDF-1.4 x", content_type="application/pdf")

    assert kit.accounting.invoice_pdf("i-1") == b"%PDF-1.4 x"
    assert xero.calls[0].request.headers["Accept"] == "application/pdf"


def test_what_is_no_pdf_is_not_passed_on(kit, xero):
    xero.get(f"{BOOKS}/Invoices/i-1/pdf", body="{}", content_type=JSON)

    with pytest.raises(XeroUnreadable):
        kit.accounting.invoice_pdf("i-1")
