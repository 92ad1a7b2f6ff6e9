import json
from decimal import Decimal

import pytest

ZERO_ID = "00000000-0000-0000-0000-000000000000"


def wrap_in_plural(sent):
    return {"Invoices": [sent]}


def wrap_in_list(sent):
    return [sent]


def bare(sent):
    return sent


@pytest.mark.parametrize("wrap", [wrap_in_plural, wrap_in_list, bare])
def test_body_may_be_wrapped_listed_or_bare(caller, wrap):
    answer = caller.call("PUT", "/Invoices", wrap(caller.invoice(Reference="R1")))

    assert caller.tree(answer)["Invoices"][0]["Reference"] == "R1"


def test_more_than_fifty_elements_are_taken(caller):
    body = {"Invoices": [caller.invoice() for _ in range(60)]}

    answer = caller.call("PUT", "/Invoices", body, summarizeErrors="false")

    assert len(caller.tree(answer)["Invoices"]) == 60


def test_over_ten_megabytes_is_refused(caller):
    answer = caller.call("PUT", "/Invoices", raw=b" " * (10 * 1024 * 1024 + 1))

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (b"{", 14),
        (b"", 14),
        (b"\xff", 14),
        (b'"text"', 14),
        (b'{"Invoices":[]}', 17),
        (b'{"Invoices":null}', 17),
        (b'{"Type":"ACCREC","Date":"2026-13-01"}', 14),
        (b'{"Type":"ACCREC","LineItems":{}}', 14),
        (b'{"Type":"ACCREC","LineItems":[{"Quantity":"two"}]}', 14),
        (b'{"Type":"ACCREC","LineItems":[{"Quantity":1e30}]}', 14),
        (b'{"Type":"ACCREC","InvoiceID":"INV-1"}', 14),
        (b'{"Type":"ACCREC","SentToContact":"perhaps"}', 14),
        (b'{"Type":"ACCREC","Reference":{}}', 14),
    ],
)
def test_unreadable_body_is_refused_by_its_number(caller, raw, number):
    assert caller.refusal("PUT", "/Invoices", raw=raw)["ErrorNumber"] == number


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-03-01", "/Date(1772323200000+0000)/"),
        ("2026-03-01T23:59:59", "/Date(1772323200000+0000)/"),
        ("/Date(1772323200000+0000)/", "/Date(1772323200000+0000)/"),
        ("/Date(1772323200000)/", "/Date(1772323200000+0000)/"),
        ("1969-12-31", "/Date(-86400000+0000)/"),
    ],
)
def test_days_are_read_in_every_form_and_written_in_microsofts(caller, sent, read):
    assert caller.enter(Date=sent)["Date"] == read


def test_numbers_and_flags_may_come_as_text(caller):
    line = caller.line(Quantity="1.5", UnitAmount="10.10")

    made = caller.enter(LineItems=[line], SentToContact="true")

    assert (made["SubTotal"], made["SentToContact"]) == (Decimal("15.15"), True)


def test_numbers_are_written_digit_for_digit(caller):
    answer = caller.call(
        "PUT", "/Invoices", caller.invoice(LineItems=[caller.line(UnitAmount=0.1)]), unitdp="4"
    )

    assert '"UnitAmount":0.1000' in answer.text
    assert '"Quantity":2.0000' in answer.text
    assert '"CurrencyRate":1.000000' in answer.text
    assert '"Total":0.23' in answer.text


def test_unknown_field_is_ignored_and_told(caller):
    caller.enter(Colour="red", LineItems=[caller.line(Shade=1)])

    assert sorted(caller.world.surprises) == [
        "field Invoice.Colour",
        "field Invoice.LineItems.Shade",
    ]


def test_invoice_can_be_sent_back_as_it_was_read(caller):
    made = caller.enter()
    path = f"/Invoices/{made['InvoiceID']}"
    (read,) = json.loads(caller.call("GET", path).text)["Invoices"]

    answer = caller.call("POST", path, read)

    assert answer.status_code == 200
    assert caller.world.surprises == []


def test_batch_of_good_and_bad_tells_each_its_own(caller):
    body = [caller.invoice(), caller.invoice(Contact={}), caller.invoice(SentToContact=True)]
    body[2]["Status"] = "DRAFT"

    answer = caller.call("PUT", "/Invoices", body, summarizeErrors="false")

    good, bad, warned = caller.tree(answer)["Invoices"]
    assert answer.status_code == 200
    assert (good["StatusAttributeString"], good["HasErrors"]) == ("OK", False)
    assert (bad["StatusAttributeString"], bad["HasErrors"]) == ("ERROR", True)
    assert bad["InvoiceID"] == ZERO_ID
    assert bad["ValidationErrors"][0]["Message"].startswith("A Contact must be specified")
    assert warned["StatusAttributeString"] == "WARNING"
    assert warned["Warnings"][0]["Message"].startswith("Only AUTHORISED")
    assert warned["InvoiceID"] != ZERO_ID


def test_summarized_batch_tells_only_the_failures_but_keeps_the_rest(caller):
    body = [caller.invoice(InvoiceNumber="KEPT"), caller.invoice(Contact={})]

    refused = caller.refusal("PUT", "/Invoices", body)

    assert refused["Type"] == "ValidationException"
    assert len(refused["Elements"]) == 1
    assert caller.books.invoices.numbered("KEPT")


def test_fault_of_a_line_is_told_in_the_line_and_on_the_invoice(caller):
    lines = [caller.line(), caller.line(AccountCode="999")]

    (element,) = caller.refusal("PUT", "/Invoices", caller.invoice(LineItems=lines))["Elements"]

    said = [line["ValidationErrors"] for line in element["LineItems"]]
    assert said == [[], element["ValidationErrors"]]


def test_put_only_creates(caller):
    made = caller.enter(InvoiceNumber="WB-1")

    by_number = caller.refusal("PUT", "/Invoices", caller.invoice(InvoiceNumber="WB-1"))
    by_id = caller.refusal("PUT", "/Invoices", caller.invoice(InvoiceID=made["InvoiceID"]))

    for refused in (by_number, by_id):
        assert refused["Elements"][0]["ValidationErrors"] == [
            {"Message": "Invoice # must be unique."}
        ]


def test_post_of_a_known_number_edits_that_invoice(caller):
    made = caller.enter(InvoiceNumber="WB-1")

    answer = caller.call("POST", "/Invoices", {"InvoiceNumber": "WB-1", "Reference": "Edited"})

    (saved,) = caller.tree(answer)["Invoices"]
    assert (saved["InvoiceID"], saved["Reference"]) == (made["InvoiceID"], "Edited")


def test_post_of_a_new_number_creates(caller):
    answer = caller.call("POST", "/Invoices", caller.invoice(InvoiceNumber="WB-2"))

    assert caller.tree(answer)["Invoices"][0]["InvoiceNumber"] == "WB-2"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/Invoices/11111111-1111-1111-1111-111111111111"),
        ("POST", "/Invoices/11111111-1111-1111-1111-111111111111"),
        ("GET", "/Contacts/NOBODY"),
        ("GET", "/Accounts/11111111-1111-1111-1111-111111111111"),
        ("GET", "/Payments/11111111-1111-1111-1111-111111111111"),
        ("GET", "/TaxRates/NOPE"),
        ("GET", "/BrandingThemes/11111111-1111-1111-1111-111111111111"),
        ("GET", "/Invoices/11111111-1111-1111-1111-111111111111/History"),
    ],
)
def test_unknown_id_is_a_plain_text_404(caller, method, path):
    answer = caller.call(method, path, {} if method == "POST" else None)

    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.text == "The resource you're looking for cannot be found"
    assert caller.world.surprises == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/Journals"), ("DELETE", "/Invoices"), ("PATCH", "/Contacts"), ("GET", "/")],
)
def test_unknown_endpoint_is_a_404_and_told(caller, method, path):
    assert caller.call(method, path).status_code == 404
    assert len(caller.world.surprises) == 1


def test_history_of_an_unknown_document_is_a_validation_failure(caller):
    path = "/Invoices/11111111-1111-1111-1111-111111111111/History"

    refused = caller.refusal("PUT", path, {"HistoryRecords": [{"Details": "Hello"}]})

    (element,) = refused["Elements"]
    assert element["ValidationErrors"][0]["Message"].startswith("The document with the supplied")


def test_draft_has_no_online_invoice(caller):
    draft, approved = caller.enter(Status="DRAFT"), caller.enter()

    assert caller.call("GET", f"/Invoices/{draft['InvoiceID']}/OnlineInvoice").status_code == 404
    assert caller.get(f"/Invoices/{approved['InvoiceID']}/OnlineInvoice")["OnlineInvoices"]


def test_pdf_is_given_under_both_addresses_and_for_any_name(caller):
    made = caller.enter(Contact={"Name": "Taco Truck 🌮 Catering"})
    path = f"/Invoices/{made['InvoiceID']}"

    for answer in (
        caller.call("GET", path, headers={"Accept": "application/pdf"}),
        caller.call("GET", f"{path}/pdf"),
    ):
        assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")


def test_payment_can_only_be_deleted_by_post(caller):
    payment = caller.get("/Payments")["Payments"][0]
    path = f"/Payments/{payment['PaymentID']}"

    refused = caller.refusal("POST", path, {"Amount": 1})
    deleted = caller.tree(caller.call("POST", path, {"Payments": [{"Status": "DELETED"}]}))

    assert refused["Elements"][0]["PaymentID"] == payment["PaymentID"]
    assert deleted["Payments"][0]["Status"] == "DELETED"
    assert deleted["Payments"][0]["Invoice"]["Status"] == "AUTHORISED"


def test_xml_body_is_an_unsupported_media_type(caller):
    answer = caller.call("PUT", "/Invoices", raw=b"<a/>", mimetype="text/xml")

    assert answer.status_code == 415
