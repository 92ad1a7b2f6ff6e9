from datetime import date
from decimal import Decimal

import pytest
from xero_python.accounting import (
    Account,
    Contact,
    Invoice,
    Invoices,
    LineItem,
    Payment,
    PaymentDelete,
    Payments,
)
from xero_python.exceptions import AccountingBadRequestException


@pytest.fixture
def invoice(customer):
    """An approved invoice of 46.00."""
    made = Invoice(
        type="ACCREC",
        contact=Contact(name="Boom FM"),
        date=date(2026, 3, 1),
        due_date=date(2026, 3, 20),
        status="AUTHORISED",
        line_items=[LineItem(description="Work", quantity=2, unit_amount=20, account_code="200")],
    )
    return customer.accounting.create_invoices(
        customer.tenant, Invoices(invoices=[made])
    ).invoices[0]


def pay(customer, invoice, amount, **options):
    payment = Payment(
        invoice=Invoice(invoice_id=invoice.invoice_id),
        account=Account(code="090"),
        date=date(2026, 3, 5),
        amount=amount,
    )
    return customer.accounting.create_payments(
        customer.tenant, Payments(payments=[payment]), **options
    ).payments[0]


def read(customer, invoice):
    return customer.accounting.get_invoice(customer.tenant, invoice.invoice_id).invoices[0]


def test_paying_all_of_it_makes_an_invoice_paid(customer, invoice):
    payment = pay(customer, invoice, Decimal("46.00"))

    paid = read(customer, invoice)
    assert payment.payment_type == "ACCRECPAYMENT"
    assert (paid.status, paid.amount_due, paid.amount_paid) == ("PAID", 0, Decimal("46.00"))
    assert paid.fully_paid_on_date == date(2026, 3, 5)
    assert paid.payments[0].payment_id == payment.payment_id


def test_part_payment_leaves_the_rest_due(customer, invoice):
    pay(customer, invoice, Decimal("6.00"))

    part = read(customer, invoice)
    assert (part.status, part.amount_due) == ("AUTHORISED", Decimal("40.00"))
    assert part.fully_paid_on_date is None


def test_deleting_the_payment_gives_the_money_back(customer, invoice):
    payment = pay(customer, invoice, Decimal("46.00"))

    deleted = customer.accounting.delete_payment(
        customer.tenant, payment.payment_id, PaymentDelete(status="DELETED")
    ).payments[0]

    again = read(customer, invoice)
    assert deleted.status == "DELETED"
    assert (again.status, again.amount_due) == ("AUTHORISED", Decimal("46.00"))
    assert again.payments == []


def test_payments_are_listed_by_page_and_by_invoice(customer, invoice):
    payment = pay(customer, invoice, Decimal("6.00"))
    where = f'Invoice.InvoiceID==guid("{invoice.invoice_id}")'

    found = customer.accounting.get_payments(customer.tenant, where=where, page=1)
    single = customer.accounting.get_payment(customer.tenant, payment.payment_id)

    assert [p.payment_id for p in found.payments] == [payment.payment_id]
    assert single.payments[0].invoice.amount_due == Decimal("40.00")
    assert single.payments[0].account.code == "090"


def test_too_much_is_refused_in_both_manners(customer, invoice):
    with pytest.raises(AccountingBadRequestException) as refused:
        pay(customer, invoice, Decimal("46.01"))
    told = pay(customer, invoice, Decimal("46.01"), summarize_errors=False)

    assert "exceeds the amount outstanding" in str(refused.value.error_data)
    assert told.has_validation_errors
    assert "exceeds the amount outstanding" in told.validation_errors[0].message


def test_invoice_with_a_payment_cannot_be_voided(customer, invoice):
    pay(customer, invoice, Decimal("6.00"))

    with pytest.raises(AccountingBadRequestException) as refused:
        customer.accounting.update_invoice(
            customer.tenant,
            invoice.invoice_id,
            Invoices(invoices=[Invoice(status="VOIDED")]),
        )

    assert "has a payment or credit note allocated" in str(refused.value.error_data)
