"""A month's invoices here beside those in Xero: how they stand, their sums, and what differs."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum

from chalicelib.invoices.line import ZERO
from chalicelib.invoices.mirror import ENDED, XeroStatus
from chalicelib.invoices.model import Invoice, InvoiceState
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice

UNAPPROVED = frozenset({XeroStatus.DRAFT.value, XeroStatus.SUBMITTED.value})


class Standing(StrEnum):
    """How an invoice stands at the end of its month."""

    NOT_SENT = "not_sent"
    UNCERTAIN = "uncertain"
    IN_DRAFT = "in_draft"
    UNPAID = "unpaid"
    PART_PAID = "part_paid"
    PAID = "paid"
    VOIDED = "voided"
    DELETED = "deleted"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Sums:
    """What one or more invoices come to, in one currency."""

    net: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO
    paid: Decimal = ZERO
    credited: Decimal = ZERO
    due: Decimal = ZERO

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, one) + getattr(other, one) for one in SUMS))

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, one) - getattr(other, one) for one in SUMS))


SUMS = tuple(one.name for one in fields(Sums))
NONE = Sums()


@dataclass(frozen=True, slots=True)
class Ours:
    """An invoice of the month as it is here; ``counts`` where Xero must have it just so."""

    invoice_id: str
    number: str
    client: str
    date: dt.date
    due_date: dt.date
    standing: Standing
    currency: str
    sums: Sums
    xero_id: str
    differs: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Theirs:
    """A sales invoice of the month as Xero has it; ``ours`` where it bears our address."""

    xero_id: str
    number: str
    contact: str
    status: str
    currency: str
    sums: Sums
    ours: bool

    @property
    def counts(self) -> bool:
        """Whether it is neither voided nor deleted."""
        return self.status not in ENDED


@dataclass(slots=True)
class Control:
    """The sums of a currency, here and in Xero, and of what Xero has from elsewhere."""

    currency: str
    here: Sums = NONE
    in_xero: Sums = NONE
    elsewhere: Sums = NONE
    invoices: int = 0
    from_elsewhere: int = 0

    @property
    def apart(self) -> Sums:
        """What Xero has more than is here."""
        return self.in_xero - self.here


@dataclass(frozen=True, slots=True)
class Apart:
    """One invoice that is not the same on both sides, and what Xero has more of it.

    ``invoice_id`` is empty for one that is not among the month's here.
    """

    invoice_id: str
    number: str
    what: str
    currency: str
    sums: Sums


@dataclass(slots=True)
class Reckoning:
    """All of it; the sums of ``apart`` are the differences of ``controls``."""

    counts: dict[str, int] = field(default_factory=dict)
    controls: list[Control] = field(default_factory=list)
    apart: list[Apart] = field(default_factory=list)


def ours(invoice: Invoice, organisation_id: str) -> Ours:
    """The invoice for the books of this organisation."""
    mirror, sums = invoice.mirror, invoice.totals
    standing = standing_of(invoice)
    return Ours(
        invoice_id=invoice.invoice_id,
        number=invoice.number,
        client=invoice.client_name,
        date=invoice.date,
        due_date=invoice.due_date,
        standing=standing,
        currency=invoice.currency,
        sums=Sums(
            sums.sub_total,
            sums.total_tax,
            sums.total,
            mirror.amount_paid if mirror else ZERO,
            mirror.amount_credited if mirror else ZERO,
            mirror.amount_due if mirror else ZERO,
        ),
        xero_id=mirror.xero_invoice_id if mirror else "",
        differs=invoice.differs,
        counts=mirror is not None
        and not mirror.ended
        and invoice.organisation_id == organisation_id,
    )


def theirs(record: XeroInvoice, address: str) -> Theirs:
    """The record; ``address`` is what the address of our invoices begins with."""
    return Theirs(
        xero_id=record.invoice_id,
        number=record.invoice_number,
        contact=record.contact.name,
        status=record.status,
        currency=record.currency_code,
        sums=Sums(
            record.sub_total or ZERO,
            record.total_tax or ZERO,
            record.total or ZERO,
            record.amount_paid,
            record.amount_credited,
            record.amount_due or ZERO,
        ),
        ours=record.url.startswith(address),
    )


def standing_of(invoice: Invoice) -> Standing:
    """How it stands, by Xero's own amounts."""
    mirror = invoice.mirror
    if mirror is None:
        return {
            InvoiceState.DISCARDED: Standing.DISCARDED,
            InvoiceState.UNCERTAIN: Standing.UNCERTAIN,
        }.get(invoice.state, Standing.NOT_SENT)
    if mirror.ended:
        voided = mirror.status == XeroStatus.VOIDED
        return Standing.VOIDED if voided else Standing.DELETED
    if mirror.status in UNAPPROVED:
        return Standing.IN_DRAFT
    if mirror.status == XeroStatus.PAID:
        return Standing.PAID
    got = mirror.amount_paid + mirror.amount_credited
    return Standing.PART_PAID if got else Standing.UNPAID


def reckon(here: Sequence[Ours], there: Iterable[Theirs] | None) -> Reckoning:
    """Both sides of a month; None where Xero was not asked."""
    made, controls = Reckoning(), Controls()
    left = dict[str, Ours]()
    for one in here:
        made.counts[one.standing] = made.counts.get(one.standing, 0) + 1
        if one.counts:
            left[one.xero_id] = one
            mine = controls.of(one.currency)
            mine.here += one.sums
            mine.invoices += 1
    if there is not None:
        known = {one.xero_id: one for one in here if one.xero_id}
        for two in there:
            _hold_against(two, left.pop(two.xero_id, None), known, controls, made)
        for one in left.values():
            made.apart.append(_apart(one, NOT_THERE, one.currency, NONE - one.sums))
    made.controls = [controls.all[name] for name in sorted(controls.all)]
    made.apart.sort(key=lambda one: (one.number, one.currency))
    return made


@dataclass(slots=True)
class Controls:
    """Those of every currency met so far."""

    all: dict[str, Control] = field(default_factory=dict)

    def of(self, currency: str) -> Control:
        """That of one currency."""
        return self.all.setdefault(currency, Control(currency))


NOT_THERE = "not among Xero's invoices of this month"
NOT_HERE = "in Xero in this month, but not here"


def _hold_against(
    two: Theirs,
    one: Ours | None,
    known: Mapping[str, Ours],
    controls: Controls,
    made: Reckoning,
) -> None:
    """One record of Xero's, with the invoice here that must be the same, if there is one."""
    if not two.counts:
        if one:
            what = f"{two.status.lower()} in Xero"
            made.apart.append(_apart(one, what, one.currency, NONE - one.sums))
        return
    theirs_of = controls.of(two.currency)
    if one is None and not two.ours and two.xero_id not in known:
        theirs_of.elsewhere += two.sums
        theirs_of.from_elsewhere += 1
        return
    theirs_of.in_xero += two.sums
    if one is None:
        mine = known.get(two.xero_id)
        invoice_id, number = (mine.invoice_id, mine.number) if mine else ("", two.number)
        made.apart.append(Apart(invoice_id, number, NOT_HERE, two.currency, two.sums))
    elif one.currency != two.currency:
        what = f"in {two.currency} in Xero"
        made.apart.append(_apart(one, what, one.currency, NONE - one.sums))
        made.apart.append(_apart(one, what, two.currency, two.sums))
    elif one.sums != two.sums:
        names = [name for name in SUMS if getattr(one.sums, name) != getattr(two.sums, name)]
        what = f"{', '.join(names)} otherwise in Xero"
        made.apart.append(_apart(one, what, one.currency, two.sums - one.sums))


def _apart(one: Ours, what: str, currency: str, sums: Sums) -> Apart:
    return Apart(one.invoice_id, one.number, what, currency, sums)
