"""What becomes of an invoice that was voided, deleted or credited in full."""

from chalicelib.console.follow import followed
from chalicelib.console.routing import Pages, Redirect, Visit
from chalicelib.dispatch.model import JobState
from chalicelib.people.caller import Scope

pages = Pages(__name__)


@pages.post("/invoices/{invoice_id}/redraft", scope=Scope.WRITE)
def redraft(visit: Visit, invoice_id: str) -> Redirect:
    """A fresh draft of it, and on to that."""
    from chalicelib.invoices import redraft as redrafting

    job = redrafting.start(visit.caller, invoice_id)
    made = job.result.get("invoice_id") if job.state is JobState.DONE else None
    return followed(job, f"/invoices/{made or invoice_id}")


@pages.post("/invoices/{invoice_id}/leave", scope=Scope.WRITE)
def leave(visit: Visit, invoice_id: str) -> Redirect:
    """Nothing becomes of it, for a reason."""
    from chalicelib.invoices import leave as leaving

    put_back = visit.form.get("put_work_back") == "yes"
    reason = visit.form.must("reason", "The reason")
    leaving.leave(visit.caller, invoice_id, reason, put_work_back=put_back)
    return Redirect(f"/invoices/{invoice_id}", "It is left as it is, and says why.")
