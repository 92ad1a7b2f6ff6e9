"""Credit notes for an invoice, in full or in part: what each takes back, and how far it has got.

Each is on record before Xero is asked for it, under a number of its own that Xero takes once.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import payload, store, totals
from chalicelib.invoices.calls import KEY_REMEMBERED, UNDER_WAY
from chalicelib.invoices.line import ZERO, Line, Totals
from chalicelib.invoices.mirror import CREDIT_NOTE
from chalicelib.invoices.model import Invoice, Problem
from chalicelib.invoices.rows import InvoiceRow, lines_key
from chalicelib.money import CENT, round_half_up
from chalicelib.storage.rows import Row
from chalicelib.xero.formats import write_json
from chalicelib.xero.wire.credit_note import CreditNote

CREDIT = "credit#"
SALES_CREDIT = "ACCRECCREDIT"
LONGEST = 90_000
ONE = Decimal(1)
NOTHING_LEFT = "Nothing is left of this invoice that could be credited."


class CreditState(StrEnum):
    """Where a credit note stands.

    ``asked`` is before Xero was asked; ``writing`` may be in Xero; ``noted`` is there, and not
    spent on the invoice yet; ``done`` is the end, and ``refused`` too, of one that never was.
    ``voided`` was done, and then voided or deleted in Xero.
    """

    ASKED = "asked"
    WRITING = "writing"
    NOTED = "noted"
    DONE = "done"
    REFUSED = "refused"
    VOIDED = "voided"

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self in {CreditState.ASKED, CreditState.WRITING, CreditState.NOTED}

    @property
    def counts(self) -> bool:
        """Whether it takes anything back of the invoice, or soon will."""
        return self not in {CreditState.REFUSED, CreditState.VOIDED}


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note for an invoice; ``place`` counts those of the invoice, from 1.

    ``amounts`` is what it takes back of each line, by our line's id, and ``allocated`` what of it
    is spent on the invoice. ``whole`` says that it takes back all that was left. With ``release``
    the work is unbilled again: all of it, or ``work_ids`` where it is a part. The key and the
    four after it are as in a ``Call``.
    """

    invoice_id: str
    place: int
    number: str
    reference: str
    reason: str
    date: dt.date
    lines: tuple[Line, ...]
    amounts: dict[str, Decimal]
    totals: Totals
    whole: bool
    release: bool
    asked_by: str
    asked_at: dt.datetime
    work_ids: tuple[str, ...] = ()
    state: CreditState = CreditState.ASKED
    credit_note_id: str = ""
    allocated: Decimal = ZERO
    problems: tuple[Problem, ...] = ()
    key: str = ""
    key_used_at: dt.datetime | None = None
    last_tried_at: dt.datetime | None = None
    tries: int = 0
    remembered: bool = False
    version: int = 0

    @property
    def quiet_at(self) -> dt.datetime:
        """From when on no attempt can still be on its way to Xero."""
        return (self.last_tried_at or self.asked_at) + UNDER_WAY

    def same_key_may_serve(self, now: dt.datetime) -> bool:
        """Whether Xero still remembers the key, and no error under it."""
        fresh = self.key_used_at is not None and now - self.key_used_at < KEY_REMEMBERED
        return fresh and not self.remembered


class CreditRow(Row):
    """A credit note of an invoice; pk is tenant and invoice.

    Its id in Xero is in the index in which invoices are found by theirs.
    """

    table = "invoices"

    class Meta:
        pass

    version = NumberAttribute()
    text = UnicodeAttribute()
    xero_invoice_id = UnicodeAttribute(null=True)


def left_of(invoice: Invoice, before: Sequence[Credit]) -> dict[str, Decimal]:
    """What may still be credited of each line, by its id; without those of which nothing is."""
    taken: dict[str, Decimal] = {}
    for credit in before:
        if credit.state.counts:
            for line_id, amount in credit.amounts.items():
                taken[line_id] = taken.get(line_id, ZERO) + amount
    found = {
        line.line_id: totals.line_amount(line) - taken.get(line.line_id, ZERO)
        for line in invoice.lines
        if not line.text_only
    }
    return {line_id: amount for line_id, amount in found.items() if amount}


def lines_of(
    invoice: Invoice, before: Sequence[Credit], amounts: Mapping[str, Decimal] | None
) -> tuple[tuple[Line, ...], dict[str, Decimal], Totals]:
    """The lines of a credit note, what it takes back of each line, and its sums.

    With ``amounts`` None all that is left. A credit note has no discounts, so that a line with
    one, or a part of a line, is one piece at its amount. Raises InvalidInput for more than is
    left of a line or of the invoice.
    """
    left = left_of(invoice, before)
    wanted = dict(left) if amounts is None else {k: v for k, v in amounts.items() if v}
    if not wanted:
        raise InvalidInput(NOTHING_LEFT if not left else "Say what to credit.", field="lines")
    for line_id, amount in wanted.items():
        _check(line_id, amount, left)
    lines = tuple(
        _line(line, wanted[line.line_id]) for line in invoice.lines if line.line_id in wanted
    )
    sums = totals.add_up(lines, invoice.line_amount_types)
    if sums.total <= 0:
        raise InvalidInput("A credit note comes to more than nothing.", field="lines")
    if sums.total > remaining(invoice, before):
        raise InvalidInput("This is more than is left of the invoice.", field="lines")
    return lines, wanted, sums


def remaining(invoice: Invoice, before: Sequence[Credit]) -> Decimal:
    """How much of an invoice no credit note takes back, those made in Xero counted too."""
    ours = [one for one in before if one.state.counts]
    known = {one.credit_note_id for one in ours}
    ledger = invoice.mirror.ledger if invoice.mirror else ()
    others = [e.amount for e in ledger if e.kind == CREDIT_NOTE and e.entry_id not in known]
    return invoice.totals.total - sum((one.totals.total for one in ours), sum(others, ZERO))


def body(credit: Credit, invoice: Invoice) -> bytes:
    """The body of the call, for the same contact, currency, accounts, taxes and tracking."""
    like = replace(invoice, lines=credit.lines, number=credit.number, reference=credit.reference)
    document = payload.document(like)
    same = ("Contact", "Reference", "LineAmountTypes", "CurrencyCode", "LineItems")
    tree = {
        "Type": SALES_CREDIT,
        "CreditNoteNumber": credit.number,
        "Date": credit.date.isoformat(),
        "Status": "AUTHORISED",
        **{name: document[name] for name in same},
    }
    return write_json({"CreditNotes": [tree]})


def of_invoice(tenant_id: str, invoice_id: str) -> list[Credit]:
    """The credit notes of an invoice, in the order they were asked for; consistent."""
    rows = CreditRow.query(
        lines_key(tenant_id, invoice_id), CreditRow.sk.startswith(CREDIT), consistent_read=True
    )
    return [_credit(row) for row in rows]


def whose(tenant_id: str, credit_note_id: str) -> str | None:
    """The invoice for which a credit note of Xero's was made from here; None for any other."""
    for row in InvoiceRow.xero.query(credit_note_id):
        tenant, _, invoice_id = str(row.pk).rpartition("#")
        if tenant == tenant_id and str(row.sk).startswith(CREDIT):
            return invoice_id
    return None


def spent_on(note: CreditNote, xero_invoice_id: str) -> Decimal:
    """How much of a credit note is spent on this invoice in Xero."""
    found = (one for one in note.allocations if one.invoice)
    ours = [one for one in found if one.invoice and one.invoice.invoice_id == xero_invoice_id]
    return sum((one.amount or ZERO for one in ours), ZERO)


def save(tenant_id: str, credit: Credit) -> Credit:
    """Store a credit note as it stands; raises Conflict when it is no longer what was read."""
    stored, row = _next(tenant_id, credit)
    try:
        row.save(condition=CreditRow.version == credit.version)
    except PutError as error:
        if error.cause_response_code == store.REFUSED:
            raise Conflict(store.CHANGED) from None
        raise
    return stored


def add_in(transaction: TransactWrite, tenant_id: str, credit: Credit) -> None:
    """Add a new one to a transaction, which fails where somebody else had its place."""
    _, row = _next(tenant_id, credit)
    transaction.save(row, condition=CreditRow.pk.does_not_exist())


def save_in(transaction: TransactWrite, tenant_id: str, credit: Credit) -> Credit:
    """Add a change to a transaction, which fails where ``save`` raises."""
    stored, row = _next(tenant_id, credit)
    transaction.save(row, condition=CreditRow.version == credit.version)
    return stored


def _next(tenant_id: str, credit: Credit) -> tuple[Credit, CreditRow]:
    stored = replace(credit, version=credit.version + 1)
    text = msgspec.json.encode(stored).decode()
    if len(text) > LONGEST:
        raise InvalidInput(
            "This is too long for one credit note from here. Credit fewer lines at a time.",
            field="lines",
        )
    row = CreditRow(lines_key(tenant_id, credit.invoice_id), f"{CREDIT}{credit.place:03d}")
    row.version, row.text = stored.version, text
    row.xero_invoice_id = stored.credit_note_id or None
    return stored, row


def _credit(row: Any) -> Credit:
    found: Credit = msgspec.json.decode(row.text, type=Credit)
    return replace(found, version=int(row.version))


def _check(line_id: str, amount: Decimal, left: Mapping[str, Decimal]) -> None:
    most = left.get(line_id)
    if most is None:
        raise InvalidInput("Nothing is left of this line, or it is not there.", field="lines")
    if amount != round_half_up(amount, CENT):
        raise InvalidInput("An amount has at most 2 decimals.", field="lines")
    if not min(ZERO, most) <= amount <= max(ZERO, most):
        raise InvalidInput(f"Between 0.00 and {most:,.2f} is left of this line.", field="lines")


def _line(line: Line, amount: Decimal) -> Line:
    bare = replace(line, work=None, discount_percent=None, discount_amount=None)
    if totals.line_amount(bare) == amount:
        return bare
    return replace(bare, quantity=ONE, unit_price=amount)
