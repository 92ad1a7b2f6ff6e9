"""What was chosen at each layer of the mapping, kept with the organisation it is for.

All of it shares one beginning of its keys, so that one request reads the whole mapping. Codes of
other books are never mixed in: after connecting to another organisation nothing is chosen yet,
and what was chosen before is there again when the tenant comes back to it.
"""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.reference.layers import Chosen, Codes, Kind, Place
from chalicelib.reference.model import Mapping, Tracking
from chalicelib.reference.store import home
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.rows import Row

MAPPING = "mapping"


class MappingRow(Row):
    """What one layer says; the tenant's own row bears no kind and id in its key."""

    table = "reference"

    class Meta:
        pass

    account_code = UnicodeAttribute(default="")
    tax_type = UnicodeAttribute(default="")
    tracking = JSONAttribute(default=list)
    contact_tax = BooleanAttribute(default=False)
    contact_account = BooleanAttribute(default=False)


def load(tenant_id: str) -> Chosen:
    """The whole mapping as last stored, by one request; consistent."""
    tenant = Mapping()
    own: dict[Place, Codes] = {}
    rows = MappingRow.query(
        home(tenant_id), MappingRow.sk.startswith(MAPPING), consistent_read=True
    )
    for row in rows:
        _, kind, thing_id = [*row.sk.split("#", 2), "", ""][:3]
        codes = Codes(row.account_code, row.tax_type, _tracking(row))
        if not kind:
            tenant = Mapping(
                codes.account_code,
                codes.tax_type,
                codes.tracking,
                row.contact_tax,
                row.contact_account,
            )
        elif codes:
            own[Place(Kind(kind), thing_id)] = codes
    return Chosen(tenant, own)


def put_tenant(tenant_id: str, chosen: Mapping) -> None:
    """Store the tenant's defaults."""
    MappingRow(
        home(tenant_id),
        MAPPING,
        account_code=chosen.account_code,
        tax_type=chosen.tax_type,
        tracking=list(chosen.tracking),
        contact_tax=chosen.contact_tax,
        contact_account=chosen.contact_account,
    ).save()


def put(tenant_id: str, place: Place, codes: Codes) -> None:
    """Store what a thing has of its own; nothing is stored as such, and counts as silent."""
    MappingRow(
        home(tenant_id),
        key(place),
        account_code=codes.account_code,
        tax_type=codes.tax_type,
        tracking=list(codes.tracking),
    ).save()


def key(place: Place) -> str:
    """The sort key of what a thing has of its own."""
    return f"{MAPPING}#{place.kind}#{place.thing_id}"


def _tracking(row: MappingRow) -> tuple[Tracking, ...]:
    return tuple(Tracking(**entry) for entry in row.tracking)
