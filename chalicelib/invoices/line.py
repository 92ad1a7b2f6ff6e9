"""A line of an invoice, and the work it stands for."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal("0.00")


class LineAmountTypes(StrEnum):
    """Whether the prices of an invoice contain their tax; Xero's own words."""

    EXCLUSIVE = "Exclusive"
    INCLUSIVE = "Inclusive"
    NO_TAX = "NoTax"


class Part(StrEnum):
    """What a line is for; all but an item are worked out from the invoice."""

    ITEM = "item"
    DISCOUNT = "discount"
    DEDUCTION = "deduction"


@dataclass(frozen=True, slots=True)
class Work:
    """What a line was made from: how many records, of which task, and which where they are few.

    ``record_ids`` and ``material_ids`` are complete or empty. Where they are empty, they are
    kept beside the invoice, under the line's id. ``minutes`` are those that were tracked,
    whatever the line bills. ``drawn`` marks a part of the fixed price of the project, or of the
    phase; ``deposit_id`` names the invoice whose deposit the line takes off.
    """

    records: int = 0
    minutes: int = 0
    project_id: str = ""
    task_id: str = ""
    group: str = ""
    record_ids: tuple[str, ...] = ()
    materials: int = 0
    material_ids: tuple[str, ...] = ()
    phase_id: str = ""
    drawn: bool = False
    deposit_id: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Everything claimed for the line that it names itself."""
        return self.record_ids + self.material_ids


NO_WORK = Work()


@dataclass(frozen=True, slots=True)
class Tracked:
    """A tracking option that a line bears; names are those of when the line was made."""

    category_id: str
    option_id: str
    category: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What is billed, with codes, tax percentage and tracking frozen when it was made.

    ``quantity`` and ``unit_price`` have at most four decimals. A discount is a percentage or an
    amount, never both. A line without quantity is text only. ``line_id`` is the line's own
    within its invoice, for ever. ``tracking`` None leaves it to the mapping while a line is
    written; an entry without an option says that the line bears none of that category.
    ``tax_amount`` is the tax that somebody set by hand in Xero, taken over from there.
    """

    description: str
    quantity: Decimal | None = None
    unit_price: Decimal = Decimal(0)
    account_code: str = ""
    tax_type: str = ""
    tax_percent: Decimal = Decimal(0)
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    work: Work | None = None
    line_id: str = ""
    part: Part = Part.ITEM
    tracking: tuple[Tracked, ...] | None = None
    tax_amount: Decimal | None = None

    @property
    def text_only(self) -> bool:
        """Whether it bills nothing."""
        return self.quantity is None


@dataclass(frozen=True, slots=True)
class Totals:
    """What an invoice adds up to, every amount at two decimals."""

    sub_total: Decimal = ZERO
    total_tax: Decimal = ZERO
    total: Decimal = ZERO


NOTHING = Totals()
