"""What the last check of a mapping found, kept so that pages and the API have it by one read."""

from dataclasses import dataclass

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist

from chalicelib.reference.faults import Fault
from chalicelib.reference.store import home
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.rows import Row

FAULTS = "faults"
MOST_KEPT = 300
"""The first to be mended; with them mended the next come up."""


@dataclass(frozen=True, slots=True)
class Found:
    """The first faults, how many there are in all, and for how many of them Xero refuses."""

    faults: tuple[Fault, ...] = ()
    total: int = 0
    stopping: int = 0

    @classmethod
    def of(cls, faults: tuple[Fault, ...]) -> "Found":
        """What is kept of all these."""
        return cls(faults[:MOST_KEPT], len(faults), sum(fault.stops for fault in faults))


class FaultsRow(Row):
    """What the last check of one organisation's mapping found."""

    table = "reference"

    class Meta:
        pass

    faults = JSONAttribute()
    total = NumberAttribute()
    stopping = NumberAttribute()


def last(tenant_id: str) -> Found:
    """What the last check found; nothing before the first."""
    import msgspec

    try:
        row = FaultsRow.get(home(tenant_id), FAULTS)
    except DoesNotExist:
        return Found()
    faults = msgspec.convert(row.faults, tuple[Fault, ...])
    return Found(faults, int(row.total), int(row.stopping))


def keep(tenant_id: str, found: Found) -> None:
    """Keep what was found in the place of what is kept, unless it is the same."""
    if found != last(tenant_id):
        FaultsRow(
            home(tenant_id),
            FAULTS,
            faults=list(found.faults),
            total=found.total,
            stopping=found.stopping,
        ).save()
