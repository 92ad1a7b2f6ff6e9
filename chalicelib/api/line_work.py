"""The work behind a line of an invoice."""

from datetime import date
from enum import StrEnum

import msgspec

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.invoices import provenance, store
from chalicelib.people.caller import Scope
from chalicelib.work.materials.model import Material
from chalicelib.work.model import TimeRecord

api = API(__name__)


class PieceKind(StrEnum):
    """What a piece of work is."""

    TIME = "time_record"
    MATERIAL = "material"


class PieceView(msgspec.Struct):
    """A time record or material behind a line; ``id`` leads to all that is known of it.

    ``minutes`` are a record's, ``quantity`` a material's. ``invoice_id`` is the invoice that
    bills it now: another than the line's, or null, once the line's own has let it go.
    """

    kind: PieceKind
    id: str
    project_id: str
    task_id: str | None
    date: date
    staff: str
    description: str
    minutes: int | None
    quantity: str | None
    invoice_id: str | None


class LineWork(msgspec.Struct):
    """A page of the work behind a line; ``gone`` counts what there is no more."""

    items: list[PieceView]
    next: str | None
    gone: int


@api.get(
    "/invoices/{invoice_id}/lines/{line_id}/work",
    scope=Scope.READ,
    answer=LineWork,
    query=query.PAGED,
)
def list_line_work(call: Call, invoice_id: str, line_id: str) -> LineWork:
    """The time records and materials that a line bills, in the order of the line."""
    invoice = store.get(call.tenant_id, invoice_id)
    found = provenance.behind(
        call.tenant_id,
        invoice,
        provenance.line_of(invoice, line_id),
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
    )
    items = [*map(_record, found.records), *map(_material, found.materials)]
    return LineWork(items, found.next, found.gone)


def _record(record: TimeRecord) -> PieceView:
    return PieceView(
        kind=PieceKind.TIME,
        id=record.record_id,
        project_id=record.project_id,
        task_id=record.task_id,
        date=record.date,
        staff=record.staff,
        description=record.note,
        minutes=record.minutes,
        quantity=None,
        invoice_id=record.invoice_id,
    )


def _material(material: Material) -> PieceView:
    return PieceView(
        kind=PieceKind.MATERIAL,
        id=material.material_id,
        project_id=material.project_id,
        task_id=None,
        date=material.date,
        staff=material.staff,
        description=material.name,
        minutes=None,
        quantity=f"{material.quantity:f}",
        invoice_id=material.invoice_id,
    )
