"""Changing and removing a material while no invoice bills it."""

from dataclasses import replace
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.errors import Conflict
from chalicelib.work import keys, phases, queries
from chalicelib.work.materials import find
from chalicelib.work.materials.checks import CHECKS, consistent
from chalicelib.work.materials.model import Material
from chalicelib.work.materials.rows import MaterialRow
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.use import use as use_rate

KEPT = (
    "project_id", "client_id", "date", "name", "quantity", "currency", "kind", "unit", "cost",
    "markup", "price", "rate_id", "phase_id", "staff", "note", "billable", "sent", "version",
    "listing_key", "listing_order", "unbilled_key", "unbilled_order",
)  # fmt: skip


class OnInvoice(Conflict):
    """An invoice bills this material, so it stays as it is."""

    code = "on_invoice"

    def __init__(self) -> None:
        super().__init__("This material is on an invoice. Take it off the invoice first.")


def change(tenant_id: str, material_id: str, **changes: Any) -> Material:
    """Change what ``CHECKS`` names, phase_id or rate_id.

    Raises InvalidInput naming the field, and Conflict when the material is on an invoice, or
    somebody else changed it at the same moment.
    """
    before = find.get(tenant_id, material_id)
    if before.invoice_id:
        raise OnInvoice
    asked = dict(changes)
    if asked.get("rate_id") and asked["rate_id"] != before.rate_id:
        use_rate(tenant_id, asked["rate_id"], RateKind.MATERIAL, currency=before.currency)
    if "phase_id" in asked:
        asked["phase_id"] = phases.use(tenant_id, before.project_id, asked["phase_id"])
    checked = {name: CHECKS[name](v) if name in CHECKS else v for name, v in asked.items()}
    after = consistent(replace(before, **checked))
    if after == before:
        return before
    after = replace(after, version=before.version + 1)
    row = MaterialRow.of(tenant_id, after)
    if not queries.update(row, queries.replacement(row, KEPT), still(before)):
        raise Conflict("This material was just changed or invoiced. Look again.")
    return after


def delete(tenant_id: str, material_id: str) -> None:
    """Remove a material; raises Conflict when it is on an invoice, and NotFound."""
    before = find.get(tenant_id, material_id)
    row = MaterialRow(tenant_id, keys.material_sk(material_id))
    if before.invoice_id or not queries.remove(row, still(before)):
        raise OnInvoice


def still(material: Material) -> Condition:
    """That the material is as it was read, and on no invoice."""
    as_read: Condition = (
        MaterialRow.version == material.version
    ) & MaterialRow.invoice_id.does_not_exist()
    return as_read
