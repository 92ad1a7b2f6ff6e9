"""Home: what needs attention, how invoices stand, and the first steps until they are done."""

from chalicelib.console.routing import Page, Pages, Redirect, Visit

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
    from chalicelib.reference import found_faults

    now = standing(visit.tenant_id)
    todo = steps(connections.get(visit.tenant_id), invoiced=bool(now.recent))
    latest, _ = jobs.tenant_jobs(visit.tenant_id, JOBS)
    values = {
        "standing": now,
        "steps": () if all(step.done for step in todo) else todo,
        "mapping": found_faults.last(visit.tenant_id),
        "jobs": [job for job in latest if job.state.open and job.created_by],
    }
    return Page("home.html", values)
