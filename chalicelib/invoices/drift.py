"""Where Xero's document and the invoice here say something else, field by field.

Three sides are put beside each other: as it was sent, as it is here now, and as Xero has it now.
A field differs when Xero's value is not the one here; what was sent tells who changed it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest

from chalicelib.invoices import totals
from chalicelib.invoices.line import ZERO, Line, LineAmountTypes
from chalicelib.invoices.mirror import ENDED
from chalicelib.invoices.model import Invoice
from chalicelib.money import CENT, FOUR_PLACES, round_half_up
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice
from chalicelib.xero.wire.invoice import LineItem

Facts = Mapping[str, str]
BETWEEN = "; "
UNWRITABLE = ("contact", "number", "currency")
SUMS = frozenset({"sub_total", "total_tax", "total"})


@dataclass(frozen=True, slots=True)
class Side:
    """An invoice as one side has it: each fact as text, in Xero's words.

    ``names`` says how people call a fact that is compared by its id. A side without ``lines``
    says nothing of them; ``keys`` are Xero's ids of them, none where they are not known.
    """

    head: Facts
    lines: tuple[Facts, ...]
    names: Facts
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that Xero has otherwise; ``field`` is such as ``reference`` or ``lines[2].tax``.

    A whole line that only one side has is ``lines[2]``; what a side lacks is empty. Lines count
    from 0 in the order of Xero's document, and one that Xero lacks stands where it would follow.
    """

    field: str
    sent: str
    here: str
    theirs: str

    @property
    def line(self) -> int | None:
        """Which line it is of, counted from 1; None for the rest of the document."""
        number = self.field.removeprefix("lines[").partition("]")[0]
        return int(number) + 1 if number.isdigit() else None

    @property
    def name(self) -> str:
        """The field without its line; ``line`` for a whole one."""
        if self.line is None:
            return self.field
        return self.field.partition("].")[2] or "line"


Pair = tuple[int | None, int | None]


def ours(invoice: Invoice) -> Side:
    """The invoice as it is here."""
    head = {
        "contact": invoice.contact_id,
        "number": invoice.number,
        "reference": _plain(invoice.reference),
        "date": invoice.date.isoformat(),
        "due_date": invoice.due_date.isoformat(),
        "currency": invoice.currency,
        "line_amount_types": invoice.line_amount_types.value,
        **_sums(invoice.totals.sub_total, invoice.totals.total_tax, invoice.totals.total),
    }
    names = {invoice.contact_id: invoice.client_name}
    types = invoice.line_amount_types
    lines = tuple(_our_line(line, types, names) for line in invoice.lines)
    keys = invoice.xero_line_ids
    return Side(head, lines, names, keys if len(keys) == len(lines) else ())


def theirs(record: XeroInvoice) -> Side:
    """The invoice as Xero has it."""
    head = {
        "contact": record.contact.contact_id,
        "number": record.invoice_number,
        "reference": _plain(record.reference),
        "date": _day(record.date),
        "due_date": _day(record.due_date),
        "currency": record.currency_code,
        "line_amount_types": record.line_amount_types,
        **_sums(record.sub_total or ZERO, record.total_tax or ZERO, record.total or ZERO),
    }
    names = {record.contact.contact_id: record.contact.name}
    no_tax = record.line_amount_types == LineAmountTypes.NO_TAX
    lines = tuple(_their_line(item, names, no_tax=no_tax) for item in record.line_items)
    return Side(head, lines, names, tuple(item.line_item_id for item in record.line_items))


def unwritable(side: Side) -> dict[str, tuple[str, str]]:
    """What no change from here writes to an invoice that Xero has: to compare, and to show."""
    kept = {name: side.head[name] for name in UNWRITABLE}
    return {name: (value, _shown(name, value, side.names)) for name, value in kept.items()}


def ending(invoice: Invoice, record: XeroInvoice) -> tuple[Difference, ...]:
    """That somebody voided or deleted it in Xero, where it was not known yet."""
    before = invoice.xero_status
    if record.status not in ENDED or before in ENDED:
        return ()
    return (Difference("status", invoice.send_as.value, before, record.status),)


def compare(sent: Side, here: Side, now: Side) -> tuple[Difference, ...]:
    """Every field that Xero has otherwise than it is here, in the order of the document."""
    if here.head == now.head and (not now.lines or here.lines == now.lines):
        return ()
    names = {**sent.names, **here.names, **now.names}
    return tuple(
        Difference(field, *(_shown(field, side, names) for side in sides))
        for field, *sides in _differing(sent, here, now)
    )


def fingerprint(differences: Sequence[Difference]) -> str:
    """What tells these very differences from any others; empty for none."""
    if not differences:
        return ""
    told = "\x1e".join(f"{one.field}\x1f{one.here}\x1f{one.theirs}" for one in differences)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def pairs(one: Side, other: Side) -> list[Pair]:
    """Which line is which, by place on either side; None for a line that only one side has.

    By Xero's ids where both sides know any. Else lines that did not change find each other, and
    what lies between is paired in order; where both sides have as many lines, each stays with
    the one in its place unless moving says less.
    """
    if set(one.keys) & set(other.keys):
        return list(_by_key(one.keys, other.keys))
    moved = list(_aligned(one.lines, other.lines))
    if len(one.lines) != len(other.lines):
        return moved
    in_place: list[Pair] = [(place, place) for place in range(len(one.lines))]
    return min(in_place, moved, key=lambda found: _cost(found, one.lines, other.lines))


def _by_key(mine: Sequence[str], other: Sequence[str]) -> Iterator[Pair]:
    """In the order of the other side; what only the first has comes last."""
    places = {key: place for place, key in enumerate(mine)}
    for place, key in enumerate(other):
        yield (places.pop(key, None), place)
    for place in places.values():
        yield (place, None)


def _aligned(mine: Sequence[Facts], other: Sequence[Facts]) -> Iterator[Pair]:
    first, second = ([tuple(sorted(line.items())) for line in side] for side in (mine, other))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        yield from zip_longest(range(start, end), range(other_start, other_end))


def _cost(found: Sequence[Pair], mine: Sequence[Facts], other: Sequence[Facts]) -> int:
    cost = 0
    for one, two in found:
        if one is None or two is None:
            cost += 1 + len(mine[one] if one is not None else other[two or 0])
        else:
            cost += len(_unlike(mine[one], other[two]))
    return cost


def _differing(sent: Side, here: Side, now: Side) -> Iterator[tuple[str, str, str, str]]:
    found = [
        (name, sent.head.get(name, ""), here.head.get(name, ""), now.head[name])
        for name in now.head
        if here.head.get(name, "") != now.head[name]
    ]
    yield from (one for one in found if one[0] not in SUMS)
    if now.lines:
        yield from _of_lines(sent, here, now)
    yield from (one for one in found if one[0] in SUMS)


def _of_lines(sent: Side, here: Side, now: Side) -> Iterator[tuple[str, str, str, str]]:
    before = dict(_matched(pairs(here, sent)))
    last = -1
    for mine, other in pairs(here, now):
        last = other if other is not None else last + 1
        own = here.lines[mine] if mine is not None else {}
        told = now.lines[other] if other is not None else {}
        place = before.get(mine) if mine is not None else None
        first = sent.lines[place] if place is not None else {}
        if not own or not told:
            yield (f"lines[{last}]", _words(first), _words(own), _words(told))
            continue
        for name in _unlike(own, told):
            values = (first.get(name, ""), own.get(name, ""), told.get(name, ""))
            yield (f"lines[{last}].{name}", *values)


def _matched(found: Sequence[Pair]) -> Iterator[tuple[int, int]]:
    return ((one, two) for one, two in found if one is not None and two is not None)


def _unlike(one: Facts, two: Facts) -> list[str]:
    return [name for name in {**one, **two} if one.get(name, "") != two.get(name, "")]


def _words(line: Facts) -> str:
    """A whole line in a few words."""
    if "quantity" not in line:
        return line.get("description", "")
    return f"{line['description']}: {line['quantity']} at {line['unit_price']} = {line['amount']}"


def _shown(field: str, value: str, names: Mapping[str, str]) -> str:
    if field == "contact" and value:
        # Two contacts may have one name, so that only their ids tell them apart.
        return f"{names.get(value, '')} ({value[:8]})".strip()
    if not field.endswith(".tracking"):
        return value
    return ", ".join(names.get(part, part) for part in value.split(BETWEEN) if part)


def _our_line(line: Line, types: LineAmountTypes, names: dict[str, str]) -> Facts:
    if line.quantity is None:
        return {"description": _plain(line.description)}
    borne = [one for one in line.tracking or () if one.option_id]
    names |= {one.option_id: f"{one.category}: {one.option}" for one in borne}
    return {
        "description": _plain(line.description),
        "quantity": _number(line.quantity),
        "unit_price": _number(line.unit_price),
        "discount": _discount(line.discount_percent, line.discount_amount),
        "account": line.account_code,
        "tax_type": "" if types is LineAmountTypes.NO_TAX else line.tax_type,
        "tracking": BETWEEN.join(sorted(one.option_id for one in borne)),
        "amount": f"{totals.line_amount(line)}",
        "tax": f"{totals.line_tax(line, types)}",
    }


def _their_line(item: LineItem, names: dict[str, str], *, no_tax: bool) -> Facts:
    if says_only(item):
        return {"description": _plain(item.description)}
    names |= {one.tracking_option_id: f"{one.name}: {one.option}" for one in item.tracking}
    return {
        "description": _plain(item.description),
        "quantity": _number(item.quantity or ZERO),
        "unit_price": _number(item.unit_amount or ZERO),
        "discount": _discount(item.discount_rate, item.discount_amount),
        "account": item.account_code,
        "tax_type": "" if no_tax else item.tax_type,
        "tracking": BETWEEN.join(sorted(one.tracking_option_id for one in item.tracking)),
        "amount": f"{round_half_up(item.line_amount or ZERO)}",
        "tax": f"{round_half_up(item.tax_amount or ZERO)}",
    }


def says_only(item: LineItem) -> bool:
    """Whether a line of Xero's bills nothing and only says something."""
    return not (item.unit_amount or item.line_amount or item.account_code)


def _discount(percent: Decimal | None, amount: Decimal | None) -> str:
    if percent:
        return f"{_number(round_half_up(percent, CENT))} %"
    return f"{round_half_up(amount)}" if amount else ""


def _sums(sub_total: Decimal, total_tax: Decimal, total: Decimal) -> Facts:
    return {
        "sub_total": f"{round_half_up(sub_total)}",
        "total_tax": f"{round_half_up(total_tax)}",
        "total": f"{round_half_up(total)}",
    }


def _number(value: Decimal) -> str:
    """At up to four decimals, with none that say nothing."""
    text = f"{round_half_up(value, FOUR_PLACES):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _plain(text: str) -> str:
    """Without what Xero may tidy: ends of lines, and blanks at their ends."""
    return "\n".join(line.strip() for line in text.strip().splitlines())
