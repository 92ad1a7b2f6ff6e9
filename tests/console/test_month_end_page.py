"""The page of a month, its file, and what an invoice's page offers for a difference."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib import wiring
from chalicelib.invoices import drift_store, store
from chalicelib.invoices.drift import Difference
from chalicelib.invoices.line import Totals
from chalicelib.invoices.mirror import Mirror
from chalicelib.invoices.model import Basis, Drift, Invoice, InvoiceState
from chalicelib.work import clients
from tests.support.browser import location

SEEN = "0123456789abcdef"


@pytest.fixture
def sent(ann):
    """An invoice of November that Xero has with another reference, for a client of a bad name."""
    client = clients.create(ann.tenant_id, "=HYPERLINK(1)", currency="NZD")
    now, sums = (
        wiring.current().clock.now(),
        Totals(Decimal(10), Decimal("1.50"), Decimal("11.50")),
    )
    invoice = Invoice(
        invoice_id="inv0001",
        client_id=client.client_id,
        client_name=client.name,
        basis=Basis.BLANK,
        state=InvoiceState.SENT,
        currency="NZD",
        date=date(2026, 11, 23),
        due_date=date(2026, 12, 13),
        created_at=now,
        number="INV-00001",
        totals=sums,
        mirror=Mirror("xero-1", "AUTHORISED", totals=sums),
        drift=Drift(SEEN, 1, now),
    )
    store.add(ann.tenant_id, invoice)
    drift_store.keep(ann.tenant_id, "inv0001", [Difference("reference", "", "", "<b>Theirs</b>")])
    return store.save(ann.tenant_id, invoice)


@pytest.mark.usefixtures("sent")
def test_a_month_without_a_connection_is_worked_out_from_here_alone(ann):
    assert "not been worked out yet" in ann.browser.page("/month-end?month=2026-11").text

    answer = ann.browser.post("/month-end", {"month": "2026-11"})

    assert location(answer).startswith("/month-end?month=2026-11")
    text = ann.browser.page("/month-end?month=2026-11").text
    assert "Xero was not asked" in text
    assert "Unpaid" in text


@pytest.mark.usefixtures("sent")
def test_no_cell_of_the_file_is_a_formula(ann):
    ann.browser.post("/month-end", {"month": "2026-11"})

    file = ann.browser.get("/month-end/export?month=2026-11").body.decode("utf-8-sig")

    assert "INV-00001,'=HYPERLINK(1),2026-11-23" in file


def test_what_is_no_month_is_said_and_the_present_one_shown(ann):
    page = ann.browser.page("/month-end?month=2026-13")

    assert "Give the month as 2026-11." in page.text
    assert "November 2026" in page.find("h1").text


def test_a_difference_is_told_as_text_and_can_be_let_be(ann, sent):
    page = ann.browser.page(f"/invoices/{sent.invoice_id}")
    assert "<b>Theirs</b>" in page.find("section", {"aria-labelledby": "drift"}).text
    assert sent.number in ann.browser.page("/invoices/drift").text

    act = f"/invoices/{sent.invoice_id}/drift/ignore"
    ann.browser.post(act, {"seen": SEEN, "reason": "Their own order number"})

    assert "Their own order number" in ann.browser.page(f"/invoices/{sent.invoice_id}").text
    assert sent.number not in ann.browser.page("/invoices/drift").text
    assert sent.number in ann.browser.page("/invoices/drift?ignored=yes").text


def test_another_difference_than_was_seen_is_not_let_be(ann, sent):
    store.save(ann.tenant_id, replace(sent, drift=replace(sent.drift, seen="another")))

    act = f"/invoices/{sent.invoice_id}/drift/ignore"
    answer = ann.browser.post(act, {"seen": SEEN, "reason": "Agreed"})

    assert "further" in ann.browser.page(location(answer)).text
    assert store.get(ann.tenant_id, sent.invoice_id).drift.open
