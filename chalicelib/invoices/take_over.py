"""An invoice here as it becomes when somebody accepts what Xero has: the work stays behind it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.errors import Conflict
from chalicelib.invoices import adopt, drift, totals
from chalicelib.invoices.compose import amount_of
from chalicelib.invoices.line import ZERO, Line, LineAmountTypes, Part, Totals, Tracked
from chalicelib.invoices.model import Invoice, InvoiceKind
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice
from chalicelib.xero.wire.invoice import LineItem

OF_DEPOSIT = (
    "Xero has a line otherwise that takes off a deposit, whose rest here would be wrong. "
    "Put it right in Xero, or take this invoice back and make it anew."
)
UNKNOWN_PRICES = "Xero says of its prices what Workbill does not know: {}."

Percents = Callable[[str], Decimal]


def taken_over(invoice: Invoice, record: XeroInvoice, percent_of: Percents) -> Invoice:
    """The invoice with everything that Xero has otherwise.

    A line that Xero still has keeps its id and the work behind it; one that is new in Xero has
    none. Tax that was set by hand in Xero is kept as it is, so that the sums are Xero's to the
    cent. Raises Conflict where a line that takes off a deposit would change.
    """
    if record.line_amount_types not in set(LineAmountTypes):
        raise Conflict(UNKNOWN_PRICES.format(record.line_amount_types))
    types = LineAmountTypes(record.line_amount_types)
    lines, given = _lines(invoice, record, types, percent_of)
    former = invoice.former_numbers
    if invoice.number and invoice.number != record.invoice_number:
        former = (*former, invoice.number)
    reworded = any(line.part is Part.DISCOUNT for line in set(invoice.lines) - set(lines))
    after = replace(
        invoice,
        contact_id=record.contact.contact_id,
        number=record.invoice_number,
        former_numbers=former,
        reference=record.reference,
        date=record.date or invoice.date,
        due_date=record.due_date or invoice.due_date,
        currency=record.currency_code or invoice.currency,
        line_amount_types=types,
        lines=_by_hand(lines) if reworded else lines,
        line_ids=given,
        deposit=amount_of(lines) if invoice.kind is InvoiceKind.DEPOSIT else ZERO,
        mirror=adopt.mirror_of(record),
    )
    if reworded:
        after = replace(after, discount_percent=None, discount_amount=None)
    return replace(after, totals=_totals(after, record))


def gone(before: Invoice, after: Invoice) -> list[Line]:
    """The lines with work behind them that are no longer there, or bill nothing any more."""
    kept = {line.line_id for line in after.lines if line.work}
    return [line for line in before.lines if line.work and line.line_id not in kept]


def _lines(
    invoice: Invoice, record: XeroInvoice, types: LineAmountTypes, percent_of: Percents
) -> tuple[tuple[Line, ...], int]:
    mine_of, theirs_of = drift.ours(invoice), drift.theirs(record)
    here, now = mine_of.lines, theirs_of.lines
    found, given = dict[int, Line](), invoice.line_ids
    for mine, other in drift.pairs(mine_of, theirs_of):
        before = invoice.lines[mine] if mine is not None else None
        same = before and other is not None and mine is not None and here[mine] == now[other]
        if before and before.part is Part.DEDUCTION and not same:
            raise Conflict(OF_DEPOSIT)
        if other is None:
            continue
        if before and same:
            found[other] = before
            continue
        given += before is None
        line_id = before.line_id if before else str(given)
        line = _line(record.line_items[other], before, types, percent_of)
        found[other] = replace(line, line_id=line_id)
    return tuple(found[place] for place in sorted(found)), given


def _line(
    item: LineItem, before: Line | None, types: LineAmountTypes, percent_of: Percents
) -> Line:
    if drift.says_only(item):
        return Line(item.description)
    percent = item.discount_rate or None
    line = Line(
        item.description,
        item.quantity or ZERO,
        item.unit_amount or ZERO,
        account_code=item.account_code,
        tax_type=item.tax_type,
        tax_percent=percent_of(item.tax_type),
        discount_percent=percent,
        discount_amount=None if percent else item.discount_amount or None,
        work=before.work if before else None,
        part=before.part if before else Part.ITEM,
        tracking=_tracking(item),
    )
    tax = item.tax_amount or ZERO
    return line if totals.line_tax(line, types) == tax else replace(line, tax_amount=tax)


def _tracking(item: LineItem) -> tuple[Tracked, ...] | None:
    return (
        tuple(
            Tracked(one.tracking_category_id, one.tracking_option_id, one.name, one.option)
            for one in item.tracking
        )
        or None
    )


def _by_hand(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines of a discount that was changed are lines like any other."""
    return tuple(
        replace(line, part=Part.ITEM) if line.part is Part.DISCOUNT else line for line in lines
    )


def _totals(invoice: Invoice, record: XeroInvoice) -> Totals:
    """Xero's own sums, where it told any."""
    if record.total is None:
        return totals.add_up(invoice.lines, invoice.line_amount_types)
    return Totals(record.sub_total or ZERO, record.total_tax or ZERO, record.total)
