"""From gathered work to the lines of an invoice: fixed prices, then time, then materials."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.invoices import scope as scopes
from chalicelib.invoices.build import time_lines
from chalicelib.invoices.build_materials import material_lines
from chalicelib.invoices.line import Line
from chalicelib.invoices.portions import portion_line, with_covered
from chalicelib.invoices.scope import Selection
from chalicelib.invoices.terms import Known
from chalicelib.work import claims, draws, phases, time_records
from chalicelib.work.fixed_price import Draw
from chalicelib.work.materials import find as find_materials
from chalicelib.work.materials.model import Material
from chalicelib.work.model import TimeRecord


@dataclass(slots=True)
class Gathered:
    """The work that an invoice bills: what is claimed for it, or what would be.

    ``more`` says that there is work that was not looked at.
    """

    records: Sequence[TimeRecord] = ()
    materials: Sequence[Material] = ()
    drawn: Sequence[Draw] = ()
    more: bool = False

    @property
    def pieces(self) -> int:
        """How many records and materials."""
        return len(self.records) + len(self.materials)

    def __bool__(self) -> bool:
        return bool(self.pieces or self.drawn)


def gathered(tenant_id: str, invoice_id: str) -> Gathered:
    """What is claimed and drawn for an invoice; consistent."""
    records = time_records.by_ids(tenant_id, claims.claimed(tenant_id, invoice_id))
    materials = find_materials.by_ids(tenant_id, claims.claimed_materials(tenant_id, invoice_id))
    return Gathered(
        sorted(records, key=lambda one: (one.date, one.record_id)),
        sorted(materials, key=lambda one: (one.date, one.material_id)),
        list(draws.of_invoice(tenant_id, invoice_id)),
    )


def lines_of(
    tenant_id: str, work: Gathered, selection: Selection, known: Known
) -> tuple[Line, ...]:
    """The lines that bill this work; raises InvalidInput for work without a price."""
    book = scopes.book(tenant_id, selection, known)
    covered = [record for record in work.records if selection.covered(record)]
    tracked = [record for record in work.records if not selection.covered(record)]
    return (
        *with_covered(_portions(tenant_id, work, selection, known), covered, selection.tasks),
        *time_lines(tracked, book, selection.wanted.style),
        *material_lines(work.materials, selection.projects, known.of_material),
    )


def _portions(tenant_id: str, work: Gathered, selection: Selection, known: Known) -> list[Line]:
    drawn = {(one.project_id, one.phase_id): one for one in work.drawn}
    lines = []
    for portion in selection.wanted.portions:
        draw = drawn.get((portion.project_id, portion.phase_id))
        if draw is None:
            continue
        phase = phases.get(tenant_id, portion.phase_id) if portion.phase_id else None
        terms = known.of_price(portion.project_id, draw.amount)
        project = selection.projects[portion.project_id]
        lines.append(portion_line(draw, portion, project, phase, terms))
    return lines
