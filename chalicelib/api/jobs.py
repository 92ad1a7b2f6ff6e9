"""Jobs: work that takes longer than a request, and how it is getting on."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.api.routing import API, PREFIX, Answer, Call
from chalicelib.api.shapes import List
from chalicelib.dispatch import store
from chalicelib.dispatch.cancel import cancel, may_cancel
from chalicelib.dispatch.listing import listing
from chalicelib.dispatch.model import Job, split_job_id
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.people.caller import Scope

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
    removed: int = 0


class JobView(msgspec.Struct):
    """A job, with counts of how far it has got.

    ``state`` is queued, running or waiting while it is open, else done, failed or cancelled;
    ``message`` is a sentence about it. ``cancellable`` says whether it can be cancelled now.
    """

    id: str
    kind: str
    state: str
    message: str
    progress: Progress
    result: dict[str, Any]
    created_at: datetime
    finished_at: datetime | None
    cancellable: bool


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


@api.post("/jobs/{job_id}/cancel", scope=Scope.WRITE, answer=JobView)
def cancel_job(call: Call, job_id: str) -> JobView:
    """Cancel a job: nothing more of it is begun, and what it did so far stays."""
    return job_view(cancel(call.caller, job_id))


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
        cancellable=may_cancel(job),
    )


def listed(call: Call, kinds: tuple[str, ...] = ()) -> List[JobView]:
    """A page of the tenant's jobs, of some kinds or of all; it may be short and not the last."""
    page = listing(call.tenant_id, _limit(call), after=call.query.get("cursor"))
    return List([job_view(job) for job in page if not kinds or job.kind in kinds], page.next)


def _limit(call: Call) -> int:
    text = call.query.get("limit", "50")
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise InvalidInput(f"limit is a number from 1 to {MOST}.", field="limit")
    return int(text)
