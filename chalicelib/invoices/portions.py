"""Parts of fixed prices: how much somebody wants to bill, and the lines that come of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

import msgspec

from chalicelib.errors import InvalidInput
from chalicelib.invoices.build import Terms
from chalicelib.invoices.line import Line, Work
from chalicelib.money import CENT, round_half_up
from chalicelib.work.fixed_price import CENTS, Draw, Overdrawn, called, left
from chalicelib.work.model import Phase, Project, Task, TimeRecord

HUNDRED = Decimal(100)


class Take(StrEnum):
    """How much of a price: all of it at once, a part of it, or what is left."""

    FULL = "full"
    PERCENT = "percent"
    AMOUNT = "amount"
    REST = "rest"


class Portion(msgspec.Struct, frozen=True):
    """A part of the price of a project, or of one of its phases, that is to be billed.

    ``value`` is a percentage of the price or an amount; only those two have one.
    """

    project_id: str
    phase_id: str = ""
    take: Take = Take.REST
    value: Decimal | None = None


def amount_of(portion: Portion, project: Project, phase: Phase | None) -> Decimal | None:
    """How much a portion bills, at two decimals; None is what is left when it is drawn.

    Raises InvalidInput for what is no part of a price, and Overdrawn for all of a price of which
    a part is billed.
    """
    price = project.price if phase is None or phase.price is None else phase.price
    if not project.fixed or not price:
        raise InvalidInput(f"{project.name} bills no fixed price.", field="portions")
    match portion.take:
        case Take.REST:
            return None
        case Take.FULL:
            if left(project, phase) < price:
                raise Overdrawn(called(project, phase), left(project, phase), project.currency)
            return price
        case Take.PERCENT:
            amount = round_half_up(price * _value(portion, HUNDRED) / HUNDRED)
        case Take.AMOUNT:
            amount = _value(portion, price)
    if amount > left(project, phase):
        raise Overdrawn(called(project, phase), left(project, phase), project.currency)
    if not amount:
        raise InvalidInput("Say how much of the price to bill.", field="portions")
    return amount


def portion_line(
    draw: Draw, portion: Portion, project: Project, phase: Phase | None, terms: Terms
) -> Line:
    """The line that bills what was drawn; ``terms`` give its codes."""
    return Line(
        description=f"{called(project, phase)}: {_words(draw, portion, project, phase)}",
        quantity=Decimal(1),
        unit_price=draw.amount,
        account_code=terms.account_code,
        tax_type=terms.tax_type,
        tax_percent=terms.tax_percent,
        tracking=terms.tracking,
        work=Work(project_id=project.project_id, phase_id=draw.phase_id, drawn=True),
    )


def cents_of(line: Line) -> int:
    """How much of a fixed price a line bills: its amount before any discount, in cents."""
    gross = (line.quantity or Decimal(0)) * line.unit_price
    return int(round_half_up(gross) * CENTS)


def with_covered(
    lines: Iterable[Line], records: Iterable[TimeRecord], tasks: Mapping[str, Task]
) -> tuple[Line, ...]:
    """The lines with the time that they cover: a phase's on its line, all else on the project's.

    Where a project has no line for the whole of it, the rest is on its first line.
    """
    found = list(lines)
    places: dict[tuple[str, str], int] = {}
    for place, line in enumerate(found):
        if line.work:
            places.setdefault((line.work.project_id, line.work.phase_id), place)
            places.setdefault((line.work.project_id, ""), place)
    covered: dict[int, list[TimeRecord]] = {}
    for record in records:
        phase_id = tasks[record.task_id].phase_id or ""
        whole = places[(record.project_id, "")]
        covered.setdefault(places.get((record.project_id, phase_id), whole), []).append(record)
    for place, behind in covered.items():
        work = found[place].work
        if work:
            found[place] = replace(
                found[place],
                work=replace(
                    work,
                    records=len(behind),
                    minutes=sum(record.minutes for record in behind),
                    record_ids=tuple(record.record_id for record in behind),
                ),
            )
    return tuple(found)


def _words(draw: Draw, portion: Portion, project: Project, phase: Phase | None) -> str:
    price = project.price if phase is None or phase.price is None else phase.price
    if draw.amount == price:
        return "agreed price"
    if portion.take is Take.PERCENT and portion.value is not None:
        return f"{portion.value.normalize():f} % of the agreed price"
    return "rest of the agreed price" if portion.take is Take.REST else "part of the agreed price"


def _value(portion: Portion, most: Decimal) -> Decimal:
    value = portion.value
    if value is None or not value > 0 or value != value.quantize(CENT):
        raise InvalidInput(
            "Say how much of the price to bill, with at most 2 decimals.", field="portions"
        )
    if portion.take is Take.PERCENT and value > most:
        raise InvalidInput("A part of a price is at most 100 %.", field="portions")
    return value
