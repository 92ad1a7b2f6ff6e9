"""A rate card with its dated prices, and the one that holds on a day."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

ALWAYS = date(2000, 1, 1)
"""The first day that work can bear; a price from then on has held since ever."""


class RateKind(StrEnum):
    """What a rate card is for."""

    STAFF = "staff"
    TASK = "task"
    MATERIAL = "material"


@dataclass(frozen=True, slots=True)
class Price:
    """What an hour or a unit costs in one currency from a day on, at four decimals."""

    currency: str
    since: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate card: per hour for staff and tasks, per unit for materials.

    ``currency`` is the one it is meant in; prices in others are stated beside it, never worked
    out. There is at most one price for a currency and day. ``in_use`` is set when a task, one of
    the staff or a material first names it and never taken back: such a rate is archived, not
    deleted. ``version`` counts its changes, so that of two at once one is refused.
    """

    rate_id: str
    kind: RateKind
    name: str
    currency: str
    updated_at: datetime
    prices: tuple[Price, ...] = ()
    archived: bool = False
    in_use: bool = False
    version: int = 1

    def on(self, day: date, currency: str | None = None) -> Price | None:
        """The price that holds on a day: the latest of its currency that began by then."""
        wanted = currency or self.currency
        begun = [
            price for price in self.prices if price.currency == wanted and price.since <= day
        ]
        return max(begun, key=lambda price: price.since, default=None)

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies it states a price in, from whatever day."""
        return frozenset(price.currency for price in self.prices)
