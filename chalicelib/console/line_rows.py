"""Lines of an invoice as rows of a form: read, shown again as typed, moved, added and taken out.

Every row has one field of each name, so that the fields of a name are in the order of rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from chalicelib.console.forms import Form
from chalicelib.console.prices import plain as price
from chalicelib.errors import InvalidInput
from chalicelib.invoices.line import Line, Part, Tracked
from chalicelib.money import parse_decimal

ONE = Decimal(1)
MOST_TRACKED = 2
BETWEEN = "/"
"""Stands between the ids of a tracking category and its option; no option: none of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the form, all of it text; one marked ``text`` has nothing to bill."""

    line_id: str = ""
    description: str = ""
    quantity: str = ""
    unit_price: str = ""
    discount: str = ""
    account_code: str = ""
    tax_type: str = ""
    tracking_1: str = ""
    tracking_2: str = ""
    text: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed, whatever was chosen; such a row is left out."""
        return not any((self.line_id, self.description, self.unit_price))


NAMES = tuple(one.name for one in fields(Row))
NEW_ROW, NEW_TEXT = Row(quantity="1"), Row(text="yes")
ADDED = {"add": (NEW_ROW,), "add-text": (NEW_TEXT,)}


def shown(lines: Sequence[Line], categories: Sequence[str] = ()) -> list[Row]:
    """The items among an invoice's lines, as a form shows them.

    ``categories`` are the ids of the tracking categories that the form asks for, two at most.
    """
    return [_row(line, categories) for line in lines if line.part is Part.ITEM]


def typed(form: Form) -> list[Row]:
    """The rows that were posted; raises InvalidInput for what no form of ours posts."""
    columns = [form.all(name) for name in NAMES]
    if len({len(column) for column in columns}) != 1:
        raise InvalidInput("This form did not arrive whole. Go back and try again.")
    return [Row(*values) for values in zip(*columns, strict=True)]


def rearranged(rows: Sequence[Row], act: str) -> list[Row]:
    """The rows after ``up:2``, ``down:2``, ``remove:2``, ``add`` or ``add-text``; else as is.

    Empty rows go, but for one that was just added.
    """
    after = list(rows)
    verb, _, place = act.partition(":")
    if place.isdecimal() and int(place) < len(after):
        row = after.pop(int(place))
        if verb != "remove":
            after.insert(max(int(place) + {"up": -1, "down": 1}.get(verb, 0), 0), row)
    after = [row for row in after if not row.empty]
    return [*after, *ADDED.get(verb, ())]


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """The rows as lines; raises InvalidInput naming the row and field."""
    filled = [row for row in rows if not row.empty]
    return [_line(row, place) for place, row in enumerate(filled)]


def discount_of(text: str, place: str = "") -> tuple[Decimal | None, Decimal | None]:
    """Percent and amount of a discount written as ``10 %`` or as ``25.00``; one is None."""
    if not text:
        return None, None
    percent = text.endswith("%")
    value = parse_decimal(text.removesuffix("%"), field=f"{place}discount")
    return (value, None) if percent else (None, value)


def plain(value: Decimal | None) -> str:
    """A number as people write it: no more decimals than it has, and none for nothing."""
    return "" if value is None else f"{value.normalize():f}"


def discount(percent: Decimal | None, amount: Decimal | None) -> str:
    """A discount as it is written in a form."""
    if percent is not None:
        return f"{plain(percent)} %"
    return "" if amount is None else f"{amount:.2f}"


def _row(line: Line, categories: Sequence[str]) -> Row:
    if line.text_only:
        return Row(line.line_id, line.description, text="yes")
    return Row(
        line.line_id,
        line.description,
        plain(line.quantity),
        price(line.unit_price),
        discount(line.discount_percent, line.discount_amount),
        line.account_code,
        line.tax_type,
        *_places(line, categories),
    )


def _places(line: Line, categories: Sequence[str]) -> Iterator[str]:
    borne = {entry.category_id: entry.option_id for entry in line.tracking or ()}
    for category_id in categories[:MOST_TRACKED]:
        yield f"{category_id}{BETWEEN}{borne.get(category_id, '')}"


def _tracking(row: Row) -> tuple[Tracked, ...] | None:
    """What the row says of each category; nothing said at all leaves it to the mapping."""
    said = [text.partition(BETWEEN) for text in (row.tracking_1, row.tracking_2) if text]
    return tuple(Tracked(one[0], one[2]) for one in said) or None


def _line(row: Row, place: int) -> Line:
    where = f"lines[{place}]."
    if row.text or not (row.quantity or row.unit_price):
        return Line(row.description, line_id=row.line_id)
    percent, amount = discount_of(row.discount, where)
    return Line(
        description=row.description,
        quantity=parse_decimal(row.quantity, field=f"{where}quantity") if row.quantity else ONE,
        unit_price=parse_decimal(row.unit_price or "0", field=f"{where}unit_price"),
        account_code=row.account_code,
        tax_type=row.tax_type,
        tracking=_tracking(row),
        discount_percent=percent,
        discount_amount=amount,
        line_id=row.line_id,
    )
