"""Invoices: made, previewed, sent, synced, voided."""

from chalicelib import wiring
from chalicelib.api import invoice_requests as requests
from chalicelib.api import invoice_views as views
from chalicelib.api import plan_views, query
from chalicelib.api.invoice_requests import (
    BulkSendRequest,
    EditRequest,
    InvoiceRequest,
    PreviewRequest,
    ResolveRequest,
    SendRequest,
    VoidRequest,
)
from chalicelib.api.invoice_views import InvoiceSummary, InvoiceView, Preview
from chalicelib.api.jobs import JobView, accepted, job_view
from chalicelib.api.plan_views import PlanView
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import List
from chalicelib.connection import store as connections
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.invoices import links, put_back, show, store
from chalicelib.invoices.model import Basis, InvoiceState
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people.caller import Caller, Scope
from chalicelib.storage import read_many

api = API(__name__)

FILTERS = {
    **query.PAGED,
    "status": "one of our states, or Xero's status such as PAID",
    "client_id": "the invoices of one client",
}


@api.get("/invoices", scope=Scope.READ, answer=List[InvoiceSummary], query=FILTERS)
def list_invoices(call: Call) -> List[InvoiceSummary]:
    """Invoices, newest first; a page may be short and not the last."""
    found = store.listing(
        call.tenant_id,
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
        status=call.query.get("status", ""),
        client_id=call.query.get("client_id", ""),
    )
    return List([views.summary(invoice) for invoice in found], found.next)


@api.post(
    "/invoices",
    scope=Scope.WRITE,
    body=InvoiceRequest,
    answer=InvoiceView | PlanView,
    status=201,
)
def make_invoice(call: Call) -> Answer:
    """Make an invoice or a billing plan; over 200 time records it is made by a job."""
    from chalicelib.invoices import create

    asked: InvoiceRequest = call.body
    if asked.send:
        call.caller.must_have(Scope.SEND)
    if asked.basis is Basis.FIXED_DATES:
        from chalicelib.plans import make

        plan = make.make(call.caller, requests.plan_of(asked))
        return Answer(plan_views.view(plan), 201)
    job = create.start(call.caller, _wanted(call.tenant_id, asked))
    if job.state.open:
        return accepted(job)
    if job.state is not JobState.DONE:
        raise Conflict(job.message)
    invoice_id = str(job.result["invoice_id"])
    if "send" in job.result:
        _send_queued(call.caller, invoice_id)
    return Answer(view_of(call.tenant_id, invoice_id), 201)


@api.get("/invoices/{invoice_id}", scope=Scope.READ, answer=InvoiceView)
def read_invoice(call: Call, invoice_id: str) -> InvoiceView:
    """One invoice with its lines, payments and problems."""
    return view_of(call.tenant_id, invoice_id)


@api.patch("/invoices/{invoice_id}", scope=Scope.WRITE, body=EditRequest, answer=InvoiceView)
def edit_invoice(call: Call, invoice_id: str) -> InvoiceView:
    """Change a draft: its lines and their order, dates, reference, discount."""
    from chalicelib.invoices import edit

    asked: EditRequest = call.body
    edit.change(call.caller, invoice_id, asked.version, requests.changes(asked))
    return view_of(call.tenant_id, invoice_id)


@api.delete("/invoices/{invoice_id}", scope=Scope.WRITE, answer=None, status=204)
def discard_invoice(call: Call, invoice_id: str) -> Answer:
    """Discard a draft; its work is unbilled again."""
    from chalicelib.invoices import discard

    job = discard.start(call.caller, invoice_id)
    if job.state.open:
        return accepted(job)
    if job.state is not JobState.DONE:
        raise Conflict(job.message)
    return Answer(None, 204)


@api.post("/invoices/{invoice_id}/preview", scope=Scope.READ, body=PreviewRequest, answer=Preview)
def preview_invoice(call: Call, invoice_id: str) -> Preview:
    """The exact body that Xero would get, its totals, and what Xero would refuse."""
    asked: PreviewRequest = call.body
    invoice = store.get(call.tenant_id, invoice_id)
    return views.preview(invoice, show.would_send(call.tenant_id, invoice, asked.send_as))


@api.post("/invoices/{invoice_id}/send", scope=Scope.SEND, body=SendRequest, answer=InvoiceView)
def send_invoice(call: Call, invoice_id: str) -> Answer:
    """Send to Xero; never twice, however often it is asked for."""
    from chalicelib.invoices import send

    asked: SendRequest = call.body
    job = send.start(
        call.caller,
        [invoice_id],
        asked.send_as,
        renumber=asked.renumber,
        approved=asked.approval,
    )
    return after(call.tenant_id, job, invoice_id)


@api.post("/invoices/send", scope=Scope.SEND, body=BulkSendRequest, answer=JobView)
def send_invoices(call: Call) -> Answer:
    """Send many by a job, 50 to a call; its result tells of each invoice what became of it."""
    from chalicelib.invoices import ready, send

    asked: BulkSendRequest = call.body
    if asked.all_ready == bool(asked.invoice_ids):
        raise InvalidInput("Name invoices, or ask for all that are ready.", field="invoice_ids")
    chosen = ready.ready(call.tenant_id) if asked.all_ready else asked.invoice_ids
    if not chosen:
        raise Conflict(ready.NONE)
    job = send.start(call.caller, chosen, asked.send_as)
    return accepted(job) if job.state.open else Answer(job_view(job))


@api.post(
    "/invoices/{invoice_id}/resolve", scope=Scope.SEND, body=ResolveRequest, answer=InvoiceView
)
def resolve_invoice(call: Call, invoice_id: str) -> Answer:
    """Say what became of an invoice that Xero did not confirm, or whose number is taken there."""
    from chalicelib.invoices import resolve

    asked: ResolveRequest = call.body
    job = resolve.start(call.caller, invoice_id, asked.verdict, asked.document)
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    return after(call.tenant_id, job, invoice_id)


@api.post("/invoices/{invoice_id}/sync", scope=Scope.WRITE, answer=InvoiceView)
def sync_invoice(call: Call, invoice_id: str) -> Answer:
    """Fetch the invoice's status and payments from Xero."""
    from chalicelib.invoices import sync

    job = sync.start(call.caller, invoice_id)
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    return after(call.tenant_id, job, invoice_id)


@api.post("/invoices/sync", scope=Scope.WRITE, answer=JobView)
def sync_invoices(call: Call) -> Answer:
    """Fetch everything that changed in Xero since the last look."""
    from chalicelib.invoices import sync

    job = sync.start(call.caller)
    return accepted(job) if job.state.open else Answer(job_view(job))


@api.post("/invoices/{invoice_id}/void", scope=Scope.SEND, body=VoidRequest, answer=InvoiceView)
def void_invoice(call: Call, invoice_id: str) -> Answer:
    """Delete a draft in Xero, or void an approved invoice there."""
    from chalicelib.invoices import void

    asked: VoidRequest = call.body
    job = void.start(call.caller, invoice_id, reason=asked.reason, release=asked.release)
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    return after(call.tenant_id, job, invoice_id)


def _wanted(tenant_id: str, asked: InvoiceRequest) -> NewInvoice:
    from chalicelib.invoices import copying

    wanted = requests.wanted(asked)
    if asked.basis is Basis.COPY:
        return copying.of_invoice(tenant_id, wanted, asked.invoice_id)
    if asked.basis is Basis.TEMPLATE:
        return copying.of_template(tenant_id, wanted, asked.template_id)
    return wanted


def _send_queued(caller: Caller, invoice_id: str) -> None:
    """Send here and now what its job has queued; a worker may have been faster."""
    from chalicelib.invoices import send

    invoice = store.get(caller.tenant_id, invoice_id)
    if invoice.state is InvoiceState.QUEUED:
        send.start(caller, [invoice_id], invoice.send_as)


def after(tenant_id: str, job: Job, invoice_id: str) -> Answer:
    """The invoice as it now is, or the job that is still at it."""
    if job.state.open:
        return accepted(job)
    return Answer(view_of(tenant_id, invoice_id))


def view_of(tenant_id: str, invoice_id: str) -> InvoiceView:
    """One invoice as it now is."""
    row, found = read_many.read([store.key(tenant_id, invoice_id), connections.key(tenant_id)])
    if row is None:
        raise NotFound(store.UNKNOWN)
    invoice, connection = store.invoice_in(row), connections.found_in(found, tenant_id)
    link = links.in_xero(invoice, connection, wiring.current().settings)
    released = put_back.explained(tenant_id, invoice)
    return views.view(invoice, show.problems(tenant_id, invoice), link, released)
