"""The part of the page of clients that brings them in from Xero."""

from urllib.parse import quote

from chalicelib.console.routing import Pages, Redirect, Visit
from chalicelib.people.caller import Scope

pages = Pages(__name__)


@pages.post("/clients/import", scope=Scope.WRITE)
def begin(visit: Visit) -> Redirect:
    """Ask for the import and follow it; one that is under way is followed instead."""
    from chalicelib.reference.contacts.ask import start

    job = start(visit.caller)
    return Redirect(f"/jobs/{quote(job.job_id)}?next=/clients")
