"""The link between a grant and one of the organisations it opens."""

from datetime import datetime

import msgspec

from chalicelib.xero.wire.base import Wire


class Connection(Wire, frozen=True, rename=None):
    """An element of ``/connections``: its own id is not the organisation's.

    ``connection_id`` is what a disconnect takes; ``organisation_id`` is what a call names.
    """

    connection_id: str = msgspec.field(name="id", default="")
    organisation_id: str = msgspec.field(name="tenantId", default="")
    kind: str = msgspec.field(name="tenantType", default="")
    name: str = msgspec.field(name="tenantName", default="")
    authorised_by: str = msgspec.field(name="authEventId", default="")
    created_at: datetime | None = msgspec.field(name="createdDateUtc", default=None)
    updated_at: datetime | None = msgspec.field(name="updatedDateUtc", default=None)

    @property
    def is_organisation(self) -> bool:
        """Whether it is a company's books, not a practice's tools."""
        return self.kind == "ORGANISATION"
