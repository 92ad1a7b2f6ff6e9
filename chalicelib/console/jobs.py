"""Activity: the work that was asked for, how it is getting on, and how it ended."""

from urllib.parse import quote, urlencode

import msgspec
from chalice.app import Response

from chalicelib.console import job_names
from chalicelib.console.routing import Page, Pages, Redirect, Visit, own_path
from chalicelib.dispatch import store
from chalicelib.dispatch.cancel import cancel, may_cancel
from chalicelib.dispatch.listing import listing
from chalicelib.dispatch.model import Job, split_job_id
from chalicelib.errors import NotFound
from chalicelib.people.caller import Scope

pages = Pages(__name__)

LISTED = 50
TONES = {"done": "good", "failed": "bad", "cancelled": "quiet", "waiting": "warn"}


@pages.get("/jobs")
def list_jobs(visit: Visit) -> Page:
    """The tenant's work, newest first."""
    from chalicelib.audit.names import of_actors

    page = listing(visit.tenant_id, LISTED, after=visit.query.get("cursor"))
    following = f"/jobs?{urlencode({'cursor': page.next})}" if page.next else ""
    values = {
        "jobs": [(job_names.name(job.kind), job) for job in page],
        "next": following,
        "tones": TONES,
        "names": of_actors(visit.tenant_id),
    }
    return Page("jobs/list.html", values)


@pages.get("/jobs/{job_id}")
def show(visit: Visit, job_id: str) -> Page:
    """The job, with a way on to ``next`` once it is done."""
    job = _own_job(visit, job_id)
    values = {
        "job": job,
        "name": job_names.name(job.kind),
        "next": own_path(visit.query.get("next", "")),
        "may_cancel": may_cancel(job) and Scope.WRITE in visit.caller.scopes,
    }
    return Page("jobs/one.html", values)


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


@pages.post("/jobs/{job_id}/cancel", scope=Scope.WRITE)
def stop(visit: Visit, job_id: str) -> Redirect:
    """Cancel the job and show it so; what it did before stays."""
    job = cancel(visit.caller, job_id)
    then = own_path(visit.form.get("next"))
    return Redirect(f"/jobs/{quote(job.job_id)}?{urlencode({'next': then})}")


def _own_job(visit: Visit, job_id: str) -> Job:
    job = store.get(*split_job_id(job_id))
    if job.tenant_id != visit.tenant_id:
        raise NotFound("There is no such job.")
    return job
