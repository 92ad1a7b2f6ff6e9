"""Bringing in a CSV file: choose it, look at what it holds, take it, read the report.

The file goes straight to the store of uploads, which sends the browser back here; nothing is
taken before a person has seen what would be.
"""

from typing import Any

from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.people.caller import Scope
from chalicelib.work import import_time_records, uploads
from chalicelib.work.judge import Judged, preview
from chalicelib.work.toggl import UnusableFile

pages = Pages(__name__)


@pages.get("/time/import", scope=Scope.WRITE)
def choose(visit: Visit) -> Page:
    """A form that leads to the store of uploads."""
    upload = uploads.make(visit.tenant_id, back_to="/time/import/{id}")
    values = {"upload": upload, "largest": uploads.LARGEST}
    return Page("time/import.html", values, posts_to=upload.url)


@pages.get("/time/import/{import_id}", scope=Scope.WRITE)
def show(visit: Visit, import_id: str) -> Page:
    """What the file holds, or how taking it is getting on, or what came of it."""
    job = import_time_records.found_job(visit.tenant_id, import_id)
    if job is None or job.state is JobState.FAILED:
        return _look(visit, import_id, failed=job.message if job else "")
    return _page(import_id, job=job)


@pages.post("/time/import/{import_id}", scope=Scope.WRITE)
def begin(visit: Visit, import_id: str) -> Page | Redirect:
    """Take the file; the page that follows shows the progress."""
    rate = visit.form.get("rate")
    try:
        import_time_records.start(visit.caller, import_id, new_task_rate=rate)
    except InvalidInput as error:
        return _look(visit, import_id, error)
    return Redirect(f"/time/import/{import_id}")


def _look(
    visit: Visit, import_id: str, error: InvalidInput | None = None, failed: str = ""
) -> Page:
    try:
        judged = preview(visit.tenant_id, import_id)
        return _page(import_id, judged=judged, error=error, failed=failed)
    except (UnusableFile, NotFound) as fault:
        return _page(import_id, fault=fault)


def _page(
    import_id: str,
    *,
    judged: Judged | None = None,
    job: Job | None = None,
    fault: UnusableFile | NotFound | None = None,
    error: InvalidInput | None = None,
    failed: str = "",
) -> Page:
    values: dict[str, Any] = {
        "import_id": import_id,
        "judged": judged,
        "job": job,
        "fault": fault,
        "error": error,
        "failed": failed,
    }
    bad = fault or error
    return Page("time/import_file.html", values, bad.status if bad else 200)
