"""How far the accounts of an organisation were read, and when they last were read in full."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.exceptions import DoesNotExist

from chalicelib.reference.store import home
from chalicelib.storage.moments import MomentAttribute
from chalicelib.storage.rows import Row

MARKS = "codes"


@dataclass(frozen=True, slots=True)
class Marks:
    """``accounts_until`` is when the latest account that was seen had changed in Xero."""

    accounts_until: datetime | None = None
    whole_read_at: datetime | None = None

    def whole_read_due(self, now: datetime, every: timedelta) -> bool:
        """Whether the last full read lies so far back, or there was none."""
        return self.whole_read_at is None or now - self.whole_read_at >= every


class MarksRow(Row):
    """The marks of one organisation."""

    table = "reference"

    class Meta:
        pass

    accounts_until = MomentAttribute(null=True)
    whole_read_at = MomentAttribute(null=True)


def get(tenant_id: str) -> Marks:
    """The marks; empty ones before the first read."""
    try:
        row = MarksRow.get(home(tenant_id), MARKS, consistent_read=True)
    except DoesNotExist:
        return Marks()
    return Marks(row.accounts_until, row.whole_read_at)


def put(tenant_id: str, marks: Marks) -> None:
    """Store the marks."""
    MarksRow(
        home(tenant_id),
        MARKS,
        accounts_until=marks.accounts_until,
        whole_read_at=marks.whole_read_at,
    ).save()
