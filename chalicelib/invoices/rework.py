"""Changing a draft by hand: its header, its discount, and its lines, in any order."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.errors import InvalidInput
from chalicelib.invoices.by_hand import HUNDRED, Desk, check_line, coded, finer, wrong
from chalicelib.invoices.compose import compose
from chalicelib.invoices.line import Line, LineAmountTypes, Part
from chalicelib.invoices.model import Invoice
from chalicelib.invoices.portions import cents_of
from chalicelib.money import CENT, LARGEST

MOST_LINES = 500
LONGEST_REFERENCE = 255
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)


def rework(invoice: Invoice, changes: Mapping[str, Any], desk: Desk) -> Invoice:
    """The draft with these changes: ``lines``, and whatever of the header is named.

    A line with the id of one that is there keeps the work behind it; those left out go. A
    deposit is taken off as long as all of its lines are named. Every line gets the percentage
    that its tax rate has now. Raises InvalidInput naming the field, such as
    ``lines[2].quantity``.
    """
    asked = dict(changes)
    given: Sequence[Line] = asked.pop("lines", invoice.lines)
    head = {name: CHECKS[name](value) for name, value in asked.items()}
    changed = replace(invoice, **_one_discount(head))
    if changed.due_date < changed.date:
        raise InvalidInput("The due date is before the date.", field="due_date")
    return compose(changed, [*_items(invoice, given, desk), *_deductions(invoice, given)])


def _items(invoice: Invoice, given: Sequence[Line], desk: Desk) -> list[Line]:
    stored = {line.line_id: line for line in invoice.lines if line.part is Part.ITEM}
    worked_out = {line.line_id for line in invoice.lines} - set(stored)
    items = [line for line in given if line.line_id not in worked_out]
    if len(items) > max(MOST_LINES, len(stored)):
        raise InvalidInput(f"An invoice has at most {MOST_LINES} lines.", field="lines")
    named = [line.line_id for line in items if line.line_id]
    if len(named) != len(set(named)):
        raise InvalidInput("Two lines have the same id.", field="lines")
    return [_line(line, place, stored, desk) for place, line in enumerate(items)]


def _deductions(invoice: Invoice, given: Sequence[Line]) -> list[Line]:
    """The lines of deposits that stay as they are."""
    named = {line.line_id for line in given}
    found = [line for line in invoice.lines if line.part is Part.DEDUCTION]
    dropped = {line.work and line.work.deposit_id for line in found if line.line_id not in named}
    return [line for line in found if line.work and line.work.deposit_id not in dropped]


def _line(line: Line, place: int, stored: Mapping[str, Line], desk: Desk) -> Line:
    before = stored.get(line.line_id)
    if line.line_id and before is None:
        raise wrong(place, "id", "it is no longer on this invoice.")
    work = before.work if before else None
    if work and line.text_only:
        raise wrong(place, "quantity", "work stands behind it, so it needs a quantity.")
    if work and work.drawn and cents_of(line) <= 0:
        raise wrong(place, "unit_price", "it bills part of a fixed price. Take it out instead.")
    checked = replace(check_line(line, place), work=work, part=Part.ITEM)
    return checked if checked.text_only else coded(checked, desk, place, before)


def _one_discount(head: dict[str, Any]) -> dict[str, Any]:
    """A discount of one kind takes the place of the other."""
    percent, amount = head.get("discount_percent"), head.get("discount_amount")
    if percent is not None and amount is not None:
        raise InvalidInput("An invoice has one kind of discount.", field="discount_amount")
    if percent is not None:
        head["discount_amount"] = None
    if amount is not None:
        head["discount_percent"] = None
    return head


def _reference(text: str) -> str:
    reference = " ".join(text.split())
    if len(reference) > LONGEST_REFERENCE:
        raise InvalidInput("A reference has at most 255 characters.", field="reference")
    return reference


def _day(name: str) -> Callable[[dt.date], dt.date]:
    def check(day: dt.date) -> dt.date:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise InvalidInput(f"{day} is not a day of this century.", field=name)
        return day

    return check


def _discount(name: str, most: Decimal) -> Callable[[Decimal | None], Decimal | None]:
    def check(value: Decimal | None) -> Decimal | None:
        if value is not None and (not 0 <= value <= most or finer(value, CENT)):
            raise InvalidInput("This is no discount: at most 2 decimals.", field=name)
        return value or None

    return check


CHECKS: dict[str, Callable[[Any], Any]] = {
    "reference": _reference,
    "date": _day("date"),
    "due_date": _day("due_date"),
    "line_amount_types": LineAmountTypes,
    "discount_percent": _discount("discount_percent", HUNDRED),
    "discount_amount": _discount("discount_amount", LARGEST),
}
