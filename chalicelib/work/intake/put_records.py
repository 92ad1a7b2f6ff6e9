"""Storing the records of a file, a hundred at a time, each only if it is not there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from chalicelib.dispatch import store
from chalicelib.dispatch.model import Job, Slice
from chalicelib.errors import NotFound
from chalicelib.work import time_records
from chalicelib.work.add_time import put_new
from chalicelib.work.intake.answers import LEFT_OUT
from chalicelib.work.intake.findings import Findings
from chalicelib.work.intake.pages import Row, batches
from chalicelib.work.intake.places import AllMade, Made
from chalicelib.work.intake.read import File
from chalicelib.work.model import TimeRecord

BATCHES_PER_SAVE = 10
GONE = "What was read of this file has expired. Upload it again: what is here is not added twice."


@dataclass(slots=True)
class PutRecords:
    """Stores the records of what is left of a file's pages; how far is kept in the job."""

    job: Job
    file: File
    findings: Findings
    made: AllMade
    _where: dict[int, Made] = field(init=False)

    def __post_init__(self) -> None:
        """Look places up by their numbers."""
        self._where = {one.place: one for one in self.made.places}

    def go_on(self, slice_: Slice) -> bool:
        """Whether all is stored; the job is saved now and then, and stops when it was ended."""
        saved = 0
        for number in range(self.job.params["page"], self.findings.pages):
            page = self.file.page(number)
            if page is None:
                raise NotFound(GONE)
            for batch in batches(page, self.job.params["row"]):
                if slice_.over:
                    return False
                self._store(batch)
                saved += 1
                if saved % BATCHES_PER_SAVE == 0 and not store.update(self.job):
                    return False
            self.job.params |= {"page": number + 1, "row": 0}
        return True

    def _store(self, batch: list[Row]) -> None:
        wanted = [
            row
            for row in batch
            if row.place in self._where and self.made.staff[row.person] != LEFT_OUT
        ]
        records = [self._record(row, self._where[row.place]) for row in wanted]
        there = put_new(self.job.tenant_id, records)
        created, updated = self._of_those_there(there, wanted)
        created += len(records) - len(there)
        params, progress = self.job.params, self.job.progress
        params["row"] += len(batch)
        params["left_out"] += len(batch) - len(wanted)
        progress["done"] += len(batch)
        progress["created"] += created
        progress["updated"] += updated
        progress["unchanged"] += len(records) - created - updated
        self.job.message = f"{progress['done']:,} of {progress['total']:,} time records."

    def _of_those_there(self, there: set[str], rows: Sequence[Row]) -> tuple[int, int]:
        """How many a lost slice of this import stored, and how many are not to be billed now."""
        created = updated = 0
        elsewhere = {row.record_id for row in rows if row.elsewhere}
        for record in time_records.by_ids(self.job.tenant_id, there):
            if record.import_id == self.file.import_id:
                created += 1
            elif record.record_id in elsewhere and record.billable and not record.invoice_id:
                updated += time_records.set_billed_elsewhere(self.job.tenant_id, record)
        return created, updated

    def _record(self, row: Row, where: Made) -> TimeRecord:
        return TimeRecord(
            record_id=row.record_id,
            project_id=where.project_id,
            task_id=where.task_id,
            client_id=where.client_id,
            date=date.fromisoformat(row.date),
            minutes=row.minutes,
            staff=self.findings.people[row.person].name,
            staff_id=self.made.staff[row.person],
            note=row.note,
            billable=row.billable,
            billed_elsewhere=row.elsewhere,
            import_id=self.file.import_id,
        )
