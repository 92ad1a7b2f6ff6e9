"""What a person does in Xero to one of our invoices; what Xero refuses is not done."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from local.xero.books.errors import Refused
from tests.invoices.fault_lab import Lab

Record = dict[str, Any]
KEPT = ("LineItemID", "Description", "Quantity", "AccountCode", "TaxType")
BEHIND = timedelta(seconds=100)


def renumber(lab: Lab, document: Record, which: int) -> None:
    number = f"MINE-{which}{len(lab.ledger.invoices.all())}"
    lab.ledger.edit(document["InvoiceID"], InvoiceNumber=number)


def reword(lab: Lab, document: Record, which: int) -> None:
    with out_of_order(lab):
        lab.ledger.edit(document["InvoiceID"], Reference=f"Re {which}")


def reprice(lab: Lab, document: Record, _which: int) -> None:
    line = document["LineItems"][0]
    priced = {**{name: line[name] for name in KEPT}, "UnitAmount": Decimal("7.77")}
    lab.ledger.edit(document["InvoiceID"], LineItems=[priced])


def void(lab: Lab, document: Record, _which: int) -> None:
    lab.ledger.void(document["InvoiceID"])


def delete(lab: Lab, document: Record, _which: int) -> None:
    lab.ledger.delete(document["InvoiceID"])


def pay(lab: Lab, document: Record, which: int) -> None:
    with out_of_order(lab):
        lab.ledger.pay(document["InvoiceID"], half_due(document, which), lab.ledger.today())


def unpay(lab: Lab, document: Record, _which: int) -> None:
    for payment in list(document["Payments"]):
        lab.ledger.delete_payment(payment["PaymentID"])


def credit(lab: Lab, document: Record, which: int) -> None:
    with out_of_order(lab):
        lab.ledger.credit(document["InvoiceID"], half_due(document, which), lab.ledger.today())


def prepay(lab: Lab, document: Record, which: int) -> None:
    _receive(lab, "prepayment", document, which)


def overpay(lab: Lab, document: Record, which: int) -> None:
    _receive(lab, "overpayment", document, which)


def take_back(lab: Lab, document: Record, _which: int) -> None:
    """What was paid ahead is due again; credit notes, which may be ours, stay."""
    for one in list(document["allocations"]):
        if "CreditNote" not in one:
            lab.ledger.take_back_credit(document["InvoiceID"], one["AllocationID"])


def half_due(document: Record, which: int) -> Decimal | None:
    """Half of what is due, or None for all of it."""
    return (document["AmountDue"] / 2).quantize(Decimal("0.01")) if which % 2 else None


def _receive(lab: Lab, kind: str, document: Record, which: int) -> None:
    amount = half_due(document, which) or document["AmountDue"] + 5
    today = lab.ledger.today()
    with out_of_order(lab):
        lab.ledger.receive(kind, document["InvoiceID"], amount, today, allocate=True)


ACTS: dict[str, Callable[[Lab, Record, int], None]] = {
    act.__name__: act
    for act in (
        renumber, reword, reprice, void, delete,
        pay, unpay, credit, prepay, overpay, take_back,
    )
}  # fmt: skip


def act(lab: Lab, what: str, invoice_id: str, which: int) -> None:
    """Do it to every document that bears this invoice's address."""
    for document in lab.documents(invoice_id):
        with contextlib.suppress(Refused):
            ACTS[what](lab, document, which)


def take_number(lab: Lab, number: str) -> None:
    """Somebody else's document gets a number that one of ours has, or soon will."""
    sent = {
        "Type": "ACCREC",
        "Contact": {"ContactID": lab.ledger.contacts.all()[0]["ContactID"]},
        "InvoiceNumber": number,
        "LineItems": [{"Description": "Other", "Quantity": Decimal(1), "UnitAmount": Decimal(1)}],
    }
    with contextlib.suppress(Refused):
        lab.ledger.invoices.create(sent, 4)


@contextlib.contextmanager
def out_of_order(lab: Lab):
    """A change becomes visible a while after the moment that Xero notes for it."""
    lab.ledger.backdate(lab.aws.clock.now() - BEHIND)
    try:
        yield
    finally:
        lab.ledger.backdate(None)
