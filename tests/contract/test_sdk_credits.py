from datetime import date
from decimal import Decimal

import pytest
import requests
from xero_python.accounting import (
    Allocation,
    Allocations,
    Contact,
    CreditNote,
    CreditNotes,
    Invoice,
    Invoices,
    LineItem,
)
from xero_python.exceptions import AccountingBadRequestException

DAY = date(2026, 3, 5)
LINE = LineItem(description="Work", quantity=2, unit_amount=20, account_code="200")


@pytest.fixture
def invoice(customer):
    """An approved invoice of 46.00."""
    made = Invoice(
        type="ACCREC",
        contact=Contact(name="Boom FM"),
        date=date(2026, 3, 1),
        due_date=date(2026, 3, 20),
        status="AUTHORISED",
        line_items=[LINE],
    )
    return customer.accounting.create_invoices(
        customer.tenant, Invoices(invoices=[made])
    ).invoices[0]


def credit(customer, invoice, **more):
    facts = {
        "type": "ACCRECCREDIT",
        "status": "AUTHORISED",
        "contact": Contact(contact_id=invoice.contact.contact_id),
        "date": DAY,
        "line_items": [LINE],
    }
    made = CreditNotes(credit_notes=[CreditNote(**facts | more)])
    return customer.accounting.create_credit_notes(customer.tenant, made).credit_notes[0]


def allocate(customer, note, invoice, amount):
    spent = Allocation(amount=amount, date=DAY, invoice=Invoice(invoice_id=invoice.invoice_id))
    return customer.accounting.create_credit_note_allocation(
        customer.tenant, note.credit_note_id, Allocations(allocations=[spent])
    ).allocations[0]


def read(customer, invoice):
    return customer.accounting.get_invoice(customer.tenant, invoice.invoice_id).invoices[0]


def test_allocated_note_pays_the_invoice_and_shows_in_it(customer, invoice):
    note = credit(customer, invoice)

    made = allocate(customer, note, invoice, Decimal("46.00"))

    paid = read(customer, invoice)
    again = customer.accounting.get_credit_note(customer.tenant, note.credit_note_id)
    assert (paid.status, paid.amount_credited, paid.amount_due) == ("PAID", Decimal("46.00"), 0)
    assert paid.credit_notes[0].applied_amount == Decimal("46.00")
    assert again.credit_notes[0].status == "PAID"
    assert again.credit_notes[0].allocations[0].allocation_id == made.allocation_id


def test_deleted_allocation_makes_the_invoice_due_again(customer, invoice):
    note = credit(customer, invoice)
    made = allocate(customer, note, invoice, Decimal("6.00"))

    answer = requests.delete(
        f"{customer.line.url}/api.xro/2.0/CreditNotes/{note.credit_note_id}"
        f"/Allocations/{made.allocation_id}",
        headers={
            "Authorization": f"Bearer {customer.tokens['access_token']}",
            "xero-tenant-id": customer.tenant,
            "Accept": "application/json",
        },
        timeout=10,
    )

    assert answer.json()["IsDeleted"] is True
    assert read(customer, invoice).amount_due == Decimal("46.00")


def test_allocating_too_much_is_refused(customer, invoice):
    note = credit(customer, invoice)

    with pytest.raises(AccountingBadRequestException) as refused:
        allocate(customer, note, invoice, Decimal("46.01"))

    assert "remaining credit" in str(refused.value.error_data)


def test_note_is_changed_voided_and_listed(customer, invoice):
    note = credit(customer, invoice, status="DRAFT", reference="First")
    wanted = CreditNotes(credit_notes=[CreditNote(reference="Second", status="AUTHORISED")])
    customer.accounting.update_credit_note(customer.tenant, note.credit_note_id, wanted)

    found = customer.accounting.get_credit_notes(
        customer.tenant, where='Status=="AUTHORISED"', page=1
    )
    voided = customer.accounting.update_credit_note(
        customer.tenant,
        note.credit_note_id,
        CreditNotes(credit_notes=[CreditNote(status="VOIDED")]),
    )

    assert [(n.reference, n.remaining_credit) for n in found.credit_notes] == [
        ("Second", Decimal("46.00"))
    ]
    assert voided.credit_notes[0].status == "VOIDED"


@pytest.mark.parametrize("kind", ["prepayment", "overpayment"])
def test_money_in_advance_is_read_and_shows_in_the_invoice(customer, invoice, kind):
    order = f"{customer.line.url}/_control/organisations/{customer.tenant}/invoices"
    answer = requests.post(
        f"{order}/{invoice.invoice_id}/{kind}", json={"amount": "50.00"}, timeout=10
    )
    answer.raise_for_status()

    listed = getattr(customer.accounting, f"get_{kind}s")(customer.tenant, page=1)
    found = getattr(listed, f"{kind}s")[0]

    paid = read(customer, invoice)
    assert (found.total, found.remaining_credit) == (Decimal("50.00"), Decimal("4.00"))
    assert found.type == f"RECEIVE-{kind.upper()}"
    assert getattr(paid, f"{kind}s")[0].applied_amount == Decimal("46.00")
    assert paid.status == "PAID"
