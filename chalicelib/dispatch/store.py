"""Where jobs and lanes are kept: the table of jobs."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition, size
from pynamodb.expressions.update import Action
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    KeysOnlyProjection,
    LocalSecondaryIndex,
)
from pynamodb.transactions import TransactWrite

from chalicelib.clock import parse_stamp, stamp
from chalicelib.dispatch.model import Job, JobState, Priority
from chalicelib.errors import NotFound
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.refused import CONDITION_FAILED, CONFLICT, refused
from chalicelib.storage.rows import Row, transaction_connection

DUE_SHARDS = 8
KEPT_DAYS = 400
PER_TRANSACTION = 100
NEWS = "news"
MOST_NEWS = 500
"""More than that is about everything; an item holds some thousand of them."""


class OpenIndex(LocalSecondaryIndex["JobRow"]):
    """The open jobs of a lane, first things first; local, so that reads are consistent."""

    class Meta:
        index_name = "open"
        projection = AllProjection()

    pk = UnicodeAttribute(hash_key=True)
    open_order = UnicodeAttribute(range_key=True)


class DueIndex(GlobalSecondaryIndex["JobRow"]):
    """What the tick reads: jobs by the moment they fall due."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class TenantIndex(GlobalSecondaryIndex["JobRow"]):
    """A tenant's jobs, newest last."""

    class Meta:
        index_name = "tenant"
        projection = AllProjection()

    tenant_id = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class JobRow(Row):
    """A job; the attributes of the indexes are there only while the job is open."""

    table = "jobs"

    class Meta:
        pass

    tenant_id = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute(null=True)
    kind = UnicodeAttribute(default="")
    priority = NumberAttribute(default=int(Priority.BACKGROUND))
    state = UnicodeAttribute(default=JobState.QUEUED.value)
    attempts = NumberAttribute(default=0)
    created_by = UnicodeAttribute(default="")
    params = JSONAttribute(default=dict)
    progress = JSONAttribute(default=dict)
    message = UnicodeAttribute(default="")
    result = JSONAttribute(default=dict)
    finished_at = UnicodeAttribute(null=True)
    open_order = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    ticket = UnicodeAttribute(null=True)
    news = UnicodeSetAttribute(null=True)

    open_index = OpenIndex()
    due_index = DueIndex()
    tenant_index = TenantIndex()


HAS_ROOM = (JobRow.news.exists() & (size(NEWS) < MOST_NEWS)) | (
    JobRow.open_order.does_not_exist()
)


def ask(job: Job, *, unless_open: bool = False) -> bool:
    """Store a job that somebody wants done, with a fresh ticket.

    With ``unless_open`` a job of the same name that is still open is left alone and False is
    the answer: that is how repeated wishes become one piece of work. Without it the wish takes
    the place of an earlier one, and a worker busy with that one will find its ticket gone.
    """
    return _save(job, JobRow.open_order.does_not_exist() if unless_open else None)


def ask_in(transaction: TransactWrite, job: Job, *, anew: bool = False) -> None:
    """Add to a transaction that a job of a new name is asked for; its worker is to be woken.

    With ``anew`` it takes the place of an earlier one, as in ``ask``.
    """
    condition = None if anew else JobRow.pk.does_not_exist()
    transaction.save(_row(job), condition=condition)


def ask_about(jobs: Sequence[Job]) -> None:
    """Store wishes about some news each, beside the news that their jobs wait with already.

    One that waits about everything stays so, and one with too much news becomes so; with several
    jobs, then all of these are. Every ticket is fresh. One request, or one per hundred jobs; one
    more for each job where it is refused.
    """
    for start in range(0, len(jobs), PER_TRANSACTION):
        part = jobs[start : start + PER_TRANSACTION]
        if not _add_news(part):
            for job in part:
                _row(replace(job, news=frozenset())).save()


def _add_news(jobs: Sequence[Job]) -> bool:
    """False where one has no room, or somebody else was writing at the same moment."""
    try:
        if len(jobs) == 1:
            # Updates of one row wait for each other, where transactions refuse each other.
            (job,) = jobs
            JobRow(job.lane, job.name).update(actions=_asking(job), condition=HAS_ROOM)
            return True
        with TransactWrite(connection=transaction_connection()) as transaction:
            for job in jobs:
                row = JobRow(job.lane, job.name)
                transaction.update(row, actions=_asking(job), condition=HAS_ROOM)
    except UpdateError as error:
        if error.cause_response_code not in {
            f"{CONDITION_FAILED}Exception",
            f"{CONFLICT}Exception",
        }:
            raise
        return False
    except TransactWriteError as error:
        if not refused(error, CONDITION_FAILED, CONFLICT):
            raise
        return False
    return True


def _asking(job: Job) -> list[Action]:
    """What ``_row`` says of a fresh job, with its news added to what is there."""
    row = _row(replace(job, news=frozenset()))
    values = {name: getattr(row, name) for name in JobRow.get_attributes()}
    of_key = {"pk", "sk", "news"}
    return [
        JobRow.news.add(set(job.news)),
        *(
            attribute.remove() if values[name] is None else attribute.set(values[name])
            for name, attribute in JobRow.get_attributes().items()
            if name not in of_key
        ),
    ]


def update(job: Job) -> bool:
    """Store how a job has got on, unless it was asked for anew or cancelled meanwhile."""
    return _save(job, JobRow.ticket == job.ticket)


def update_in(transaction: TransactWrite, job: Job) -> None:
    """Add to a transaction how a job has got on, on the same condition as ``update``."""
    transaction.save(_row(job), condition=JobRow.ticket == job.ticket)


def cancel(job: Job, why: str, now: datetime) -> bool:
    """End a job as cancelled; False when it has ended or was asked for anew meanwhile.

    Its ticket is taken away, so that a worker busy with it can store no more.
    """
    try:
        JobRow(job.lane, job.name).update(
            actions=[
                JobRow.state.set(JobState.CANCELLED.value),
                JobRow.message.set(why),
                JobRow.finished_at.set(stamp(now)),
                JobRow.expires_at.set(now + timedelta(days=KEPT_DAYS)),
                JobRow.open_order.remove(),
                JobRow.due_shard.remove(),
                JobRow.due_at.remove(),
                JobRow.ticket.remove(),
            ],
            condition=JobRow.open_order.exists() & (JobRow.ticket == job.ticket),
        )
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _save(job: Job, condition: Condition | None) -> bool:
    try:
        _row(job).save(condition=condition)
    except PutError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def get(lane: str, name: str) -> Job:
    """The job as last stored; raises NotFound."""
    try:
        return _job(JobRow.get(lane, name, consistent_read=True))
    except DoesNotExist:
        raise NotFound("There is no such job.") from None


def open_jobs(lane: str, limit: int | None = None) -> list[Job]:
    """The open jobs of a lane, first things first; a consistent read."""
    rows = JobRow.open_index.query(lane, consistent_read=True, limit=limit)
    return [_job(row) for row in rows]


def lanes_due(now: datetime) -> Iterator[str]:
    """Every lane with a job due by now, each once."""
    seen: set[str] = set()
    for shard in range(DUE_SHARDS):
        for row in JobRow.due_index.query(str(shard), JobRow.due_at <= stamp(now)):
            if row.pk not in seen:
                seen.add(row.pk)
                yield row.pk


def tenant_jobs(
    tenant_id: str, limit: int, after: dict[str, Any] | None = None
) -> tuple[list[Job], dict[str, Any] | None]:
    """A page of a tenant's jobs, newest first, and the key to go on from."""
    found = JobRow.tenant_index.query(
        tenant_id, scan_index_forward=False, limit=limit, last_evaluated_key=after
    )
    return [_job(row) for row in found], found.last_evaluated_key


def _row(job: Job) -> JobRow:
    row = JobRow(job.lane, job.name)
    row.tenant_id = job.tenant_id or None
    row.created_at = stamp(job.created_at)
    row.kind = job.kind
    row.priority = int(job.priority)
    row.state = job.state.value
    row.attempts = job.attempts
    row.created_by = job.created_by
    row.params = job.params
    row.progress = job.progress
    row.message = job.message
    row.result = job.result
    row.ticket = job.ticket
    if job.state.open:
        row.news = set(job.news) or None
        due = stamp(job.due_at)
        row.open_order = f"{job.priority:d}#{due}#{job.name}"
        row.due_shard = shard_of(job.lane)
        row.due_at = due
    elif job.finished_at:
        row.finished_at = stamp(job.finished_at)
        row.expires_at = job.finished_at + timedelta(days=KEPT_DAYS)
    return row


def shard_of(lane: str) -> str:
    """The part of the due index that holds a lane's jobs."""
    return str(zlib.crc32(lane.encode()) % DUE_SHARDS)


def _job(row: JobRow) -> Job:
    return Job(
        lane=row.pk,
        name=row.sk,
        tenant_id=row.tenant_id or "",
        kind=row.kind,
        priority=Priority(int(row.priority)),
        due_at=parse_stamp(row.due_at or row.created_at),
        created_at=parse_stamp(row.created_at),
        created_by=row.created_by,
        state=JobState(row.state),
        attempts=int(row.attempts),
        params=row.params,
        progress=row.progress,
        message=row.message,
        result=row.result,
        finished_at=parse_stamp(row.finished_at) if row.finished_at else None,
        ticket=row.ticket or "",
        news=frozenset(row.news or ()),
    )
