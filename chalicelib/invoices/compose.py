"""From items to a whole invoice: every line has an id, and discount and sums are worked out."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from chalicelib.invoices import discounts, totals
from chalicelib.invoices.line import ZERO, Line, Part
from chalicelib.invoices.model import Invoice, InvoiceKind


def compose(invoice: Invoice, lines: Iterable[Line]) -> Invoice:
    """The invoice with these lines; its discount is worked out anew, deductions stay at the end.

    Raises InvalidInput for a discount that is more than there is.
    """
    given = invoice.line_ids
    found, items = tuple(lines), list[Line]()
    for line in found:
        if line.part is not Part.ITEM:
            continue
        given += not line.line_id
        items.append(line if line.line_id else replace(line, line_id=str(given)))
    off = discounts.lines_of(items, invoice.discount_percent, invoice.discount_amount)
    every = (*items, *off, *(line for line in found if line.part is Part.DEDUCTION))
    return replace(
        invoice,
        lines=every,
        line_ids=given,
        totals=totals.add_up(every, invoice.line_amount_types),
        deposit=amount_of(every) if invoice.kind is InvoiceKind.DEPOSIT else ZERO,
    )


def amount_of(lines: Iterable[Line]) -> Decimal:
    """What the lines come to, with tax or without as their prices are."""
    return sum((totals.line_amount(line) for line in lines), ZERO)
