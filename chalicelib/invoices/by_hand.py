"""Lines that somebody writes: held against what Xero can hold and the codes that there are."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from chalicelib.errors import InvalidInput
from chalicelib.invoices.build import LONGEST_DESCRIPTION
from chalicelib.invoices.line import Line, Tracked
from chalicelib.money import CENT, FOUR_PLACES, LARGEST
from chalicelib.reference.layers import Codes, LineCodes, Lists
from chalicelib.reference.model import Tracking
from chalicelib.reference.resolve import tracking_problem

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Desk:
    """The codes that lines may bear now, and which they get when they name none."""

    lists: Lists
    codes_of: Callable[[Codes, bool], LineCodes]
    percent_of: Callable[[str], Decimal]


def check_line(line: Line, place: int) -> Line:
    """The line, if Xero could hold it; raises InvalidInput naming the field.

    ``place`` counts from 0, as in ``lines[0].quantity``.
    """
    if not 1 <= len(line.description) <= LONGEST_DESCRIPTION:
        raise wrong(place, "description", "a description has 1 to 4,000 characters.")
    if line.quantity is None:
        return line
    for name in ("quantity", "unit_price"):
        if finer(getattr(line, name), FOUR_PLACES):
            raise wrong(place, name, "at most 4 decimals.")
    if abs(line.quantity * line.unit_price) > LARGEST:
        raise wrong(place, "unit_price", "this is larger than Xero takes.")
    _check_discount(line, line.quantity * line.unit_price, place)
    return line


def coded(line: Line, desk: Desk, place: int, before: Line | None = None) -> Line:
    """The line with its codes and percentage; raises InvalidInput naming the field.

    A code that is new on the line, as it was ``before``, must be one that lines may bear. A line
    that is there already bears the tracking that is given and no other, or keeps what it has.
    """
    given = before.tracking if before is not None and line.tracking is None else line.tracking
    own = Codes(line.account_code, line.tax_type, _pairs(given))
    _check_new(own, desk.lists, place, before)
    found = desk.codes_of(own, before is not None)
    return replace(
        line,
        account_code=found.account_code,
        tax_type=found.tax_type,
        tax_percent=desk.percent_of(found.tax_type),
        tracking=tuple(
            Tracked(one.category_id, one.option_id, one.category, one.option)
            for one in found.tracking
        ),
    )


def wrong(place: int, name: str, sentence: str) -> InvalidInput:
    """What is to be said of one field of one line."""
    return InvalidInput(f"Line {place + 1}: {sentence}", field=f"lines[{place}].{name}")


def finer(value: Decimal | None, places: Decimal) -> bool:
    """Whether a number has more decimals than these."""
    return value is not None and value != value.quantize(places)


def _check_new(codes: Codes, lists: Lists, place: int, before: Line | None) -> None:
    listed = (
        ("account_code", lists.accounts),
        ("tax_type", lists.tax_rates),
    )
    for name, known in listed:
        code = getattr(codes, name)
        kept = before is not None and code == getattr(before, name)
        if code and not kept and not (code in known and known[code].usable_for_lines):
            raise wrong(place, name, f"{code} cannot be used. Choose another from the list.")
    kept = before is not None and codes.tracking == _pairs(before.tracking)
    problem = "" if kept else tracking_problem(codes.tracking, lists.tracking)
    if problem:
        raise wrong(place, "tracking", problem)


def _pairs(tracking: tuple[Tracked, ...] | None) -> tuple[Tracking, ...]:
    return tuple(Tracking(entry.category_id, entry.option_id) for entry in tracking or ())


def _check_discount(line: Line, gross: Decimal, place: int) -> None:
    percent, amount = line.discount_percent, line.discount_amount
    if percent is not None and amount is not None:
        raise wrong(place, "discount_amount", "a line has one kind of discount.")
    name = "discount_percent" if amount is None else "discount_amount"
    if percent is not None and not 0 <= percent <= HUNDRED:
        raise wrong(place, name, "a discount is 0 to 100 %.")
    if amount is not None and abs(amount) > abs(gross):
        raise wrong(place, name, "the discount is more than the line.")
    if finer(percent, CENT) or finer(amount, CENT):
        raise wrong(place, name, "a discount has at most 2 decimals.")
