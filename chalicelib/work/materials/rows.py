"""Rows of materials in the table of work."""

from dataclasses import fields
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.storage.attributes import DecimalAttribute
from chalicelib.storage.moments import DayAttribute
from chalicelib.work import keys
from chalicelib.work.materials.model import Material, MaterialKind
from chalicelib.work.store import ListingIndex, UnbilledIndex, WorkRow

NAMES = tuple(field.name for field in fields(Material))[1:]


class MaterialRow(WorkRow):
    """A material; in the index ``unbilled`` while it is billable and on no invoice."""

    class Meta:
        pass

    project_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    date = DayAttribute()
    name = UnicodeAttribute()
    quantity = DecimalAttribute()
    currency = UnicodeAttribute()
    kind = UnicodeAttribute()
    unit = UnicodeAttribute(default="")
    cost = DecimalAttribute(null=True)
    markup = DecimalAttribute(null=True)
    price = DecimalAttribute(null=True)
    rate_id = UnicodeAttribute(null=True)
    phase_id = UnicodeAttribute(null=True)
    staff = UnicodeAttribute(default="")
    note = UnicodeAttribute(default="")
    billable = BooleanAttribute(default=True)
    invoice_id = UnicodeAttribute(null=True)
    external_id = UnicodeAttribute(null=True)
    sent = UnicodeAttribute(null=True)
    version = NumberAttribute(default=1)
    unbilled_key = UnicodeAttribute(null=True)
    unbilled_order = UnicodeAttribute(null=True)

    listing = ListingIndex()
    unbilled = UnbilledIndex()

    @classmethod
    def of(cls, tenant_id: str, material: Material) -> "MaterialRow":
        """The row of a material."""
        order = keys.dated(material.date, material.material_id)
        row = cls(
            tenant_id,
            keys.material_sk(material.material_id),
            listing_key=keys.material_listing(tenant_id, material.project_id),
            listing_order=order,
            **{name: getattr(material, name) for name in NAMES},
        )
        if material.billable and material.invoice_id is None:
            row.unbilled_key = keys.unbilled_materials(tenant_id, material.project_id)
            row.unbilled_order = order
        return row

    def material(self) -> Material:
        """The material in this row."""
        found: dict[str, Any] = {name: getattr(self, name) for name in NAMES}
        return Material(self.sk.partition("#")[2], **{**found, "kind": MaterialKind(self.kind)})
