"""Money: decimal, never binary, and rounded in one place only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from chalicelib.errors import InvalidInput

CENT = Decimal("0.01")
FOUR_PLACES = Decimal("0.0001")
LARGEST = Decimal("9999999999.99")
"""The largest line amount Xero takes (accounting API, Invoices)."""


def round_half_up(value: Decimal, places: Decimal = CENT) -> Decimal:
    """``value`` at the given places, halves away from zero, as Xero rounds.

    Source: Xero's guide "Rounding in Xero" (2.165 becomes 2.17).
    """
    return value.quantize(places, rounding=ROUND_HALF_UP)


def share_out(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """``total``, at two decimals, divided in proportion to the weights; sums up exactly.

    Each share is rounded half up, and what is over or short goes to the largest weight. No share
    is negative or more than its weight as long as ``total`` is not. Weights are positive, at two
    decimals.
    """
    whole = sum(weights, Decimal(0))
    shares = [round_half_up(total * weight / whole) for weight in weights]
    over = total - sum(shares, Decimal(0))
    for place in sorted(range(len(weights)), key=lambda place: -weights[place]):
        # One share can take all of it but in a crowd of weights of a few cents.
        taken = min(max(over, -shares[place]), weights[place] - shares[place])
        shares[place] += taken
        over -= taken
    return shares


def parse_decimal(text: str, *, field: str) -> Decimal:
    """A finite decimal from its text; raises InvalidInput naming ``field``."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise InvalidInput(f"{field} is not a number: {text!r}.", field=field) from None
    if not value.is_finite() or abs(value) > LARGEST:
        raise InvalidInput(f"{field} is not an amount we can bill: {text!r}.", field=field)
    return value


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of one currency at two decimals, whatever the currency, as in Xero."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Round on entry, so that no unrounded amount can travel."""
        object.__setattr__(self, "amount", round_half_up(self.amount))

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"
