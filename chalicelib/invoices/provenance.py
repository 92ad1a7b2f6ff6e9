"""From a line of an invoice to the work behind it.

A line remembers its work for ever. While the invoice is live, that work is on it and does not
change; once it was released, it may have changed, be on another invoice, or be gone.
"""

from dataclasses import dataclass

from chalicelib.errors import InvalidInput, NotFound
from chalicelib.invoices import lines_work
from chalicelib.invoices.line import NO_WORK, Line
from chalicelib.invoices.model import Invoice
from chalicelib.storage import pages
from chalicelib.work import time_records
from chalicelib.work.materials import find as find_materials
from chalicelib.work.materials.model import Material
from chalicelib.work.model import TimeRecord


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of the work behind a line, in the order of the line: time first, then materials.

    ``gone`` counts what there is no more; ``next`` is the cursor of the rest, None at the end.
    """

    records: list[TimeRecord]
    materials: list[Material]
    gone: int = 0
    next: str | None = None


def line_of(invoice: Invoice, line_id: str) -> Line:
    """The line of that id; raises NotFound."""
    for line in invoice.lines:
        if line.line_id == line_id:
            return line
    raise NotFound("There is no such line.")


def behind(
    tenant_id: str, invoice: Invoice, line: Line, *, limit: int = 100, cursor: str | None = None
) -> Behind:
    """Up to ``limit`` pieces of the work behind a line; none for a line that bills none."""
    work = line.work or NO_WORK
    if not work.records + work.materials:
        return Behind([], [])
    ids = work.ids or lines_work.ids_of(tenant_id, invoice.invoice_id, line.line_id)
    start = _start(cursor)
    shown = ids[start : start + limit]
    time_ids = shown[: max(work.records - start, 0)]
    goods_ids = shown[len(time_ids) :]
    records = {one.record_id: one for one in time_records.by_ids(tenant_id, time_ids)}
    goods = {one.material_id: one for one in find_materials.by_ids(tenant_id, goods_ids)}
    rest = start + limit
    return Behind(
        [records[one] for one in time_ids if one in records],
        [goods[one] for one in goods_ids if one in goods],
        len(shown) - len(records) - len(goods),
        pages.cursor(str(rest)) if rest < len(ids) else None,
    )


def _start(cursor: str | None) -> int:
    place = pages.places(cursor, 1)
    if place is None:
        return 0
    if not place[0].isdecimal():
        raise InvalidInput("This cursor is not one that a list gave.", field="cursor")
    return int(place[0])
