"""JSON shapes that several resources share."""

from typing import Generic, TypeVar

import msgspec

from chalicelib.money import Money

T = TypeVar("T")


class Amount(msgspec.Struct, frozen=True):
    """An amount of one currency; ``amount`` is a decimal in a string."""

    amount: str
    currency: str


class List(msgspec.Struct, Generic[T]):
    """A page of a list; ``next`` is the cursor of the rest, null at the end."""

    items: list[T]
    next: str | None = None


def amount(money: Money) -> Amount:
    """Money as the API shows it."""
    return Amount(f"{money.amount:.2f}", money.currency)
