"""What becomes of an invoice that was voided, deleted or credited in full."""

import msgspec

from chalicelib.api.invoice_views import InvoiceView
from chalicelib.api.invoices import view_of
from chalicelib.api.jobs import accepted
from chalicelib.api.routing import API, Answer, Call
from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict
from chalicelib.people.caller import Scope

api = API(__name__)


class LeaveRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why nothing becomes of it.

    Where a credit note was taken back in Xero, ``put_work_back`` puts what is unbilled of the
    work that it released on the invoice again.
    """

    reason: str
    put_work_back: bool = False


@api.post("/invoices/{invoice_id}/redraft", scope=Scope.WRITE, answer=InvoiceView, status=201)
def redraft_invoice(call: Call, invoice_id: str) -> Answer:
    """Make a fresh draft of it, with the same lines, work and deposits."""
    from chalicelib.invoices import redraft

    job = redraft.start(call.caller, invoice_id)
    if job.state.open:
        return accepted(job)
    if job.state is not JobState.DONE:
        raise Conflict(job.message)
    return Answer(view_of(call.tenant_id, str(job.result["invoice_id"])), 201)


@api.post(
    "/invoices/{invoice_id}/leave", scope=Scope.WRITE, body=LeaveRequest, answer=InvoiceView
)
def leave_invoice(call: Call, invoice_id: str) -> InvoiceView:
    """Leave it as it is, with its work on it, and say why."""
    from chalicelib.invoices import leave

    asked: LeaveRequest = call.body
    leave.leave(call.caller, invoice_id, asked.reason, put_work_back=asked.put_work_back)
    return view_of(call.tenant_id, invoice_id)
