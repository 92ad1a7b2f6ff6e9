"""Finding materials: one, some, a project's, or those that wait for an invoice."""

from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.storage.pages import Page
from chalicelib.work import keys, queries
from chalicelib.work.materials.model import Material
from chalicelib.work.materials.rows import MaterialRow

NO_MATERIAL = "There is no such material."


def get(tenant_id: str, material_id: str) -> Material:
    """The material as last stored; raises NotFound."""
    row = queries.get(MaterialRow, tenant_id, keys.material_sk(material_id), NO_MATERIAL)
    found: Material = row.material()
    return found


def by_ids(tenant_id: str, material_ids: Iterable[str]) -> list[Material]:
    """Those of the materials that there are, in no order; consistent."""
    wanted = [(tenant_id, keys.material_sk(one)) for one in dict.fromkeys(material_ids)]
    return [row.material() for row in MaterialRow.batch_get(wanted, consistent_read=True)]


def listing(
    tenant_id: str,
    project_ids: Sequence[str],
    *,
    start: date | None = None,
    end: date | None = None,
    invoiced: bool | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> Page[Material]:
    """Materials of the projects, project after project, each by date, both days included."""
    where = None
    if invoiced is not None:
        on_invoice = MaterialRow.invoice_id
        where = on_invoice.exists() if invoiced else on_invoice.does_not_exist()
    rows = queries.walk(
        MaterialRow.listing,
        tenant_id,
        keys.material_listing,
        project_ids,
        limit=limit,
        cursor=cursor,
        between=queries.days(MaterialRow.listing_order, start, end),
        where=where,
    )
    return Page([row.material() for row in rows], rows.next)


def unbilled(
    tenant_id: str,
    project_ids: Sequence[str],
    start: date | None = None,
    end: date | None = None,
    *,
    limit: int = 1000,
    cursor: str | None = None,
) -> Page[Material]:
    """Billable materials of the projects that are on no invoice, both days included.

    What was stored a moment ago may be missing; what was claimed a moment ago may still be
    there, and ``claims.claim`` will refuse it.
    """
    rows = queries.walk(
        MaterialRow.unbilled,
        tenant_id,
        keys.unbilled_materials,
        project_ids,
        limit=limit,
        cursor=cursor,
        between=queries.days(MaterialRow.unbilled_order, start, end),
    )
    return Page([row.material() for row in rows], rows.next)


def of_rate(tenant_id: str, rate_id: str) -> list[Material]:
    """Every material that names this rate, of all projects; reads all of the tenant's."""
    rows = MaterialRow.query(
        tenant_id,
        MaterialRow.sk.startswith(keys.material_sk("")),
        MaterialRow.rate_id == rate_id,
        consistent_read=True,
    )
    return [row.material() for row in rows]
