from datetime import date
from decimal import Decimal

import pytest

from local.xero.books import Refused
from local.xero.books.invoice_status import HAS_PAYMENT, NOT_MODIFIABLE

STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
MOVES = {
    "DRAFT": {"SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"DRAFT", "AUTHORISED", "DELETED"},
    "AUTHORISED": {"VOIDED"},
    "PAID": set(),
    "VOIDED": set(),
    "DELETED": set(),
}


def at(desk, status):
    """An invoice that has come to a status."""
    invoice = desk.enter(Status="DRAFT" if status in {"DRAFT", "DELETED"} else "SUBMITTED")
    if status in {"AUTHORISED", "PAID", "VOIDED"}:
        desk.change(invoice, Status="AUTHORISED")
    if status == "PAID":
        desk.pay(invoice)
    if status in {"VOIDED", "DELETED"}:
        desk.change(invoice, Status=status)
    assert invoice["Status"] == status
    return invoice


@pytest.mark.parametrize("wanted", STATUSES)
@pytest.mark.parametrize("present", STATUSES)
def test_only_documented_moves_are_made(desk, present, wanted):
    invoice = at(desk, present)
    terminal = present in {"VOIDED", "DELETED"}
    allowed = wanted in MOVES[present] or (wanted == present and not terminal)

    if allowed:
        desk.change(invoice, Status=wanted)
    else:
        with pytest.raises(Refused):
            desk.change(invoice, Status=wanted)

    assert invoice["Status"] == (wanted if allowed else present)


@pytest.mark.parametrize(
    ("present", "message"),
    [("PAID", HAS_PAYMENT), ("VOIDED", NOT_MODIFIABLE), ("DELETED", NOT_MODIFIABLE)],
)
def test_refused_void_says_why(desk, present, message):
    invoice = at(desk, present)

    with pytest.raises(Refused, match=message.rstrip(".")):
        desk.change(invoice, Status="VOIDED")


def test_approval_asks_for_what_a_draft_did_without(desk):
    invoice = desk.enter({"Description": "Work", "UnitAmount": Decimal(5)}, Status="DRAFT")

    with pytest.raises(Refused, match="Account code must be specified"):
        desk.change(invoice, Status="AUTHORISED")
    assert invoice["Status"] == "DRAFT"


@pytest.mark.parametrize(
    "change",
    [
        {"Date": date(2026, 2, 1)},
        {"LineAmountTypes": "Inclusive"},
        {"CurrencyCode": "AUD"},
        {"LineItems": []},
    ],
)
@pytest.mark.parametrize(("paid", "message"), [("5", HAS_PAYMENT), (None, NOT_MODIFIABLE)])
def test_payment_fixes_the_figures(desk, change, paid, message):
    invoice = desk.enter()
    desk.pay(invoice, paid)

    with pytest.raises(Refused, match=message.rstrip(".")):
        desk.change(invoice, **change)


@pytest.mark.parametrize("paid", ["5", None])
@pytest.mark.parametrize(
    "change",
    [
        {"Reference": "R2"},
        {"DueDate": date(2026, 4, 1)},
        {"InvoiceNumber": "NEW-1"},
        {"Url": "https://example.com/2"},
    ],
)
def test_payment_leaves_these_editable(desk, change, paid):
    invoice = desk.enter()
    desk.pay(invoice, paid)

    desk.change(invoice, **change)

    assert {name: invoice[name] for name in change} == change


def test_line_words_and_accounts_stay_editable_under_a_payment(desk):
    invoice = desk.enter()
    desk.pay(invoice, "5")
    kept = invoice["LineItems"][0]

    desk.change(invoice, LineItems=[{**kept, "Description": "Better", "AccountCode": "260"}])

    (line,) = invoice["LineItems"]
    assert (line["Description"], line["AccountCode"]) == ("Better", "260")
    with pytest.raises(Refused, match="payment or credit note"):
        desk.change(invoice, LineItems=[{**kept, "UnitAmount": Decimal(1)}])


def test_lines_without_their_id_are_made_anew_and_come_first(desk):
    invoice = desk.enter(desk.line(Description="A"), desk.line(Description="B"))
    kept = invoice["LineItems"][1]
    gone = invoice["LineItems"][0]["LineItemID"]

    desk.change(invoice, LineItems=[kept, desk.line(Description="C")])

    assert [line["Description"] for line in invoice["LineItems"]] == ["C", "B"]
    ids = [line["LineItemID"] for line in invoice["LineItems"]]
    assert ids[1] == kept["LineItemID"]
    assert gone not in ids


def test_refused_change_leaves_everything_as_it_was(desk):
    invoice = desk.enter()
    before = dict(invoice)

    with pytest.raises(Refused):
        desk.change(invoice, Reference="R2", LineItems=[desk.line(AccountCode="999")])

    assert invoice == before


def test_kept_lines_follow_a_change_of_tax_basis(desk):
    invoice = desk.enter(desk.line("115"))

    desk.change(invoice, LineAmountTypes="Inclusive")

    assert (invoice["Total"], invoice["TotalTax"]) == (Decimal("115.00"), Decimal("15.00"))


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        ({"DueDate": date(2026, 4, 1)}, False),
        ({"SentToContact": True}, False),
        ({"DueDate": date(2026, 4, 1), "Reference": "R2"}, True),
        ({"Reference": "R2"}, True),
    ],
)
def test_blind_spots_of_part_paid_documents_do_not_move_updated_date(desk, change, moves):
    invoice = desk.enter()
    desk.pay(invoice, "5")
    before = invoice["UpdatedDateUTC"]

    desk.change(invoice, **change)

    assert (invoice["UpdatedDateUTC"] > before) is moves


def test_due_date_of_an_unpaid_document_does_move_it(desk):
    invoice = desk.enter()
    before = invoice["UpdatedDateUTC"]

    desk.change(invoice, DueDate=date(2026, 4, 1))

    assert invoice["UpdatedDateUTC"] > before


def test_sent_mark_waits_for_approval(desk):
    saved = desk.books.invoices.create(desk.sent(Status="DRAFT", SentToContact=True), 4)

    assert saved.warnings == ["Only AUTHORISED invoices may have SentToContact updated."]
    assert not saved.invoice["SentToContact"]


def test_a_plan_lets_so_many_be_approved_in_a_month(desk):
    draft = desk.enter(Status="DRAFT")
    before = sum(one.get("approved_in") == "2026-03" for one in desk.books.list_invoices())
    desk.books.set_approvals(before + 1)
    desk.enter()

    for one_more in (desk.enter, lambda: desk.change(draft, Status="AUTHORISED")):
        with pytest.raises(Refused, match="limit of invoices you can approve"):
            one_more()
    assert draft["Status"] == "DRAFT"
    assert desk.enter(Status="SUBMITTED")["Status"] == "SUBMITTED"

    desk.time.pass_by(40 * 86_400)
    desk.change(draft, Status="AUTHORISED")
