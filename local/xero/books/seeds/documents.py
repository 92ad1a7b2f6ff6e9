"""The invoices and payments a demo company already has."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from local.xero.books.records import Record, seeded_id
from local.xero.books.seeds.people import CUSTOMERS, SUPPLIERS

if TYPE_CHECKING:
    from local.xero.books.books import Books

# Kind, status, lines of (description, quantity, unit price), share paid.
_DOCUMENTS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...], str], ...] = (
    ("ACCREC", "AUTHORISED", (("Consulting services", "10", "95.00"),), "1"),
    ("ACCREC", "AUTHORISED", (("Desktop/network support", "3", "500.00"),), "0.5"),
    ("ACCREC", "AUTHORISED", (("Monthly retainer", "1", "1350.00"),), "0"),
    (
        "ACCREC",
        "AUTHORISED",
        (("Design", "25.0600", "1.00"), ("Build", "1", "25.61"), ("Test", "1", "25.63")),
        "0",
    ),
    ("ACCREC", "SUBMITTED", (("Fish out of Water: advice", "2", "19.95"),), "0"),
    ("ACCREC", "DRAFT", (("Project management", "7.5", "120.00"),), "0"),
    ("ACCREC", "AUTHORISED", (("Half day training", "1", "500.00"),), "1"),
    ("ACCPAY", "AUTHORISED", (("Office cleaning", "1", "120.00"),), "0"),
    ("ACCPAY", "AUTHORISED", (("Taxi fares", "1", "48.30"),), "1"),
    ("ACCPAY", "DRAFT", (("Printer paper", "4", "12.50"),), "0"),
)


def write_documents(books: "Books", name: str, accounts: dict[str, str], now: datetime) -> None:
    """Enters the documents and their payments on days before `now`."""
    for index, (kind, status, lines, paid) in enumerate(_DOCUMENTS):
        books.backdate(now - timedelta(days=40 - 3 * index))
        sent = {
            **_header(books, index, kind, status),
            "LineItems": _lines(lines, accounts["sales" if kind == "ACCREC" else "expense"]),
        }
        saved = books.invoices.create(sent, 4, invoice_id=seeded_id(name, "invoice", str(index)))
        if Decimal(paid):
            payment = _payment(books, saved.invoice, Decimal(paid), accounts["bank"])
            payment_id = seeded_id(name, "payment", str(index))
            books.payments.create(payment, payment_id=payment_id)


def _header(books: "Books", index: int, kind: str, status: str) -> Record:
    names = CUSTOMERS if kind == "ACCREC" else SUPPLIERS
    day = books.today()
    return {
        "Type": kind,
        "Status": status,
        "Contact": {"Name": names[index % len(names)]},
        "Date": day,
        "DueDate": day + timedelta(days=14),
        "Reference": f"P/O {9700 + index}" if kind == "ACCREC" else "",
    }


def _lines(lines: tuple[tuple[str, str, str], ...], account: str) -> list[Record]:
    return [
        {
            "Description": description,
            "Quantity": Decimal(quantity),
            "UnitAmount": Decimal(unit),
            "AccountCode": account,
        }
        for description, quantity, unit in lines
    ]


def _payment(books: "Books", invoice: Record, share: Decimal, bank: str) -> Record:
    books.backdate(books.stamp() + timedelta(days=2))
    return {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": bank},
        "Amount": invoice["Total"] * share,
        "Date": books.today(),
        "Reference": "Bank transfer",
    }
