"""The client's link and the PDF: asked of Xero when somebody wants them, never given too old."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib import wiring
from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict
from chalicelib.invoices import extras, fetch, pdf_link, store, sync
from chalicelib.invoices.model import SendAs
from tests.invoices.extras_desk import Desk
from tests.invoices.fault_lab import TENANT, line


@pytest.fixture
def desk(books):
    return Desk(books)


def given(invoice):
    now = store.get(TENANT, invoice.invoice_id)
    return pdf_link.pdf_of(now, extras.of_invoice(TENANT, invoice.invoice_id))


def test_the_clients_link_is_kept(desk):
    invoice = desk.sent()
    assert desk.extras(invoice).online_url == ""

    fetch.start(desk.lab.caller, invoice.invoice_id, fetch.LINK)

    assert desk.extras(invoice).online_url.startswith("https://in.xero.com/")


def test_a_draft_has_no_link_and_says_so(desk):
    invoice = desk.sent(send_as=SendAs.DRAFT)

    job = fetch.start(desk.lab.caller, invoice.invoice_id, fetch.LINK)

    assert (job.state, job.message) == (JobState.FAILED, fetch.NO_LINK)
    with pytest.raises(Conflict, match="Send it first"):
        fetch.start(desk.lab.caller, desk.lab.draft(line(1)).invoice_id, fetch.LINK)


def test_the_pdf_is_given_by_a_link_until_the_invoice_changes(desk):
    invoice = desk.sent()
    fetch.start(desk.lab.caller, invoice.invoice_id, fetch.PDF)

    pdf = given(invoice)
    assert pdf is not None
    present = wiring.current()
    kept = present.s3.get_object(Bucket=present.settings.uploads_bucket, Key=pdf.key)
    assert kept["Body"].read().startswith(b"%PDF")
    url, until = pdf_link.signed_link(invoice, pdf)
    assert f"{TENANT}/{invoice.invoice_id}/" in url
    assert (until - present.clock.now()).total_seconds() == 300

    desk.lab.ledger.edit(desk.xero_id(invoice), Reference="Changed")
    sync.start(desk.lab.caller, invoice.invoice_id)
    assert given(invoice) is None

    fetch.start(desk.lab.caller, invoice.invoice_id, fetch.PDF)
    assert given(invoice)
    desk.lab.let_pass(3601)
    assert given(invoice) is None


def test_the_pdfs_name_is_safe_in_a_header(desk):
    invoice = desk.sent()
    fetch.start(desk.lab.caller, invoice.invoice_id, fetch.PDF)
    odd = replace(invoice, number='1"\r\n; x=ā/..')
    pdf = given(invoice)
    assert pdf is not None

    url, _ = pdf_link.signed_link(odd, pdf)

    told = parse_qs(urlsplit(url).query)["response-content-disposition"]
    assert told == ['attachment; filename="1 x...pdf"']
