"""An invoice that Xero has, field by field: as sent, as it is there, and as it would become.

All three are flattened to the same words, so that what differs is found by comparing them. A line
is known by Xero's own id of it; one that is new has none yet.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.invoices.line import Line, LineAmountTypes
from chalicelib.invoices.model import Invoice
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice
from chalicelib.xero.wire.invoice import LineItem

HEADER = ("reference", "date", "due_date", "line_amount_types")
OF_LINE = (
    "description",
    "quantity",
    "unit_price",
    "discount",
    "account_code",
    "tax_type",
    "tracking",
)
STILL_OPEN_WHEN_PAID = frozenset({"description", "account_code", "tracking"})
"""Of a line that money is on, by Xero's page on invoices; of the header, the next."""

HEADER_OPEN_WHEN_PAID = frozenset({"reference", "due_date"})
LINE, ORDER = "line:", "lines"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line in words that compare; ``key`` is Xero's id of it, empty for a new one."""

    key: str
    description: str = ""
    quantity: str = ""
    unit_price: str = ""
    discount: str = ""
    account_code: str = ""
    tax_type: str = ""
    tracking: str = ""

    @property
    def content(self) -> tuple[str, ...]:
        """Everything but the id."""
        return tuple(getattr(self, name) for name in OF_LINE)


@dataclass(frozen=True, slots=True)
class Face:
    """What may be changed of an invoice, in words that compare."""

    reference: str
    date: str
    due_date: str
    line_amount_types: str
    lines: tuple[Entry, ...]

    def flat(self) -> dict[str, str]:
        """Every field by a name of its own; the lines by their ids, new ones by their place."""
        found = {name: getattr(self, name) for name in HEADER}
        for place, line in enumerate(self.lines):
            name = f"{LINE}{line.key or f'new {place}'}"
            found[name] = "there"
            found |= {f"{name}:{part}": getattr(line, part) for part in OF_LINE}
        return found


def of_ours(invoice: Invoice, keys: Mapping[str, str]) -> Face:
    """Our invoice; ``keys`` gives Xero's id of each line that it has, by our line's id."""
    taxed = invoice.line_amount_types is not LineAmountTypes.NO_TAX
    return Face(
        reference=invoice.reference,
        date=invoice.date.isoformat(),
        due_date=invoice.due_date.isoformat(),
        line_amount_types=invoice.line_amount_types.value,
        lines=tuple(_ours(line, keys.get(line.line_id, ""), taxed) for line in invoice.lines),
    )


def of_xero(record: XeroInvoice) -> Face:
    """An invoice as Xero has it."""
    types = record.line_amount_types or LineAmountTypes.EXCLUSIVE.value
    taxed = types != LineAmountTypes.NO_TAX.value
    return Face(
        reference=record.reference,
        date=record.date.isoformat() if record.date else "",
        due_date=record.due_date.isoformat() if record.due_date else "",
        line_amount_types=types,
        lines=tuple(_theirs(item, taxed) for item in record.line_items),
    )


def keys_of(invoice: Invoice, record: XeroInvoice) -> dict[str, str]:
    """Xero's id of each of our lines: as kept when it was sent, else by its place.

    Without either, a line is one that Xero does not have.
    """
    kept: Sequence[str] = invoice.xero_line_ids
    if len(kept) != len(invoice.lines):
        kept = [item.line_item_id for item in record.line_items]
    if len(kept) != len(invoice.lines):
        kept = [f"unknown {place}" for place in range(len(invoice.lines))]
    return {line.line_id: key for line, key in zip(invoice.lines, kept, strict=True)}


def ids_in(face: Face, record: XeroInvoice) -> tuple[str, ...]:
    """Xero's id of each line of ``face``, from the record that it became.

    New lines are told by what they say, for Xero may put them anywhere. Nothing where one of
    them cannot be told.
    """
    there = of_xero(record).lines
    kept = {line.key for line in face.lines if line.key}
    fresh = [line for line in there if line.key not in kept]
    found = []
    for line in face.lines:
        like = next((one for one in fresh if one.content == line.content), None)
        if not line.key and like is None:
            return ()
        if not line.key and like is not None:
            fresh.remove(like)
            found.append(like.key)
        else:
            found.append(line.key)
    return tuple(found)


def differing(one: Face, other: Face) -> list[str]:
    """The names of the fields in which two faces differ, as ``flat`` gives them.

    Of a line that only one of them has, its whole and not its fields.
    """
    first, second = one.flat(), other.flat()
    names = [
        name for name in dict.fromkeys([*first, *second]) if _says_other(name, first, second)
    ]
    return [*names, ORDER] if _out_of_order(one, other) else names


def is_line(name: str) -> bool:
    """Whether a name of ``flat`` belongs to the lines."""
    return name.startswith(LINE) or name == ORDER


def whose(name: str) -> tuple[str, str]:
    """The key and the field of a line that a name belongs to; no field for the whole line."""
    key, _, part = name.removeprefix(LINE).partition(":")
    return key, part


def open_when_paid(name: str) -> bool:
    """Whether Xero lets this be changed although money or credit is on the invoice."""
    if not is_line(name):
        return name in HEADER_OPEN_WHEN_PAID
    return whose(name)[1] in STILL_OPEN_WHEN_PAID


def carries(there: Face, wanted: Face, written: Iterable[str]) -> bool:
    """Whether all that was to be written is there, wherever Xero put the new lines."""
    first, second = there.flat(), wanted.flat()
    names = list(written)
    if any(first.get(name) != second.get(name) for name in names if not is_line(name)):
        return False
    if not any(is_line(name) for name in names):
        return True
    return Counter(_known(there, wanted)) == Counter(_known(wanted, wanted))


def _known(face: Face, wanted: Face) -> Iterator[tuple[str, ...]]:
    """Each line with its id where that was known before; a new one by its content alone."""
    kept = {line.key for line in wanted.lines if line.key}
    for line in face.lines:
        yield (line.key if line.key in kept else "", *line.content)


def _says_other(name: str, first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    if first.get(name) == second.get(name):
        return False
    whole = name.rpartition(":")[0] if name.count(":") > 1 else ""
    return not whole or (whole in first and whole in second)


def _out_of_order(one: Face, other: Face) -> bool:
    first = [line.key for line in one.lines]
    second = [line.key for line in other.lines]
    shared = set(first) & set(second) - {""}
    return [key for key in first if key in shared] != [key for key in second if key in shared]


def _ours(line: Line, key: str, taxed: bool) -> Entry:  # noqa: FBT001  a fact of the invoice
    if not (line.quantity or line.unit_price):
        return Entry(key, line.description)
    off = _discount(line.discount_percent, line.discount_amount)
    borne = sorted(f"{one.category_id}={one.option_id}" for one in line.tracking or ())
    return Entry(
        key,
        line.description,
        _plain(line.quantity),
        _plain(line.unit_price),
        off,
        line.account_code,
        line.tax_type if taxed else "",
        ", ".join(one for one in borne if not one.endswith("=")),
    )


def _theirs(item: LineItem, taxed: bool) -> Entry:  # noqa: FBT001  a fact of the invoice
    if not (item.quantity or item.unit_amount):
        return Entry(item.line_item_id, item.description)
    borne = [f"{one.tracking_category_id}={one.tracking_option_id}" for one in item.tracking]
    return Entry(
        item.line_item_id,
        item.description,
        _plain(item.quantity),
        _plain(item.unit_amount),
        _discount(item.discount_rate, item.discount_amount),
        item.account_code,
        item.tax_type if taxed else "",
        ", ".join(sorted(borne)),
    )


def _discount(percent: Decimal | None, amount: Decimal | None) -> str:
    if percent:
        return f"{_plain(percent)} %"
    return _plain(amount) if amount else ""


def _plain(value: Decimal | None) -> str:
    """A number without zeros at its end, so that 1.50 and 1.5 are the same."""
    if not value:
        return "0"
    return f"{value.normalize():f}"
