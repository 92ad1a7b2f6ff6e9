"""From items to a whole invoice: every line has an id, and discount and sums are worked out."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.invoices import discounts, totals
from chalicelib.invoices.line import Line, Part
from chalicelib.invoices.model import Invoice


def compose(invoice: Invoice, lines: Iterable[Line]) -> Invoice:
    """The invoice with these lines; those that are worked out are worked out anew.

    Raises InvalidInput for a discount that is more than there is.
    """
    given = invoice.line_ids
    items: list[Line] = []
    for line in lines:
        if line.part is Part.DISCOUNT:
            continue
        given += not line.line_id
        items.append(line if line.line_id else replace(line, line_id=str(given)))
    off = discounts.lines_of(items, invoice.discount_percent, invoice.discount_amount)
    every = (*items, *off)
    return replace(
        invoice,
        lines=every,
        line_ids=given,
        totals=totals.add_up(every, invoice.line_amount_types),
    )
