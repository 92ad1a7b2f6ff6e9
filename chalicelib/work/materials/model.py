"""A material, and what a unit of it is billed at."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chalicelib.money import FOUR_PLACES, round_half_up

HUNDRED = Decimal(100)


class MaterialKind(StrEnum):
    """Goods and services that were used, or money that somebody laid out."""

    MATERIAL = "material"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class Material:
    """So many units of something on a day, in the project's currency.

    ``cost`` and ``price`` are per unit at 4 decimals, ``markup`` is in percent of the cost, and
    ``rate_id`` names a material rate. Which of them counts is said in ``price.py``.
    ``invoice_id`` is the live invoice that bills it; while it is set, the material does not
    change. ``external_id`` is its sender's name for it, and ``sent`` a fingerprint of what the
    sender last said. ``version`` grows with each change, so that an invoice bills only what was
    read.
    """

    material_id: str
    project_id: str
    client_id: str
    date: date
    name: str
    quantity: Decimal
    currency: str
    kind: MaterialKind = MaterialKind.MATERIAL
    unit: str = ""
    cost: Decimal | None = None
    markup: Decimal | None = None
    price: Decimal | None = None
    rate_id: str | None = None
    phase_id: str | None = None
    staff: str = ""
    note: str = ""
    billable: bool = True
    invoice_id: str | None = None
    external_id: str | None = None
    sent: str | None = None
    version: int = 1

    @property
    def marked_up(self) -> Decimal | None:
        """The cost of a unit with the mark-up; None without a cost."""
        if self.cost is None:
            return None
        factor = (HUNDRED + (self.markup or Decimal(0))) / HUNDRED
        return round_half_up(self.cost * factor, FOUR_PLACES)
