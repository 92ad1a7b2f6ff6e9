from datetime import date
from decimal import Decimal

import pytest

from local.xero.books import NotFound, Refused

DAY = date(2026, 3, 2)


def test_payments_count_down_to_paid(desk):
    invoice = desk.enter()

    desk.pay(invoice, "15.00")
    assert (invoice["Status"], invoice["AmountDue"]) == ("AUTHORISED", Decimal("100.00"))
    assert "FullyPaidOnDate" not in invoice
    desk.pay(invoice, "100.00", date(2026, 3, 3))

    assert (invoice["Status"], invoice["AmountDue"]) == ("PAID", Decimal("0.00"))
    assert invoice["AmountPaid"] == invoice["Total"]
    assert invoice["FullyPaidOnDate"] == date(2026, 3, 3)


def test_deleted_payment_leaves_the_invoice_authorised(desk):
    invoice = desk.enter()
    payment = desk.pay(invoice)
    before = invoice["UpdatedDateUTC"]
    desk.time.pass_by()

    desk.books.delete_payment(payment["PaymentID"])

    assert (invoice["Status"], invoice["AmountDue"]) == ("AUTHORISED", Decimal("115.00"))
    assert "FullyPaidOnDate" not in invoice
    assert payment["Status"] == "DELETED"
    assert invoice["UpdatedDateUTC"] > before
    with pytest.raises(Refused, match="already been deleted"):
        desk.books.delete_payment(payment["PaymentID"])


@pytest.mark.parametrize(
    ("status", "amount", "code", "words"),
    [
        ("AUTHORISED", "115.01", "090", "exceeds the amount outstanding"),
        ("AUTHORISED", "0", "090", "greater than zero"),
        ("AUTHORISED", "-1", "090", "greater than zero"),
        ("AUTHORISED", "1", "200", "not a valid code"),
        ("AUTHORISED", "1", "999", "Account could not be found"),
        ("AUTHORISED", "1", "092", "currency"),
        ("DRAFT", "1", "090", "only be made against authorised documents"),
        ("SUBMITTED", "1", "090", "only be made against authorised documents"),
    ],
)
def test_wrong_payment_is_refused(desk, status, amount, code, words):
    invoice = desk.enter(Status=status)

    with pytest.raises(Refused, match=words):
        desk.books.pay(invoice["InvoiceID"], Decimal(amount), DAY, code)

    assert invoice["Payments"] == []


def test_paid_invoice_takes_no_more(desk):
    invoice = desk.enter()
    desk.pay(invoice)

    with pytest.raises(Refused, match="exceeds the amount outstanding"):
        desk.pay(invoice, "0.01")


def test_account_enabled_for_payments_may_be_paid_to(desk):
    invoice = desk.enter()

    desk.books.pay(invoice["InvoiceID"], None, DAY, "881")

    assert invoice["Status"] == "PAID"


def test_foreign_payment_reaches_the_base_bank_in_base_money(desk):
    invoice = desk.enter(CurrencyCode="USD", CurrencyRate=Decimal("0.5"))

    payment = desk.pay(invoice)

    assert (payment["Amount"], payment["BankAmount"]) == (Decimal("115.00"), Decimal("230.00"))


def test_unknown_invoice_cannot_be_paid(desk):
    with pytest.raises(NotFound):
        desk.books.pay("11111111-1111-1111-1111-111111111111", None, DAY)


def test_payment_is_told_as_a_change_of_its_invoice(desk):
    invoice = desk.enter()
    desk.events.clear()

    payment = desk.pay(invoice)
    desk.books.delete_payment(payment["PaymentID"])

    assert desk.events == [("INVOICE", "UPDATE", invoice["InvoiceID"])] * 2
