"""A sales invoice as Xero holds it."""

import datetime as dt
from decimal import Decimal

from chalicelib.xero.wire.base import Wire
from chalicelib.xero.wire.payment import (
    CreditNoteApplied,
    OverpaymentApplied,
    Payment,
    PrepaymentApplied,
)

NO_AMOUNT = Decimal(0)


class InvoiceContact(Wire, frozen=True):
    """Who is billed, as far as an invoice repeats it."""

    contact_id: str = ""
    contact_number: str = ""
    name: str = ""
    contact_status: str = ""


class LineTracking(Wire, frozen=True):
    """The option of one tracking category that a line is filed under."""

    tracking_category_id: str = ""
    tracking_option_id: str = ""
    name: str = ""
    option: str = ""


class LineItem(Wire, frozen=True):
    """A line; ``discount_rate`` is in percent, ``unit_amount`` at four decimals."""

    line_item_id: str = ""
    description: str = ""
    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    item_code: str = ""
    account_code: str = ""
    account_id: str = ""
    tax_type: str = ""
    tax_amount: Decimal | None = None
    line_amount: Decimal | None = None
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    tracking: tuple[LineTracking, ...] = ()


class Invoice(Wire, frozen=True):
    """An invoice; ``line_items`` is empty in answers that Xero gives without lines."""

    invoice_id: str = ""
    type: str = ""
    invoice_number: str = ""
    reference: str = ""
    url: str = ""
    status: str = ""
    contact: InvoiceContact = InvoiceContact()
    date: dt.date | None = None
    due_date: dt.date | None = None
    expected_payment_date: dt.date | None = None
    fully_paid_on_date: dt.date | None = None
    line_amount_types: str = ""
    line_items: tuple[LineItem, ...] = ()
    currency_code: str = ""
    currency_rate: Decimal | None = None
    branding_theme_id: str = ""
    sub_total: Decimal | None = None
    total_tax: Decimal | None = None
    total: Decimal | None = None
    total_discount: Decimal | None = None
    amount_due: Decimal | None = None
    amount_paid: Decimal = NO_AMOUNT
    amount_credited: Decimal = NO_AMOUNT
    sent_to_contact: bool = False
    has_attachments: bool = False
    payments: tuple[Payment, ...] = ()
    credit_notes: tuple[CreditNoteApplied, ...] = ()
    prepayments: tuple[PrepaymentApplied, ...] = ()
    overpayments: tuple[OverpaymentApplied, ...] = ()
    updated_date_utc: dt.datetime | None = None
