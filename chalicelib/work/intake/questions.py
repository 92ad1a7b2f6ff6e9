"""What a file leaves open, as questions to whoever brings it."""

from collections.abc import Mapping, Sequence

import msgspec

from chalicelib.errors import InvalidInput
from chalicelib.work.intake import encodings
from chalicelib.work.intake.columns import proposed, unique
from chalicelib.work.intake.dates import Order, Readings, readings
from chalicelib.work.intake.durations import DAY, seconds_of
from chalicelib.work.intake.kinds import Field
from chalicelib.work.intake.recognise import nearest

ORDERS = {
    Order.DAY_FIRST: "The day comes first",
    Order.MONTH_FIRST: "The month comes first",
    Order.YEAR_FIRST: "The year comes first",
}


class Option(msgspec.Struct, frozen=True):
    """An answer that can be given, with what the file would then say."""

    value: str
    label: str
    sample: str = ""


class Question(msgspec.Struct, frozen=True):
    """A question; ``name`` is the answer that settles it: encoding, columns or date_order.

    ``proposed`` is the answer that seems likely; it is shown, and never taken by itself.
    """

    name: str
    sentence: str
    options: tuple[Option, ...]
    proposed: dict[str, str] = {}


def encoding(raw: bytes) -> Question:
    """Which way these bytes read right."""
    options = [
        Option(code, label, ", ".join(words))
        for code, label in encodings.OTHERS.items()
        if (words := encodings.samples(raw, code))
    ]
    return Question(
        "encoding",
        "This file is not in UTF-8, so some of its letters can be read in several ways. Which of "
        "these reads right?",
        tuple(options),
        {"encoding": options[0].value} if options else {},
    )


def date_order(unclear: Sequence[tuple[str, Readings]]) -> Question:
    """In which order days are written; each option shows what the first of them would be."""
    orders = [order for order in Order if any(order in found for _, found in unclear)]
    options = [
        Option(
            order,
            ORDERS[order],
            "; ".join(
                f"{text} is {day.day} {day:%B %Y}" if day else f"{text} is no day"
                for text, day in ((text, found.get(order)) for text, found in unclear)
            ),
        )
        for order in orders
    ]
    return Question(
        "date_order",
        "The days in this file can be read in more than one way. How are they meant?",
        tuple(options),
    )


def columns(header: Sequence[str], first_rows: Sequence[Sequence[str]]) -> Question:
    """Which column says what; each option shows what its first rows hold."""
    names = unique(header)
    cells = {
        name: [row[number].strip() for row in first_rows if number < len(row)]
        for number, name in enumerate(names)
    }
    options = [Option(name, name, " · ".join(filter(None, cells[name]))[:80]) for name in names]
    likely = {str(field): name for field, name in proposed(header).items()}
    return Question("columns", _unknown(header), tuple(options), _by_contents(likely, cells))


def _by_contents(likely: dict[str, str], cells: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Day and hours by what columns hold, where their names do not tell."""
    found = dict(likely)
    days = [name for name, texts in cells.items() if any(texts) and all(map(_is_day, texts))]
    hours = [name for name, texts in cells.items() if any(texts) and all(map(_is_length, texts))]
    if days and Field.DATE not in found:
        found[Field.DATE] = days[0]
    if len(hours) == 1 and not {Field.DURATION, Field.MINUTES, Field.START} & set(found):
        found[Field.DURATION] = hours[0]
    return found


def _is_day(text: str) -> bool:
    return bool(readings(text))


def _is_length(text: str) -> bool:
    try:
        return 0 < seconds_of(text) <= DAY
    except InvalidInput:
        return False


def _unknown(header: Sequence[str]) -> str:
    near = nearest(header)
    if near is None:
        return "We do not know this kind of file. Say which column holds what."
    kind, missing = near
    lacks = ", ".join(name.capitalize() for name in missing)
    return (
        f"This looks like {kind.label}, but it has no column {lacks}. Export it again with all "
        "columns, or say which column holds what."
    )
