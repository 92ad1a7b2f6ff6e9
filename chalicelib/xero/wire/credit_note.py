"""A credit note as Xero holds it, and what of it is spent on which invoice."""

import datetime as dt
from decimal import Decimal

from chalicelib.xero.wire.base import Wire
from chalicelib.xero.wire.invoice import InvoiceContact
from chalicelib.xero.wire.payment import PaidInvoice


class Allocation(Wire, frozen=True):
    """A part of a credit note that is spent on an invoice."""

    allocation_id: str = ""
    amount: Decimal | None = None
    date: dt.date | None = None
    invoice: PaidInvoice | None = None


class CreditNote(Wire, frozen=True):
    """A credit note; ``remaining_credit`` is what is spent on no invoice and not paid out."""

    credit_note_id: str = ""
    credit_note_number: str = ""
    type: str = ""
    status: str = ""
    reference: str = ""
    contact: InvoiceContact = InvoiceContact()
    date: dt.date | None = None
    currency_code: str = ""
    sub_total: Decimal | None = None
    total_tax: Decimal | None = None
    total: Decimal | None = None
    remaining_credit: Decimal | None = None
    allocations: tuple[Allocation, ...] = ()
    updated_date_utc: dt.datetime | None = None
