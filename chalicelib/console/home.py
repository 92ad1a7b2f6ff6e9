"""Home: what needs attention, how invoices stand, and the first steps until they are done."""

from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.people.caller import Scope

pages = Pages(__name__)

JOBS = 10


@pages.get("/", scope=None)
def root(_visit: Visit) -> Redirect:
    """The bare address leads to Home."""
    return Redirect("/home")


@pages.get("/home")
def show(visit: Visit) -> Page:
    """Home of the tenant."""
    from chalicelib.connection import store as connections
    from chalicelib.console.first_steps import steps
    from chalicelib.console.standing import standing
    from chalicelib.dispatch import store as jobs
    from chalicelib.events import endpoints
    from chalicelib.events.model import EndpointState
    from chalicelib.invoices.model import SENDABLE, UNSETTLED
    from chalicelib.reference import found_faults

    now = standing(visit.tenant_id)
    todo = steps(connections.get(visit.tenant_id), invoiced=bool(now.recent))
    latest, _ = jobs.tenant_jobs(visit.tenant_id, JOBS)
    told = endpoints.of_tenant(visit.tenant_id)
    again = [one.invoice_id for one in now.troubled if one.state in SENDABLE | UNSETTLED]
    values = {
        "standing": now,
        "again": again,
        "may_send": Scope.SEND in visit.caller.scopes,
        "endpoints": [one for one in told if one.state is EndpointState.DISABLED],
        "steps": () if all(step.done for step in todo) else todo,
        "mapping": found_faults.last(visit.tenant_id),
        "jobs": [job for job in latest if job.state.open and job.created_by],
    }
    return Page("home.html", values)
