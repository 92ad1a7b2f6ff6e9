"""Exporting the trail: a job that writes every entry, and a signed checkpoint as last line.

The file goes to the object store part by part, and how far it has got is stored with the job, so
that a trail of any length needs little memory and a crash costs at most one part.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.audit import checkpoint, trail
from chalicelib.audit.model import BEGINNING, line_of
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.enqueue import enqueue, job
from chalicelib.dispatch.model import (
    Done,
    Job,
    JobState,
    More,
    Priority,
    Slice,
    Step,
    split_job_id,
    tenant_lane,
)
from chalicelib.errors import NotFound
from chalicelib.people.caller import Caller

KIND = "export-audit"
SMALLEST_PART = 5 * 1024 * 1024
"""What S3 takes at least for every part but the last (S3 user guide, multipart limits)."""

PER_READ = 500
LINK_SECONDS = 300
KEPT = timedelta(days=7)
"""As the bucket's lifecycle says."""


def start(caller: Caller) -> Job:
    """Write the caller's trail to a file, always by the queue: only the worker may sign."""
    wanted = job(
        KIND,
        tenant_lane(caller.tenant_id),
        caller.tenant_id,
        priority=Priority.BULK,
        created_by=caller.actor,
    )
    trail.record(caller, "audit export", f"export:{wanted.name}", "asked")
    return enqueue(wanted)


def found(tenant_id: str, export_id: str) -> Job:
    """The job of an export; raises NotFound, in the same words for anything else."""
    with suppress(NotFound):
        wanted = jobs.get(*split_job_id(export_id))
        if wanted.tenant_id == tenant_id and wanted.kind == KIND:
            return wanted
    raise NotFound("There is no such export.")


def expires_at(job: Job) -> datetime | None:
    """Until when the file can be had, None while it is not there."""
    if job.state is not JobState.DONE or job.finished_at is None:
        return None
    return job.finished_at + KEPT


def link(job: Job) -> str | None:
    """Where the file can be had for five minutes; None before it is there and once it is gone."""
    present, until = wiring.current(), expires_at(job)
    if until is None or present.clock.now() >= until:
        return None
    name = f"audit-trail-{job.result['made_at'][:10]}.jsonl"
    address: str = present.s3.generate_presigned_url(
        "get_object",
        Params={
            **_place(job),
            "ResponseContentType": "application/jsonl",
            "ResponseContentDisposition": f'attachment; filename="{name}"',
        },
        ExpiresIn=LINK_SECONDS,
    )
    return address


def handle(job: Job, slice_: Slice) -> Step:
    """Write some parts; safe to repeat from any point."""
    from botocore.exceptions import ClientError

    try:
        return _write(job, slice_)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchUpload":
            raise
        # It was finished by a worker that died before saying so, or given up by the store.
        job.params.clear()
        return More()


def _write(job: Job, slice_: Slice) -> Step:
    s3 = wiring.current().s3
    if not job.params:
        upload = s3.create_multipart_upload(**_place(job), ContentType="application/jsonl")
        job.params |= {"upload_id": upload["UploadId"], "parts": []}
        job.params |= {"number": 0, "hash": BEGINNING}
    while True:
        body, ended = _read(job)
        if ended:
            return _finish(job, body)
        _put_part(job, body)
        job.state, job.progress = JobState.RUNNING, {"done": job.params["number"]}
        if slice_.over or not jobs.update(job):
            return More()


def _read(job: Job) -> tuple[bytes, bool]:
    """The next part, and whether the trail ends with it."""
    body = bytearray()
    while len(body) < SMALLEST_PART:
        entries = trail.entries(job.tenant_id, job.params["number"], PER_READ)
        for entry in entries:
            body += line_of(entry)
            job.params["number"], job.params["hash"] = entry.number, entry.hash
        if len(entries) < PER_READ:
            return bytes(body), True
    return bytes(body), False


def _finish(job: Job, body: bytes) -> Step:
    made_at = wiring.current().clock.now()
    count, last_hash = job.params["number"], job.params["hash"]
    _put_part(job, body + checkpoint.line(job.tenant_id, count, last_hash))
    parts = [
        {"PartNumber": number, "ETag": etag}
        for number, etag in enumerate(job.params["parts"], start=1)
    ]
    wiring.current().s3.complete_multipart_upload(
        **_place(job), UploadId=job.params["upload_id"], MultipartUpload={"Parts": parts}
    )
    job.progress = {"done": count, "total": count}
    result = {"entries": count, "last_hash": last_hash, "made_at": made_at.isoformat()}
    return Done(f"{count:,} entries are exported.", result)


def _put_part(job: Job, body: bytes) -> None:
    answer = wiring.current().s3.upload_part(
        **_place(job),
        UploadId=job.params["upload_id"],
        PartNumber=len(job.params["parts"]) + 1,
        Body=body,
    )
    job.params["parts"].append(answer["ETag"])


def _place(job: Job) -> dict[str, Any]:
    """The tenant is part of the name, and comes from the job."""
    key = f"exports/{job.tenant_id}/{job.name}.jsonl"
    return {"Bucket": wiring.current().settings.uploads_bucket, "Key": key}
