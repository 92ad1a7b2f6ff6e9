"""What is said of a material, checked on entry; each raises InvalidInput naming its field."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.errors import InvalidInput
from chalicelib.money import CENT, FOUR_PLACES, LARGEST, parse_decimal
from chalicelib.work.materials.model import Material, MaterialKind
from chalicelib.work.names import clean_name
from chalicelib.work.time_records import FIRST_DAY, LAST_DAY

LONGEST_UNIT = 30
LONGEST_STAFF = 120
LONGEST_NOTE = 4000
MOST_MARKUP = Decimal(10_000)


def consistent(material: Material) -> Material:
    """The material, if its parts go together and an invoice could hold it."""
    if material.markup is not None and material.cost is None:
        raise InvalidInput("A mark-up needs a cost to be on.", field="cost")
    price = material.marked_up if material.price is None else material.price
    if abs(material.quantity * (price or Decimal(0))) > LARGEST:
        raise InvalidInput("This is larger than an invoice takes.", field="quantity")
    return material


def decimal(
    field: str, places: Decimal, most: Decimal = LARGEST
) -> Callable[[Decimal | str | None], Decimal | None]:
    """Reads a number that is not negative, None for none; finer ones are refused, not rounded."""

    def check(value: Decimal | str | None) -> Decimal | None:
        if value is None or value == "":
            return None
        found = parse_decimal(value, field=field) if isinstance(value, str) else value
        if not 0 <= found <= most or found != found.quantize(places):
            digits = -int(places.as_tuple().exponent)
            raise InvalidInput(
                f"A {field} is not negative and has at most {digits} decimals.", field=field
            )
        return found.quantize(places)

    return check


def _quantity(value: Decimal | str) -> Decimal:
    found = decimal("quantity", FOUR_PLACES)(value)
    if not found:
        raise InvalidInput("Say how many.", field="quantity")
    return found


def _day(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise InvalidInput(f"{value} is not a day of this century.", field="date")
    return value


def _text(field: str, most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        text = value.strip()
        if len(text) > most:
            raise InvalidInput(f"The {field} has at most {most} characters.", field=field)
        return text

    return check


def _kind(value: str) -> MaterialKind:
    if value not in set(MaterialKind):
        raise InvalidInput("It is a material or an expense.", field="kind")
    return MaterialKind(value)


CHECKS: dict[str, Callable[[Any], Any]] = {
    "date": _day,
    "name": clean_name,
    "quantity": _quantity,
    "kind": _kind,
    "unit": _text("unit", LONGEST_UNIT),
    "cost": decimal("cost", FOUR_PLACES),
    "markup": decimal("markup", CENT, MOST_MARKUP),
    "price": decimal("price", FOUR_PLACES),
    "staff": _text("staff", LONGEST_STAFF),
    "note": _text("note", LONGEST_NOTE),
    "billable": bool,
}
