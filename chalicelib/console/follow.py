"""Where somebody goes who asked for work that may take a while."""

from urllib.parse import quote

from chalicelib.console.routing import Redirect
from chalicelib.dispatch.model import Job, JobState


def followed(job: Job, then: str, *, told: str = "") -> Redirect:
    """On to the page; by way of the job's own while it is not done."""
    if job.state.open:
        return Redirect(f"/jobs/{quote(job.job_id)}?next={quote(then)}")
    return Redirect(then, told if told and job.state is JobState.DONE else job.message)
