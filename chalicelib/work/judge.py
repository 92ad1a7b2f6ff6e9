"""Looking through a file of time before any of it is taken."""

from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib.work import uploads
from chalicelib.work.toggl import Entry, Refused, Report, UnusableFile

MOST_REFUSED_KEPT = 500
"""A job's result has room for so many; the rest are counted."""


@dataclass(slots=True)
class Judged:
    """What a file holds; ``refused`` are the first of ``refused_count`` rows."""

    good: int = 0
    minutes: int = 0
    billable_minutes: int = 0
    clients: set[str] = field(default_factory=set)
    projects: set[tuple[str, ...]] = field(default_factory=set)
    staff: set[str] = field(default_factory=set)
    refused_count: int = 0
    refused: list[Refused] = field(default_factory=list)

    def as_result(self) -> dict[str, Any]:
        """What a job remembers of it."""
        return {
            "refused_count": self.refused_count,
            "refused": [asdict(row) for row in self.refused],
            "minutes": self.minutes,
            "billable_minutes": self.billable_minutes,
        }


def judge(report: Report) -> Judged:
    """Every row judged; raises UnusableFile when the file has none, or breaks off."""
    judged = Judged()
    for row in report:
        if isinstance(row, Entry):
            _accept(judged, row)
        else:
            judged.refused_count += 1
            if judged.refused_count <= MOST_REFUSED_KEPT:
                judged.refused.append(row)
    if not judged.good and not judged.refused_count:
        raise UnusableFile("This file has a header and no rows.")
    return judged


def preview(tenant_id: str, import_id: str) -> Judged:
    """What the file of an import holds; raises NotFound while none has arrived, UnusableFile."""
    return judge(Report(uploads.read(tenant_id, import_id).content))


def _accept(judged: Judged, entry: Entry) -> None:
    judged.good += 1
    judged.minutes += entry.facts.minutes
    if entry.billable:
        judged.billable_minutes += entry.facts.minutes
    judged.clients.add(entry.client)
    judged.projects.add(entry.identity[:2])
    judged.staff.add(entry.facts.staff)
