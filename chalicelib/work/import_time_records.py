"""Bringing in a file of time records, by a job in the tenant's lane.

Every row is judged before the first is stored, and a file that cannot be read leaves nothing
behind. A record's id is made of what its row says and of how many equal rows came before it, so
the same file again adds nothing, and two rows that are truly equal both count.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from chalicelib.audit import trail
from chalicelib.dispatch import store
from chalicelib.dispatch.enqueue import do_now, job
from chalicelib.dispatch.model import (
    Done,
    Failed,
    Job,
    JobState,
    More,
    Priority,
    Slice,
    Step,
    tenant_lane,
)
from chalicelib.errors import Conflict, NotFound
from chalicelib.people.caller import Caller
from chalicelib.storage.each import PER_WRITE
from chalicelib.work import tasks, uploads
from chalicelib.work.add_time import put_new
from chalicelib.work.ids import same_id
from chalicelib.work.judge import Judged, judge
from chalicelib.work.match import Match
from chalicelib.work.model import TimeRecord
from chalicelib.work.toggl import Entry, Report, UnusableFile

KIND = "import-time-records"
BATCHES_PER_SAVE = 10
INLINE_SECONDS = 3
"""A small file is done when the next page opens; a large one shows its progress there."""


def start(caller: Caller, import_id: str, *, new_task_rate: str | None = None) -> Job:
    """Bring in the file that has arrived; asking again answers with the same job.

    ``new_task_rate`` is per hour, for tasks that are not there yet; without it they have no rate
    until somebody sets one. Raises NotFound while no file has arrived.
    """
    arrived = uploads.read(caller.tenant_id, import_id)
    rate = tasks.clean_rate(new_task_rate or arrived.rate)
    lane, name = tenant_lane(caller.tenant_id), job_name(import_id)
    earlier = found_job(caller.tenant_id, import_id)
    if earlier and earlier.state not in {JobState.FAILED, JobState.CANCELLED}:
        return earlier
    trail.record(caller, "import-time-records", import_id, "asked", bytes=len(arrived.content))
    return do_now(
        job(
            KIND,
            lane,
            caller.tenant_id,
            name=name,
            created_by=caller.actor,
            priority=Priority.BULK,
            params={
                "import_id": import_id,
                "etag": arrived.etag,
                "rate": None if rate is None else str(rate),
                "next": 0,
            },
        ),
        unless_open=True,
        seconds=INLINE_SECONDS,
    )


def found_job(tenant_id: str, import_id: str) -> Job | None:
    """The job of an import, None before it was begun."""
    try:
        return store.get(tenant_lane(tenant_id), job_name(import_id))
    except NotFound:
        return None


def job_name(import_id: str) -> str:
    """An import has one job."""
    return f"import-{import_id}"


def handle(job: Job, slice_: Slice) -> Step:
    """Take what is left of the file, a hundred records at a time, until the slice is over."""
    try:
        arrived = uploads.read(job.tenant_id, job.params["import_id"], etag=job.params["etag"])
        judged = judge(Report(arrived.content))
    except (UnusableFile, NotFound, Conflict) as error:
        return Failed(f"{error.sentence} Nothing more of this file was brought in.")
    _begin(job, judged)
    if not _take(job, slice_, Report(arrived.content)):
        return More()
    return Done(_summary(job), judged.as_result())


def _begin(job: Job, judged: Judged) -> None:
    job.state = JobState.RUNNING
    counts = {"done": 0, "created": 0, "unchanged": 0}
    job.progress = {
        **counts,
        **job.progress,
        "total": judged.good,
        "skipped": judged.refused_count,
    }


def _take(job: Job, slice_: Slice, report: Report) -> bool:
    """Whether the file is done; how far it has got is in the job."""
    rate = job.params["rate"]
    match = Match(job.tenant_id, None if rate is None else Decimal(rate), report.currency)
    waiting = islice(_numbered(job.tenant_id, report), job.params["next"], None)
    batches = 0
    while batch := list(islice(waiting, PER_WRITE)):
        if slice_.over:
            return False
        records = [_record(match, record_id, entry) for record_id, entry in batch]
        _count(job, len(records), len(put_new(job.tenant_id, records)))
        batches += 1
        if batches % BATCHES_PER_SAVE == 0 and not store.update(job):
            return False
    return True


def _count(job: Job, taken: int, unchanged: int) -> None:
    job.params["next"] += taken
    job.progress["done"] += taken
    job.progress["unchanged"] += unchanged
    job.progress["created"] += taken - unchanged
    job.message = f"{job.progress['done']:,} of {job.progress['total']:,} time records."


def _numbered(tenant_id: str, report: Report) -> Iterator[tuple[str, Entry]]:
    """The rows that can be taken, each with the id of its record."""
    seen: Counter[str] = Counter()
    for entry in report:
        if isinstance(entry, Entry):
            equal = same_id(tenant_id, "toggl", *entry.identity)
            seen[equal] += 1
            yield same_id(equal, str(seen[equal])), entry


def _record(match: Match, record_id: str, entry: Entry) -> TimeRecord:
    client, project, task = match.place(entry.client, entry.project, entry.task)
    return TimeRecord(
        record_id=record_id,
        project_id=project.project_id,
        task_id=task.task_id,
        client_id=client.client_id,
        date=entry.facts.date,
        minutes=entry.facts.minutes,
        staff=entry.facts.staff,
        note=entry.facts.note,
        billable=entry.billable,
    )


def _summary(job: Job) -> str:
    counts = job.progress
    said = f"{_counted(counts['created'], 'time record')} brought in"
    if counts["unchanged"]:
        said += f", {counts['unchanged']:,} already here"
    if counts["skipped"]:
        said += f", {_counted(counts['skipped'], 'row')} refused"
    return said + "."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
