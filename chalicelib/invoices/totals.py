"""Xero's arithmetic: each line at two decimals, its tax half up by itself, then the sums.

Source: Xero's guide "Rounding in Xero", and the fields of Invoices in its accounting API.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from chalicelib.invoices.line import ZERO, Line, LineAmountTypes, Totals
from chalicelib.money import FOUR_PLACES, round_half_up

HUNDRED = Decimal(100)


class Component(Protocol):
    """A part of a tax rate, in percent."""

    @property
    def rate(self) -> Decimal:
        """Percent."""

    @property
    def compound(self) -> bool:
        """Whether it is charged on the price and the other components' tax together."""


def line_amount(line: Line) -> Decimal:
    """Quantity times unit price, each at four decimals, less the discount; two decimals."""
    if line.quantity is None:
        return ZERO
    price = round_half_up(line.unit_price, FOUR_PLACES)
    gross = round_half_up(line.quantity, FOUR_PLACES) * price
    if line.discount_percent is not None:
        return round_half_up(gross * (HUNDRED - line.discount_percent) / HUNDRED)
    return round_half_up(gross - (line.discount_amount or ZERO))


def line_tax(line: Line, types: LineAmountTypes) -> Decimal:
    """The tax on a line, or contained in it, rounded by itself; one set by hand as it is."""
    if types is LineAmountTypes.NO_TAX:
        return ZERO
    if line.tax_amount is not None:
        return line.tax_amount
    amount = line_amount(line)
    if types is LineAmountTypes.INCLUSIVE:
        return amount - round_half_up(amount * HUNDRED / (HUNDRED + line.tax_percent))
    return round_half_up(amount * line.tax_percent / HUNDRED)


def add_up(lines: Iterable[Line], types: LineAmountTypes) -> Totals:
    """The sums of an invoice; the total of inclusive prices is the prices."""
    amounts, tax = ZERO, ZERO
    for line in lines:
        amounts += line_amount(line)
        tax += line_tax(line, types)
    if types is LineAmountTypes.INCLUSIVE:
        return Totals(amounts - tax, tax, amounts)
    return Totals(amounts, tax, amounts + tax)


def percentage(components: Iterable[Component], effective_rate: Decimal | None) -> Decimal:
    """The whole percentage of a tax rate, unrounded.

    Compound components are charged on the price and all simple components together. Xero
    documents no rule for rounding between components, so a line's tax is rounded once.
    """
    parts = tuple(components)
    if not parts:
        return effective_rate or Decimal(0)
    simple = sum((part.rate for part in parts if not part.compound), Decimal(0))
    compound = sum((part.rate for part in parts if part.compound), Decimal(0))
    return simple + compound + simple * compound / HUNDRED
