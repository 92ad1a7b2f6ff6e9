"""How a job is getting on: a page that people can wait on, and what the script asks for."""

import msgspec
from chalice.app import Response

from chalicelib.console.routing import Page, Pages, Visit, own_path
from chalicelib.dispatch import store
from chalicelib.dispatch.model import Job, split_job_id
from chalicelib.errors import NotFound

pages = Pages(__name__)


@pages.get("/jobs/{job_id}")
def show(visit: Visit, job_id: str) -> Page:
    """The job, with a way on to ``next`` once it is done."""
    then = own_path(visit.query.get("next", ""))
    return Page("job.html", {"job": _own_job(visit, job_id), "next": then})


@pages.get("/jobs/{job_id}/state")
def state(visit: Visit, job_id: str) -> Response:
    """The same in a few words of JSON, for the script that draws progress."""
    job = _own_job(visit, job_id)
    body = {
        "open": job.state.open,
        "state": job.state.value,
        "message": job.message,
        "done": job.progress.get("done", 0),
        "total": job.progress.get("total", 0),
    }
    return Response(
        msgspec.json.encode(body).decode(), headers={"Content-Type": "application/json"}
    )


def _own_job(visit: Visit, job_id: str) -> Job:
    job = store.get(*split_job_id(job_id))
    if job.tenant_id != visit.tenant_id:
        raise NotFound("There is no such job.")
    return job
