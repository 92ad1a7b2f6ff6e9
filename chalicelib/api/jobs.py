"""Jobs: work that takes longer than a request, and how it is getting on."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.api.routing import API, PREFIX, Answer, Call
from chalicelib.api.shapes import List
from chalicelib.clock import stamp
from chalicelib.dispatch import store
from chalicelib.dispatch.model import Job, split_job_id
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.people.caller import Scope
from chalicelib.storage.pages import cursor, places

api = API(__name__)

LISTED = {"limit": "1 to 200, 50 unless told", "cursor": "the next of the page before"}
MOST = 200


class Progress(msgspec.Struct):
    """Counts so far; ``total`` is 0 while it is unknown."""

    done: int = 0
    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0


class JobView(msgspec.Struct):
    """A job, with counts of how far it has got.

    ``state`` is queued, running or waiting while it is open, else done, failed or cancelled;
    ``message`` is a sentence about it.
    """

    id: str
    kind: str
    state: str
    message: str
    progress: Progress
    result: dict[str, Any]
    created_at: datetime
    finished_at: datetime | None


@api.get("/jobs", scope=Scope.READ, answer=List[JobView], query=LISTED)
def list_jobs(call: Call) -> List[JobView]:
    """The tenant's jobs, newest first."""
    return listed(call)


@api.get("/jobs/{job_id}", scope=Scope.READ, answer=JobView)
def read_job(call: Call, job_id: str) -> JobView:
    """One job as it stands."""
    job = store.get(*split_job_id(job_id))
    if job.tenant_id != call.tenant_id:
        raise NotFound("There is no such job.")
    return job_view(job)


def accepted(job: Job) -> Answer:
    """202 with the job, and where to follow it."""
    return Answer(job_view(job), 202, {"Location": f"{PREFIX}/jobs/{job.job_id}"})


def job_view(job: Job) -> JobView:
    """A job as the API shows it."""
    return JobView(
        id=job.job_id,
        kind=job.kind,
        state=job.state.value,
        message=job.message,
        progress=msgspec.convert(job.progress, Progress),
        result=job.result,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )


def listed(call: Call, kinds: tuple[str, ...] = ()) -> List[JobView]:
    """A page of the tenant's jobs, of some kinds or of all; it may be short and not the last."""
    after = places(call.query.get("cursor"), 3)
    key = None
    if after:
        lane, name, created_at = after
        key = _key(call.tenant_id, lane, name, created_at)
    found, last = store.tenant_jobs(call.tenant_id, _limit(call), key)
    following = None
    if last:
        following = cursor(found[-1].lane, found[-1].name, stamp(found[-1].created_at))
    return List([job_view(job) for job in found if not kinds or job.kind in kinds], following)


def _key(tenant_id: str, lane: str, name: str, created_at: str) -> dict[str, Any]:
    parts = {"tenant_id": tenant_id, "pk": lane, "sk": name, "created_at": created_at}
    return {part: {"S": value} for part, value in parts.items()}


def _limit(call: Call) -> int:
    text = call.query.get("limit", "50")
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise InvalidInput(f"limit is a number from 1 to {MOST}.", field="limit")
    return int(text)
