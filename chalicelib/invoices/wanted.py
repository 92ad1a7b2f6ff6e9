"""What somebody asks an invoice to be made from, as it is kept with the job that makes it."""

import datetime as dt
from decimal import Decimal

import msgspec

from chalicelib.invoices.build import Grouping
from chalicelib.invoices.line import Line, LineAmountTypes
from chalicelib.invoices.model import Basis, SendAs


class NewInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """A wish for one invoice.

    Tracked time needs a client or projects; ``start`` and ``end`` are days, both included, and
    None means open. Blank needs a client, lines and a currency. ``send_as`` is set where the
    invoice is to be sent as soon as it is made.
    """

    basis: Basis
    client_id: str = ""
    project_ids: tuple[str, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None
    grouping: Grouping = Grouping.TASK
    lines: tuple[Line, ...] = ()
    currency: str = ""
    reference: str = ""
    date: dt.date | None = None
    due_date: dt.date | None = None
    line_amount_types: LineAmountTypes | None = None
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    send: bool = False
    send_as: SendAs | None = None
