"""What became of every number of a tenant's own counting: none is missing without a word."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.invoices.mirror import XeroStatus
from chalicelib.invoices.model import InvoiceState
from chalicelib.invoices.numbering import DIGITS
from chalicelib.invoices.store import Numbered

MOST_NAMED = 500


class Became(StrEnum):
    """What became of a number."""

    USED = "used"
    HELD = "held"
    VOID = "void"
    DELETED = "deleted"
    GIVEN_BACK = "given_back"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Number:
    """A number that no live invoice in Xero bears, and the invoice that had it, if any.

    Missing ones in a row are told at once, from ``number`` to ``until``.
    """

    number: str
    became: Became
    invoice_id: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers from ``first`` to ``last``, counted by what became of them.

    ``named`` are those that are not used, at most 500 of them.
    """

    first: str = ""
    last: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    named: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class _Had:
    became: Became
    invoice_id: str


def account_for(
    found: Iterable[Numbered], prefix: str, given: int, first: dt.date, until: dt.date
) -> Numbers:
    """Account for the numbers of a month: up to its highest, from behind those before it.

    ``given`` is the highest number that the counter ever gave; while no invoice is dated later,
    the month answers for all up to it. What lies before the first number ever given is nobody's.
    """
    had = dict[int, _Had]()
    before, inside, after = 0, list[int](), False
    for one in found:
        for place, number in enumerate(one.numbers):
            count = counted(number, prefix)
            if count is None:
                continue
            latest = place == len(one.numbers) - 1
            _note(had, count, _Had(_became(one, latest=latest), one.invoice_id))
            if one.date < first:
                before = max(before, count)
            elif one.date < until:
                inside.append(count)
            else:
                after = True
    start = min([*([before + 1] if before else []), *inside], default=given + 1)
    end = max([*inside, *([] if after else [given])], default=0)
    if end < start:
        return Numbers()
    return _told(had, prefix, range(start, end + 1))


def counted(number: str, prefix: str) -> int | None:
    """The count in a number such as INV-00042; None for one of another kind."""
    digits = number.removeprefix(prefix)
    if not number.startswith(prefix) or not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits) if len(digits) <= LONGEST else None


LONGEST = 9


def _note(had: dict[int, _Had], count: int, new: _Had) -> None:
    """Whoever uses a number now goes before whoever gave it back."""
    there = had.get(count)
    if there is None or there.became is Became.GIVEN_BACK:
        had[count] = new


def _told(had: dict[int, _Had], prefix: str, every: range) -> Numbers:
    counts, named, expected = dict[str, int](), list[Number](), every.start

    def skip_to(count: int) -> None:
        if count > expected:
            counts[Became.MISSING] = counts.get(Became.MISSING, 0) + count - expected
            until = _written(prefix, count - 1) if count - 1 > expected else ""
            named.append(Number(_written(prefix, expected), Became.MISSING, until=until))

    for count in sorted(count for count in had if count in every):
        skip_to(count)
        one, expected = had[count], count + 1
        counts[one.became] = counts.get(one.became, 0) + 1
        if one.became is not Became.USED:
            named.append(Number(_written(prefix, count), one.became, one.invoice_id))
    skip_to(every.stop)
    first, last = _written(prefix, every[0]), _written(prefix, every[-1])
    return Numbers(first, last, counts, tuple(named[:MOST_NAMED]))


def _written(prefix: str, count: int) -> str:
    return f"{prefix}{count:0{DIGITS}d}"


def _became(one: Numbered, *, latest: bool) -> Became:
    if not latest or one.state == InvoiceState.DISCARDED:
        return Became.GIVEN_BACK
    if one.xero_status == XeroStatus.VOIDED:
        return Became.VOID
    if one.xero_status == XeroStatus.DELETED:
        return Became.DELETED
    return Became.USED if one.xero_status else Became.HELD
