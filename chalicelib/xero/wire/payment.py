"""Money that reached an invoice: payments, and credit applied to it."""

import datetime as dt
from decimal import Decimal

from chalicelib.xero.wire.base import Wire


class PaidInvoice(Wire, frozen=True):
    """The invoice that a payment names."""

    invoice_id: str = ""
    invoice_number: str = ""
    type: str = ""


class PaymentAccount(Wire, frozen=True):
    """Where the money went."""

    account_id: str = ""
    code: str = ""


class Payment(Wire, frozen=True):
    """A payment; one that was taken back has the status DELETED.

    Inside an invoice Xero leaves out ``status`` and ``invoice``: those listed there stand.
    """

    payment_id: str = ""
    date: dt.date | None = None
    amount: Decimal | None = None
    bank_amount: Decimal | None = None
    currency_rate: Decimal | None = None
    reference: str = ""
    status: str = ""
    payment_type: str = ""
    is_reconciled: bool = False
    invoice: PaidInvoice | None = None
    account: PaymentAccount | None = None
    updated_date_utc: dt.datetime | None = None


class CreditNoteApplied(Wire, frozen=True):
    """The part of a credit note that an invoice took up."""

    credit_note_id: str = ""
    credit_note_number: str = ""
    date: dt.date | None = None
    total: Decimal | None = None
    applied_amount: Decimal | None = None


class PrepaymentApplied(Wire, frozen=True):
    """The part of a prepayment that an invoice took up."""

    prepayment_id: str = ""
    date: dt.date | None = None
    total: Decimal | None = None
    applied_amount: Decimal | None = None


class OverpaymentApplied(Wire, frozen=True):
    """The part of an overpayment that an invoice took up."""

    overpayment_id: str = ""
    date: dt.date | None = None
    total: Decimal | None = None
    applied_amount: Decimal | None = None
