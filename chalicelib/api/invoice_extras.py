"""What goes with an invoice in Xero: a note, its timesheet, an e-mail; its link and its PDF."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.api import invoice_views as views
from chalicelib.api.invoice_views import ProblemView
from chalicelib.api.jobs import accepted
from chalicelib.api.routing import API, Answer, Call
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import Conflict
from chalicelib.invoices import extras, fetch, pdf_link, store
from chalicelib.invoices.extras import ExtraName, ExtraState
from chalicelib.people.caller import Scope

api = API(__name__)

HERE = "/invoices/{invoice_id}"


class ExtrasRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What to do for an invoice that is in Xero; the note and the e-mail are done once."""

    names: Annotated[list[ExtraName], Meta(min_length=1)]


class ExtraView(msgspec.Struct):
    """An extra and how it stands; ``problem`` says why it was refused or what is in doubt.

    ``state`` is wanted, trying, done, refused (certainly not done) or doubtful (Xero did not
    confirm, and only a person can tell).
    """

    name: ExtraName
    state: ExtraState
    sentence: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    problem: ProblemView | None


class ExtrasView(msgspec.Struct):
    """The extras that were asked for, by a person or the settings, and what can be asked for.

    ``online_url`` is where the client sees the invoice, once that was fetched.
    """

    items: list[ExtraView]
    possible: list[ExtraName]
    online_url: str | None


class OnlineLinkView(msgspec.Struct):
    """Where the client sees and pays the invoice."""

    url: str


class PdfView(msgspec.Struct):
    """Where the invoice's PDF can be had until ``expires_at``, as Xero printed it then."""

    url: str
    fetched_at: datetime
    expires_at: datetime


@api.get(f"{HERE}/extras", scope=Scope.READ, answer=ExtrasView)
def read_extras(call: Call, invoice_id: str) -> ExtrasView:
    """What was done in Xero for an invoice beside sending it."""
    return _view(call.tenant_id, invoice_id)


@api.post(f"{HERE}/extras", scope=Scope.SEND, body=ExtrasRequest, answer=ExtrasView)
def do_extras(call: Call, invoice_id: str) -> Answer:
    """Leave the note, attach the timesheet or have Xero e-mail the invoice, each at most once."""
    from chalicelib.invoices import extras_job

    asked: ExtrasRequest = call.body
    job = extras_job.start(call.caller, invoice_id, asked.names)
    if job.state.open:
        return accepted(job)
    return Answer(_view(call.tenant_id, invoice_id))


@api.post(f"{HERE}/online-link", scope=Scope.WRITE, answer=OnlineLinkView)
def fetch_online_link(call: Call, invoice_id: str) -> Answer:
    """Fetch the link under which the client sees and pays an approved invoice."""
    job = fetch.start(call.caller, invoice_id, fetch.LINK)
    if job.state.open:
        return accepted(job)
    _demand_done(job)
    return Answer(OnlineLinkView(extras.of_invoice(call.tenant_id, invoice_id).online_url))


@api.post(f"{HERE}/pdf", scope=Scope.WRITE, answer=PdfView)
def fetch_pdf(call: Call, invoice_id: str) -> Answer:
    """Fetch the invoice from Xero as it is printed there."""
    job = fetch.start(call.caller, invoice_id, fetch.PDF)
    if job.state.open:
        return accepted(job)
    _demand_done(job)
    return Answer(_pdf(call.tenant_id, invoice_id))


@api.get(f"{HERE}/pdf", scope=Scope.READ, answer=PdfView)
def read_pdf(call: Call, invoice_id: str) -> PdfView:
    """The PDF that was fetched within the hour, unless the invoice has changed since."""
    return _pdf(call.tenant_id, invoice_id)


def _demand_done(job: Job) -> None:
    if job.state is JobState.FAILED:
        raise Conflict(job.message)


def _pdf(tenant_id: str, invoice_id: str) -> PdfView:
    invoice = store.get(tenant_id, invoice_id)
    pdf = pdf_link.pdf_of(invoice, extras.of_invoice(tenant_id, invoice_id))
    if pdf is None:
        raise Conflict("There is no PDF of this invoice as it is now. Fetch it first.")
    url, until = pdf_link.signed_link(invoice, pdf)
    return PdfView(url, pdf.fetched_at, until)


def _view(tenant_id: str, invoice_id: str) -> ExtrasView:
    invoice = store.get(tenant_id, invoice_id)
    known = extras.of_invoice(tenant_id, invoice_id)
    items = [
        ExtraView(
            name=one.name,
            state=one.state,
            sentence=one.sentence,
            asked_by=one.asked_by,
            asked_at=one.asked_at,
            ended_at=one.ended_at,
            problem=views.problem_view(one.problem) if one.problem else None,
        )
        for one in known.shown
    ]
    return ExtrasView(items, extras.possible(invoice), known.online_url or None)
