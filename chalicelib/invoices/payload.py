"""The exact body that Xero gets: the same bytes from the same frozen invoices, every time."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Invoice
from chalicelib.money import CENT, FOUR_PLACES, round_half_up
from chalicelib.xero.formats import write_json

SALES_INVOICE = "ACCREC"


def body(invoices: Sequence[Invoice]) -> bytes:
    """The body of one call for these invoices in this order; amounts are JSON numbers."""
    return write_json({"Invoices": [document(invoice) for invoice in invoices]})


def body_hash(content: bytes) -> str:
    """The SHA-256 of a body, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def document(invoice: Invoice) -> dict[str, Any]:
    """One invoice as Xero takes it.

    The contact is named by its id alone: any other field would change the contact. No tax
    amount is sent, so that Xero works it out itself, as its certification asks.
    """
    tree: dict[str, Any] = {
        "Type": SALES_INVOICE,
        "Contact": {"ContactID": invoice.contact_id},
        "InvoiceNumber": invoice.number,
        "Reference": invoice.reference,
        "Url": invoice.url,
        "Date": invoice.date.isoformat(),
        "DueDate": invoice.due_date.isoformat(),
        "LineAmountTypes": invoice.line_amount_types.value,
        "CurrencyCode": invoice.currency,
        "Status": invoice.send_as.value,
        "LineItems": [_line(line) for line in invoice.lines],
    }
    return {name: value for name, value in tree.items() if value != ""}


def _line(line: Line) -> Mapping[str, Any]:
    if line.quantity is None:
        return {"Description": line.description}
    tree: dict[str, Any] = {
        "Description": line.description,
        "Quantity": round_half_up(line.quantity, FOUR_PLACES),
        "UnitAmount": round_half_up(line.unit_price, FOUR_PLACES),
        "AccountCode": line.account_code,
        "TaxType": line.tax_type,
    }
    tree.update(_discount(line))
    if line.tracking:
        tree["Tracking"] = [
            {"TrackingCategoryID": entry.category_id, "TrackingOptionID": entry.option_id}
            for entry in line.tracking
        ]
    return {name: value for name, value in tree.items() if value != ""}


def _discount(line: Line) -> Mapping[str, Decimal]:
    if line.discount_percent is not None:
        return {"DiscountRate": round_half_up(line.discount_percent, CENT)}
    if line.discount_amount is not None:
        return {"DiscountAmount": round_half_up(line.discount_amount, CENT)}
    return {}
