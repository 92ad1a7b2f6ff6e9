"""An invoice, the states it goes through, and the moves between them that are legal."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from chalicelib.errors import Conflict
from chalicelib.invoices.line import NOTHING, ZERO, Line, LineAmountTypes, Totals
from chalicelib.invoices.mirror import Mirror


class Basis(StrEnum):
    """What an invoice is made from."""

    TRACKED_TIME = "tracked_time"
    PROJECT = "project"
    FIXED_DATES = "fixed_dates"
    BLANK = "blank"
    COPY = "copy"
    TEMPLATE = "template"


class InvoiceKind(StrEnum):
    """What an invoice is for: work, or money that later invoices take off again."""

    STANDARD = "standard"
    DEPOSIT = "deposit"


class SendAs(StrEnum):
    """The status in which an invoice arrives in Xero."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    AUTHORISED = "AUTHORISED"


class InvoiceState(StrEnum):
    """Where an invoice stands here; ``sent`` is the end, and Xero's own status goes on from it.

    ``uncertain`` means that Xero may have it: nothing is repeated before it is looked up.
    """

    BUILDING = "building"
    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    FAILED = "failed"
    DISCARDING = "discarding"
    DISCARDED = "discarded"


S = InvoiceState
MOVES: Mapping[InvoiceState, frozenset[InvoiceState]] = {
    S.BUILDING: frozenset({S.DRAFT, S.DISCARDING}),
    S.DRAFT: frozenset({S.DRAFT, S.QUEUED, S.SENDING, S.FAILED, S.DISCARDING}),
    S.QUEUED: frozenset({S.SENDING, S.FAILED}),
    S.SENDING: frozenset({S.SENT, S.FAILED, S.UNCERTAIN, S.QUEUED}),
    S.UNCERTAIN: frozenset({S.SENT, S.FAILED, S.UNCERTAIN}),
    S.FAILED: frozenset({S.DRAFT, S.QUEUED, S.SENDING, S.FAILED, S.SENT, S.DISCARDING}),
    S.SENT: frozenset({S.SENT}),
    S.DISCARDING: frozenset({S.DISCARDED}),
    S.DISCARDED: frozenset(),
}

STOPPED = "stopped"
"""The code of the problem that somebody's "stop" leaves on an invoice in doubt."""

SENDABLE = frozenset({S.DRAFT, S.QUEUED, S.FAILED})
EDITABLE = frozenset({S.DRAFT, S.FAILED})
UNSETTLED = frozenset({S.SENDING, S.UNCERTAIN})
DISCARDABLE = frozenset({S.BUILDING, S.DRAFT, S.FAILED, S.DISCARDING})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that stands in the way, with the place that mends it.

    ``said`` holds Xero's own words where it was Xero that refused; ``line`` counts from 1;
    ``place`` is a path of ours. A problem that is not ``blocking`` is worth a look only.
    """

    code: str
    sentence: str
    field: str = ""
    place: str = ""
    line: int | None = None
    said: str = ""
    correlation_id: str = ""
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Drift:
    """That Xero has the invoice otherwise than it is here, in so many fields.

    ``seen`` tells these very differences from others; what they are is kept beside the invoice.
    ``ignored`` is the reason why somebody lets them be, ``ignored_by`` who that was.
    """

    seen: str
    fields: int
    noticed_at: dt.datetime
    ignored: str = ""
    ignored_by: str = ""
    ignored_at: dt.datetime | None = None

    @property
    def open(self) -> bool:
        """Whether nobody has said yet what is to become of it."""
        return not self.ignored


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice. What Xero gets is frozen when it is sent: lines, number, contact, address.

    ``version`` counts its stored changes. ``call_id`` names the call to Xero that is open for
    it, ``sent_at`` is when it was last begun to be sent. ``records`` counts its time records,
    ``materials`` its materials; ``project_ids`` are the projects that it was made for, and
    ``deposit`` is what later invoices may take off of one. ``released`` says that an invoice that
    has ended gave back what it held.
    ``organisation_id`` is whose books it is made for and goes to, and no other's; a draft made
    before the first connection has none.
    ``drift`` says that Xero has it otherwise; ``sent_parts`` counts the parts in which it is kept
    as it was sent, none while it is still the same here.
    A discount on the whole is a percentage or an amount, never both. ``line_ids`` counts the ids
    ever given to lines. ``edited_by`` names who changed it last, by hand. ``xero_line_ids`` are
    Xero's own ids of the lines, in their order, where there are not too many. ``credited`` is
    what credit notes made from here come to. Of one that has ended, ``redraft_id`` is the fresh
    draft that was made of it, and ``left_because`` why somebody left it as it is.
    ``credits_lost`` counts the credit notes made from here that somebody took back in Xero, until
    a person says what becomes of that.
    """

    invoice_id: str
    client_id: str
    client_name: str
    basis: Basis
    state: InvoiceState
    currency: str
    date: dt.date
    due_date: dt.date
    created_at: dt.datetime
    created_by: str = ""
    line_amount_types: LineAmountTypes = LineAmountTypes.EXCLUSIVE
    reference: str = ""
    lines: tuple[Line, ...] = ()
    totals: Totals = NOTHING
    records: int = 0
    number: str = ""
    former_numbers: tuple[str, ...] = ()
    send_as: SendAs = SendAs.AUTHORISED
    contact_id: str = ""
    url: str = ""
    organisation_id: str = ""
    call_id: str = ""
    sent_at: dt.datetime | None = None
    problems: tuple[Problem, ...] = ()
    mirror: Mirror | None = None
    version: int = 0
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    line_ids: int = 0
    edited_by: str = ""
    edited_at: dt.datetime | None = None
    kind: InvoiceKind = InvoiceKind.STANDARD
    project_ids: tuple[str, ...] = ()
    materials: int = 0
    deposit: Decimal = ZERO
    released: bool = False
    xero_line_ids: tuple[str, ...] = ()
    credited: Decimal = ZERO
    drift: Drift | None = None
    sent_parts: int = 0
    redraft_id: str = ""
    left_because: str = ""
    credits_lost: int = 0

    @property
    def xero_status(self) -> str:
        """Xero's status, or nothing before it is there."""
        return self.mirror.status if self.mirror else ""

    @property
    def taken_back(self) -> bool:
        """Whether nothing is billed by it any more, so that its work may be released.

        A credit note of a paid invoice is spent on none, so that only we know what it is for.
        """
        ours = ZERO < self.totals.total <= self.credited
        return self.mirror is not None and (self.mirror.taken_back or ours)

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped the search for it; nothing is done before it is asked for."""
        return any(problem.code == STOPPED for problem in self.problems)

    @property
    def holds_work(self) -> bool:
        """Whether work, a part of a fixed price or of a deposit is on it."""
        if self.released or self.state is InvoiceState.DISCARDED:
            return False
        others = (line.work for line in self.lines if line.work)
        return bool(self.records or self.materials) or any(
            work.drawn or work.deposit_id for work in others
        )

    @property
    def difference(self) -> Decimal | None:
        """Xero's total less ours where any sum differs; None where all agree."""
        if self.mirror is None or self.mirror.totals == self.totals:
            return None
        return self.mirror.totals.total - self.totals.total

    @property
    def differs(self) -> bool:
        """Whether Xero has it otherwise, and nobody lets that be."""
        return self.drift.open if self.drift else self.difference is not None


def advance(invoice: Invoice, state: InvoiceState, **changes: Any) -> Invoice:
    """The invoice in its next state; raises Conflict when the move is not legal."""
    if state not in MOVES[invoice.state]:
        raise Conflict(f"An invoice that is {invoice.state} cannot become {state}.")
    return replace(invoice, state=state, **changes)
