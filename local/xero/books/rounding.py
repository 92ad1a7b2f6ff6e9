"""Xero's arithmetic: every amount at two decimals, tax per line, half up, then summed.

Source: developer.xero.com, "Rounding in Xero".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from local.xero.books.records import Record

ZERO = Decimal("0.00")
_HUNDRED = Decimal(100)


def round_to(amount: Decimal, places: int) -> Decimal:
    """Half away from zero at `places` decimals: 2.165 is 2.17 and -2.165 is -2.17."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def round2(amount: Decimal) -> Decimal:
    return round_to(amount, 2)


def effective_rate(components: Iterable[Record]) -> Decimal:
    """The whole percentage: compound components are charged on top of the others' tax."""
    components = list(components)
    simple = sum((c["Rate"] for c in components if not c.get("IsCompound")), Decimal(0))
    compound = sum((c["Rate"] for c in components if c.get("IsCompound")), Decimal(0))
    return simple + compound + simple * compound / _HUNDRED


def line_amount(
    quantity: Decimal, unit: Decimal, rate: Decimal | None, discount: Decimal | None
) -> Decimal:
    """Quantity times unit less the discount (a percentage or an amount), at cents."""
    gross = quantity * unit
    if rate is not None:
        return round2(gross * (_HUNDRED - rate) / _HUNDRED)
    return round2(gross - (discount or ZERO))


def line_tax(amount: Decimal, percentage: Decimal, amount_types: str) -> Decimal:
    """The tax on, or contained in, one line amount, rounded by itself."""
    if amount_types == "NoTax":
        return ZERO
    if amount_types == "Inclusive":
        return amount - round2(amount * _HUNDRED / (_HUNDRED + percentage))
    return round2(amount * percentage / _HUNDRED)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document adds up to; allocates no payment and knows no status."""

    sub_total: Decimal
    total_tax: Decimal
    total: Decimal
    discount: Decimal


def add_up(lines: Iterable[Record], amount_types: str) -> Totals:
    """Sums lines whose LineAmount and TaxAmount are already rounded."""
    lines = list(lines)
    amounts = sum((line.get("LineAmount", ZERO) for line in lines), ZERO)
    tax = sum((line.get("TaxAmount", ZERO) for line in lines), ZERO)
    discount = sum((_discount(line) for line in lines), ZERO)
    if amount_types == "Inclusive":
        return Totals(amounts - tax, tax, amounts, discount)
    return Totals(amounts, tax, amounts + tax, discount)


def _discount(line: Record) -> Decimal:
    if "DiscountRate" not in line and "DiscountAmount" not in line:
        return ZERO
    amount: Decimal = line["LineAmount"]
    return round2(line["Quantity"] * line["UnitAmount"]) - amount
