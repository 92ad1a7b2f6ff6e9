"""Taking back what a file brought: a job that removes its records while no invoice bills them.

It goes by what was read of the file, so it can be done while that is kept, for a week. Clients,
projects and tasks that were made stay: there may be other time on them by now.
"""

from pynamodb.transactions import TransactWrite

from chalicelib.audit import trail
from chalicelib.dispatch import store
from chalicelib.dispatch.model import Done, Failed, Job, JobState, More, Slice, Step
from chalicelib.errors import Conflict
from chalicelib.people.caller import Caller
from chalicelib.storage.each import write_each
from chalicelib.work import keys, time_records, uploads
from chalicelib.work.intake import jobs
from chalicelib.work.intake.jobs import Kind
from chalicelib.work.intake.look import file_of
from chalicelib.work.intake.pages import Row, batches
from chalicelib.work.model import TimeRecord
from chalicelib.work.store import TimeRow

GONE = "What was read of this file has expired, so it cannot be taken back any more."


def start(caller: Caller, import_id: str) -> Job:
    """Take back what an import brought.

    Raises NotFound for an import that is not there, and Conflict while it is under way, or when
    it has brought nothing in.
    """
    taken = jobs.found(caller.tenant_id, Kind.TAKE, import_id)
    if taken is None:
        uploads.arrived(caller.tenant_id, import_id)
    if taken is None or "row" not in taken.params:
        raise Conflict("This import has brought nothing in.")
    if taken.state.open:
        raise Conflict("This import is under way. Cancel it, or wait for its end.")
    earlier = jobs.taken_back(caller.tenant_id, import_id, taken)
    if earlier:
        return earlier
    trail.record(caller, Kind.TAKE_BACK, import_id, "asked")
    read = {name: taken.params[name] for name in ("etag", "answers")}
    return jobs.begin(jobs.wanted(caller, Kind.TAKE_BACK, import_id, read))


def handle(job: Job, slice_: Slice) -> Step:
    """Remove the records of one page after the other; safe to repeat from any point."""
    file, params = file_of(job), job.params
    found = file.found()
    if found is None:
        return Failed(GONE)
    params.setdefault("page", 0)
    job.progress = {"done": 0, "removed": 0, "kept": 0, **job.progress}
    job.progress["total"] = found.findings.rows
    while params["page"] < found.findings.pages:
        page = file.page(params["page"])
        if page is None:
            return Failed(GONE)
        for batch in batches(page):
            _remove(job, batch)
        params["page"] += 1
        job.state = JobState.RUNNING
        job.message = f"{job.progress['done']:,} of {job.progress['total']:,} rows."
        if slice_.over or not store.update(job):
            return More()
    return Done(_summary(job))


def _remove(job: Job, batch: list[Row]) -> None:
    import_id = job.params["import_id"]

    def delete(transaction: TransactWrite, record: TimeRecord) -> None:
        ours = TimeRow.import_id == import_id
        transaction.delete(
            TimeRow(job.tenant_id, keys.time_sk(record.record_id)),
            condition=ours & TimeRow.invoice_id.does_not_exist(),
        )

    there = time_records.by_ids(job.tenant_id, (row.record_id for row in batch))
    brought = [record for record in there if record.import_id == import_id]
    free = [record for record in brought if not record.invoice_id]
    kept = len(brought) - len(free) + len(write_each(free, delete))
    job.progress["done"] += len(batch)
    job.progress["kept"] += kept
    job.progress["removed"] += len(brought) - kept


def _summary(job: Job) -> str:
    removed, kept = job.progress["removed"], job.progress["kept"]
    said = f"{removed:,} time {'record' if removed == 1 else 'records'} taken back"
    if not kept:
        return f"{said}."
    return f"{said}; {kept:,} {'stays' if kept == 1 else 'stay'}, because an invoice bills them."
