"""Invoices as the JSON API shows them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec

from chalicelib.api.shapes import Amount, amount
from chalicelib.invoices import totals
from chalicelib.invoices.line import NO_WORK, Line, LineAmountTypes, Part
from chalicelib.invoices.model import Basis, Invoice, InvoiceKind, InvoiceState, Problem, SendAs
from chalicelib.invoices.put_back import Whereabouts
from chalicelib.invoices.show import WouldSend
from chalicelib.money import Money


class TrackedView(msgspec.Struct):
    """An option that a line bears; names are those of when the line was made."""

    category_id: str
    option_id: str
    category: str
    option: str


class LineView(msgspec.Struct):
    """A line with its amount, before tax unless prices include it; text lines have none.

    ``part`` says what a line is for; ``minutes`` are those tracked, whatever is billed.
    ``fixed_price`` marks a part of the agreed price of the project or phase, ``deposit_id`` the
    deposit that the line takes off.
    """

    id: str
    part: Part
    description: str
    quantity: str | None
    unit_price: str | None
    discount_percent: str | None
    discount_amount: str | None
    amount: Amount
    tax: Amount
    account_code: str
    tax_type: str
    tracking: list[TrackedView]
    records: int
    minutes: int
    materials: int
    project_id: str | None
    phase_id: str | None
    task_id: str | None
    record_ids: list[str]
    material_ids: list[str]
    fixed_price: bool
    deposit_id: str | None


class ProblemView(msgspec.Struct):
    """What stands in the way, where to mend it, and Xero's own words where they are Xero's."""

    code: str
    sentence: str
    field: str
    place: str
    line: int | None
    said: str
    correlation_id: str
    blocking: bool


class LedgerView(msgspec.Struct):
    """Money or credit that Xero lists against the invoice."""

    kind: str
    id: str
    date: dt.date | None
    amount: Amount
    reference: str


class XeroSums(msgspec.Struct):
    """Xero's sums where they differ from ours."""

    sub_total: Amount
    total_tax: Amount
    total: Amount


class InvoiceSummary(msgspec.Struct):
    """An invoice in a list; ``state`` is ours, ``status`` Xero's, null before it is there.

    ``differs`` says that Xero has it otherwise, and nobody lets that be.
    """

    id: str
    number: str
    state: InvoiceState
    status: str | None
    basis: Basis
    kind: InvoiceKind
    client_id: str
    client_name: str
    date: dt.date
    due_date: dt.date
    reference: str
    total: Amount
    amount_due: Amount | None
    xero_invoice_id: str | None
    created_at: dt.datetime
    differs: bool


class BilledAgain(msgspec.Struct):
    """Pieces of released work that another invoice bills."""

    invoice_id: str
    number: str
    pieces: int


class ReleasedWork(msgspec.Struct):
    """Where the work is that credit notes released which Xero has no more.

    What is ``billed_again`` is billed twice. ``followed`` of the ``released`` were looked for.
    """

    released: int
    followed: int
    unbilled: int
    billed_again: list[BilledAgain]


class InvoiceView(InvoiceSummary):
    """One invoice with everything on it; ``xero_sums`` only where they differ from ours.

    A change names the ``version`` that it was made on. ``redraft_id`` is the fresh draft that was
    made of one that has ended. ``credits_lost`` counts credit notes that were taken back in Xero,
    until somebody credits it anew or leaves it so; ``released_work`` says where their work is.
    """

    version: int
    credits_lost: int
    released_work: ReleasedWork | None
    redraft_id: str | None
    currency: str
    line_amount_types: LineAmountTypes
    send_as: SendAs
    discount_percent: str | None
    discount_amount: str | None
    sub_total: Amount
    total_tax: Amount
    amount_paid: Amount | None
    amount_credited: Amount | None
    fully_paid_on: dt.date | None
    xero_url: str | None
    xero_sums: XeroSums | None
    project_ids: list[str]
    records: int
    materials: int
    lines: list[LineView]
    payments: list[LedgerView]
    problems: list[ProblemView]


class Preview(msgspec.Struct):
    """What Xero would get, byte for byte, what it would add up to, and what it would refuse.

    Sending with this ``approval`` sends this or nothing.
    """

    body: msgspec.Raw
    approval: str
    sub_total: Amount
    total_tax: Amount
    total: Amount
    problems: list[ProblemView]


def _released(found: Whereabouts) -> ReleasedWork:
    return ReleasedWork(
        found.released,
        found.followed,
        found.unbilled,
        [BilledAgain(key, found.numbers.get(key, ""), n) for key, n in found.billed.items()],
    )


def summary(invoice: Invoice) -> InvoiceSummary:
    """An invoice as lists show it."""
    return InvoiceSummary(**_summary(invoice))


def view(
    invoice: Invoice,
    problems: tuple[Problem, ...],
    xero_url: str,
    released: Whereabouts | None = None,
) -> InvoiceView:
    """One invoice; ``problems`` are those of now, ``released`` is where lost credits' work is."""
    mirror, currency = invoice.mirror, invoice.currency
    ours = invoice.totals
    theirs = mirror.totals if mirror and invoice.difference is not None else None
    return InvoiceView(
        **_summary(invoice),
        version=invoice.version,
        credits_lost=invoice.credits_lost,
        released_work=_released(released) if released else None,
        redraft_id=invoice.redraft_id or None,
        currency=currency,
        line_amount_types=invoice.line_amount_types,
        send_as=invoice.send_as,
        discount_percent=_text(invoice.discount_percent),
        discount_amount=_text(invoice.discount_amount),
        sub_total=_amount(ours.sub_total, currency),
        total_tax=_amount(ours.total_tax, currency),
        amount_paid=_amount(mirror.amount_paid, currency) if mirror else None,
        amount_credited=_amount(mirror.amount_credited, currency) if mirror else None,
        fully_paid_on=mirror.fully_paid_on if mirror else None,
        xero_url=xero_url or None,
        xero_sums=XeroSums(
            _amount(theirs.sub_total, currency),
            _amount(theirs.total_tax, currency),
            _amount(theirs.total, currency),
        )
        if theirs
        else None,
        project_ids=list(invoice.project_ids),
        records=invoice.records,
        materials=invoice.materials,
        lines=[_line(line, invoice) for line in invoice.lines],
        payments=[
            LedgerView(
                one.kind, one.entry_id, one.date, _amount(one.amount, currency), one.reference
            )
            for one in (mirror.ledger if mirror else ())
        ],
        problems=[problem_view(problem) for problem in problems],
    )


def preview(invoice: Invoice, would: WouldSend) -> Preview:
    """What would be sent; the body keeps its decimals as they are."""
    sums = would.totals
    return Preview(
        body=msgspec.Raw(would.body),
        approval=would.approval,
        sub_total=_amount(sums.sub_total, invoice.currency),
        total_tax=_amount(sums.total_tax, invoice.currency),
        total=_amount(sums.total, invoice.currency),
        problems=[problem_view(problem) for problem in would.problems],
    )


def problem_view(problem: Problem) -> ProblemView:
    """A problem as the API shows it."""
    return msgspec.convert(problem, ProblemView, from_attributes=True)


def _summary(invoice: Invoice) -> dict[str, Any]:
    mirror = invoice.mirror
    return {
        "id": invoice.invoice_id,
        "number": invoice.number,
        "state": invoice.state,
        "status": invoice.xero_status or None,
        "basis": invoice.basis,
        "kind": invoice.kind,
        "client_id": invoice.client_id,
        "client_name": invoice.client_name,
        "date": invoice.date,
        "due_date": invoice.due_date,
        "reference": invoice.reference,
        "total": _amount(invoice.totals.total, invoice.currency),
        "amount_due": _amount(mirror.amount_due, invoice.currency) if mirror else None,
        "xero_invoice_id": mirror.xero_invoice_id if mirror else None,
        "created_at": invoice.created_at,
        "differs": invoice.differs,
    }


def _line(line: Line, invoice: Invoice) -> LineView:
    work = line.work or NO_WORK
    return LineView(
        id=line.line_id,
        part=line.part,
        description=line.description,
        quantity=_text(line.quantity),
        unit_price=None if line.text_only else _text(line.unit_price),
        discount_percent=_text(line.discount_percent),
        discount_amount=_text(line.discount_amount),
        amount=_amount(totals.line_amount(line), invoice.currency),
        tax=_amount(totals.line_tax(line, invoice.line_amount_types), invoice.currency),
        account_code=line.account_code,
        tax_type=line.tax_type,
        tracking=[
            TrackedView(one.category_id, one.option_id, one.category, one.option)
            for one in line.tracking or ()
        ],
        records=work.records,
        minutes=work.minutes,
        materials=work.materials,
        project_id=work.project_id or None,
        phase_id=work.phase_id or None,
        task_id=work.task_id or None,
        record_ids=list(work.record_ids),
        material_ids=list(work.material_ids),
        fixed_price=work.drawn,
        deposit_id=work.deposit_id or None,
    )


def _amount(value: Decimal, currency: str) -> Amount:
    return amount(Money(value, currency))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
