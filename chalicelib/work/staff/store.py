"""Where staff are kept: in the table of work."""

from dataclasses import replace

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib import wiring
from chalicelib.errors import Conflict
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.moments import MomentAttribute
from chalicelib.storage.pages import Page
from chalicelib.work import keys, queries
from chalicelib.work.names import name_key
from chalicelib.work.staff.model import Roll, Staff
from chalicelib.work.store import ListingIndex, WorkRow

STAFF = "staff#"
NOBODY = "There is nobody like this among the staff."
KEPT = (
    "name", "email", "external_id", "rate_id", "former", "archived", "updated_at", "version",
    "listing_key", "listing_order", "name_key",
)  # fmt: skip


class StaffRow(WorkRow):
    """One of the staff."""

    class Meta:
        pass

    name = UnicodeAttribute()
    email = UnicodeAttribute(default="")
    external_id = UnicodeAttribute(default="")
    rate_id = UnicodeAttribute(null=True)
    former = JSONAttribute(default=list)
    archived = BooleanAttribute(default=False)
    in_use = BooleanAttribute(default=False)
    updated_at = MomentAttribute()
    version = NumberAttribute(default=1)

    listing = ListingIndex()

    @classmethod
    def of(cls, tenant_id: str, staff: Staff) -> "StaffRow":
        """The row of one of the staff."""
        return cls(
            tenant_id,
            STAFF + staff.staff_id,
            listing_key=keys.staff_listing(tenant_id, archived=staff.archived),
            listing_order=keys.name_order(staff.name, staff.staff_id),
            name_key=name_key(staff.name),
            name=staff.name,
            email=staff.email,
            external_id=staff.external_id,
            rate_id=staff.rate_id,
            former=list(staff.former),
            archived=staff.archived,
            in_use=staff.in_use,
            updated_at=staff.updated_at,
            version=staff.version,
        )

    def staff(self) -> Staff:
        """The one in this row."""
        return Staff(
            staff_id=self.sk.removeprefix(STAFF),
            name=self.name,
            email=self.email,
            external_id=self.external_id,
            rate_id=self.rate_id,
            former=tuple(self.former),
            archived=self.archived,
            in_use=self.in_use,
            updated_at=self.updated_at,
            version=int(self.version),
        )


def add(tenant_id: str, staff: Staff) -> bool:
    """Store a new one; False when the id is taken."""
    return queries.add(StaffRow.of(tenant_id, staff))


def get(tenant_id: str, staff_id: str) -> Staff:
    """One of the staff as last stored; raises NotFound."""
    row = queries.get(StaffRow, tenant_id, STAFF + staff_id, NOBODY)
    found: Staff = row.staff()
    return found


def roll(tenant_id: str) -> Roll:
    """All staff, archived ones too; consistent."""
    rows = StaffRow.query(tenant_id, StaffRow.sk.startswith(STAFF), consistent_read=True)
    return Roll(tuple(row.staff() for row in rows))


def listing(
    tenant_id: str,
    *,
    archived: bool = False,
    search: str = "",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[Staff]:
    """Live or archived staff by name, those whose name contains ``search``."""
    rows = queries.page(
        StaffRow.listing,
        tenant_id,
        keys.staff_listing(tenant_id, archived=archived),
        limit=limit,
        cursor=cursor,
        where=queries.containing(search),
    )
    return Page([row.staff() for row in rows], rows.next)


def save(tenant_id: str, before: Staff, after: Staff) -> Staff:
    """Store a change; raises Conflict when somebody else changed it at the same moment."""
    now = wiring.current().clock.now()
    stored = replace(after, updated_at=now, version=before.version + 1)
    row = StaffRow.of(tenant_id, stored)
    if not queries.update(
        row, queries.replacement(row, KEPT), StaffRow.version == before.version
    ):
        raise Conflict("Somebody else has just changed this person. Look again.")
    return stored


def mark_used(tenant_id: str, staff_id: str) -> None:
    """Note that there is time of theirs, so that they stay."""
    row = StaffRow(tenant_id, STAFF + staff_id)
    queries.update(row, [StaffRow.in_use.set(True)], StaffRow.pk.exists())


def remove(tenant_id: str, staff_id: str) -> bool:
    """Delete one without any time; False for any other, who stays."""
    free = StaffRow.in_use == False  # noqa: E712  an expression of DynamoDB's
    return queries.remove(StaffRow(tenant_id, STAFF + staff_id), free)
