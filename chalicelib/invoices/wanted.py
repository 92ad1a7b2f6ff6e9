"""What somebody asks an invoice to be made from, as it is kept with the job that makes it."""

import datetime as dt
from decimal import Decimal

import msgspec

from chalicelib.invoices.build import AS_TRACKED, Grouping, Rounding, Style
from chalicelib.invoices.line import Line, LineAmountTypes
from chalicelib.invoices.model import Basis, InvoiceKind, SendAs
from chalicelib.invoices.portions import Portion


class Deduct(msgspec.Struct, frozen=True):
    """A deposit to be taken off; ``amount`` None: as much of it as the invoice can take."""

    deposit_id: str
    amount: Decimal | None = None


class NewInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """A wish for one invoice.

    Tracked time and projects need a client or projects; ``start`` and ``end`` are days, both
    included, and None means open. A project bills its time and, with ``materials``, those too;
    ``phase_ids`` leave out other phases. One with a fixed price bills a portion of it, what is
    left unless told, and covers its time by that. The other bases need a client, lines and a
    currency.

    ``seen`` is how many pieces of work somebody saw before asking. ``send`` has the invoice sent
    as soon as it is made, with the status ``send_as``; None leaves it to the tenant's settings.
    """

    basis: Basis
    kind: InvoiceKind = InvoiceKind.STANDARD
    client_id: str = ""
    project_ids: tuple[str, ...] = ()
    phase_ids: tuple[str, ...] = ()
    portions: tuple[Portion, ...] = ()
    materials: bool = True
    start: dt.date | None = None
    end: dt.date | None = None
    grouping: Grouping = Grouping.TASK
    rounding: Rounding = AS_TRACKED
    notes: bool | None = None
    lines: tuple[Line, ...] = ()
    deduct: tuple[Deduct, ...] = ()
    currency: str = ""
    reference: str = ""
    date: dt.date | None = None
    due_date: dt.date | None = None
    line_amount_types: LineAmountTypes | None = None
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    seen: int | None = None
    send: bool | None = None
    send_as: SendAs | None = None

    @property
    def of_work(self) -> bool:
        """Whether it bills work of projects rather than lines that are given."""
        return self.basis in {Basis.TRACKED_TIME, Basis.PROJECT}

    @property
    def style(self) -> Style:
        """How time becomes lines."""
        return Style(self.grouping, self.rounding, self.notes)
