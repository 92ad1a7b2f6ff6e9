from datetime import date
from decimal import Decimal

import pytest

from local.xero.books import Refused

DAY = date(2026, 3, 3)


def note_for(desk, amount="40", contact="Boom FM", **more):
    facts = {
        "Type": "ACCRECCREDIT",
        "Status": "AUTHORISED",
        "Contact": {"Name": contact},
        "Date": date(2026, 3, 2),
        "LineAmountTypes": "NoTax",
        "LineItems": [desk.line(amount)],
    }
    return desk.books.credit_notes.create(facts | more, 4)


def spend(ledger, credit, invoice, amount):
    named = {"InvoiceID": invoice["InvoiceID"]}
    return ledger.allocate(credit, {"Invoice": named, "Amount": Decimal(amount), "Date": DAY})


def test_allocation_lowers_what_is_due_and_what_is_left(desk):
    invoice, note = desk.enter(), note_for(desk)

    spend(desk.books.credit_notes, note, invoice, "30")

    assert (invoice["AmountCredited"], invoice["AmountDue"]) == (Decimal(30), Decimal("85.00"))
    assert invoice["AmountPaid"] == 0
    assert (note["RemainingCredit"], note["Status"]) == (Decimal("10.00"), "AUTHORISED")


def test_fully_credited_invoice_is_paid_and_a_spent_note_too(desk):
    invoice = desk.enter()

    note_id = desk.books.credit(invoice["InvoiceID"], None, DAY)

    note = desk.books.credit_notes.get(note_id)
    assert (invoice["Status"], invoice["FullyPaidOnDate"]) == ("PAID", DAY)
    assert (note["Status"], note["RemainingCredit"]) == ("PAID", 0)
    assert note["CreditNoteNumber"] == "CN-0001"


def test_taking_an_allocation_back_restores_both(desk):
    invoice = desk.enter()
    note = desk.books.credit_notes.get(desk.books.credit(invoice["InvoiceID"], None, DAY))

    desk.books.take_back_credit(invoice["InvoiceID"], note["Allocations"][0]["AllocationID"])

    assert (invoice["Status"], invoice["AmountDue"]) == ("AUTHORISED", Decimal("115.00"))
    assert (note["Status"], note["RemainingCredit"]) == ("AUTHORISED", Decimal("115.00"))


@pytest.mark.parametrize(
    ("amount", "words"),
    [("40.01", "remaining credit"), ("0", "greater than zero"), ("-1", "greater than zero")],
)
def test_wrong_amount_is_refused_and_changes_nothing(desk, amount, words):
    invoice, note = desk.enter(), note_for(desk)

    with pytest.raises(Refused, match=words):
        spend(desk.books.credit_notes, note, invoice, amount)

    assert (note["Allocations"], invoice["allocations"]) == ([], [])


def test_more_than_is_due_is_refused(desk):
    invoice, note = desk.enter(), note_for(desk, "500")

    with pytest.raises(Refused, match="amount outstanding"):
        spend(desk.books.credit_notes, note, invoice, "115.01")


def test_credit_of_another_contact_or_currency_is_refused(desk):
    invoice = desk.enter()
    other = note_for(desk, contact="City Agency")
    foreign = note_for(desk, CurrencyCode="USD")

    for note, words in ((other, "same contact"), (foreign, "same currency")):
        with pytest.raises(Refused, match=words):
            spend(desk.books.credit_notes, note, invoice, "1")


def test_draft_invoice_takes_no_credit_and_a_draft_note_gives_none(desk):
    draft = desk.enter(Status="DRAFT")
    with pytest.raises(Refused, match="authorised invoices"):
        spend(desk.books.credit_notes, note_for(desk), draft, "1")

    with pytest.raises(Refused, match="authorised credits"):
        spend(desk.books.credit_notes, note_for(desk, Status="DRAFT"), desk.enter(), "1")


def test_credited_invoice_can_be_neither_voided_nor_repriced(desk):
    invoice = desk.enter()
    desk.books.credit(invoice["InvoiceID"], Decimal(15), DAY)

    with pytest.raises(Refused, match="payment or credit note allocated"):
        desk.books.void(invoice["InvoiceID"])
    with pytest.raises(Refused, match="payment or credit note allocated"):
        desk.change(invoice, Date=date(2026, 3, 4))


def test_allocated_note_cannot_be_voided_until_it_is_taken_back(desk):
    invoice = desk.enter()
    note = desk.books.credit_notes.get(desk.books.credit(invoice["InvoiceID"], None, DAY))

    with pytest.raises(Refused, match="has been allocated"):
        desk.books.credit_notes.update(note, {"Status": "VOIDED"}, 4)

    desk.books.take_back_credit(invoice["InvoiceID"], note["Allocations"][0]["AllocationID"])
    desk.books.credit_notes.update(note, {"Status": "VOIDED"}, 4)
    assert (note["Status"], note["RemainingCredit"]) == ("VOIDED", 0)


def test_number_of_a_note_is_unique(desk):
    note_for(desk, CreditNoteNumber="CN-7")

    with pytest.raises(Refused, match="Credit Note # must be unique"):
        note_for(desk, CreditNoteNumber="cn-7")


def test_note_in_a_locked_period_is_refused(desk):
    desk.books.set_lock_dates(date(2026, 3, 2), None)

    with pytest.raises(Refused, match="lock date"):
        note_for(desk)


@pytest.mark.parametrize("kind", ["prepayment", "overpayment"])
def test_money_in_advance_is_spent_as_far_as_the_invoice_takes_it(desk, kind):
    invoice = desk.enter()

    credit_id = desk.books.receive(kind, invoice["InvoiceID"], Decimal(200), DAY, allocate=True)

    ledger = desk.books.prepayments if kind == "prepayment" else desk.books.overpayments
    credit = ledger.get(credit_id)
    assert (invoice["Status"], invoice["AmountCredited"]) == ("PAID", Decimal("115.00"))
    assert (credit["Status"], credit["RemainingCredit"]) == ("AUTHORISED", Decimal("85.00"))


def test_credits_are_told_with_their_type_and_status(desk):
    invoice = desk.enter()
    desk.events.clear()

    note_id = desk.books.credit(invoice["InvoiceID"], None, DAY)

    told = [event for event in desk.events if event[0] == "CREDITNOTE"]
    assert told == [
        ("CREDITNOTE", "CREATE", note_id, {"Type": "ACCRECCREDIT", "Status": "AUTHORISED"}),
        ("CREDITNOTE", "UPDATE", note_id, {"Type": "ACCRECCREDIT", "Status": "PAID"}),
    ]
    assert ("INVOICE", "UPDATE", invoice["InvoiceID"]) in desk.events
