"""Where Xero has invoices otherwise than they are here, and what becomes of it."""

import datetime as dt

import msgspec

from chalicelib.api import invoice_views, query
from chalicelib.api.invoice_views import InvoiceSummary
from chalicelib.api.jobs import JobView, accepted, job_view
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import List
from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict
from chalicelib.invoices import drift_store, store
from chalicelib.people.caller import Scope

api = API(__name__)

HERE = "/invoices/{invoice_id}/drift"


class DifferenceView(msgspec.Struct):
    """A field on three sides; ``line`` counts from 1, ``field`` ``line`` is a whole line.

    A side that has no such line is empty. Long values are cut, with an ellipsis at the end.
    """

    field: str
    line: int | None
    sent: str
    here: str
    in_xero: str


class DriftView(msgspec.Struct):
    """What differs; ``seen`` goes with whatever is done about it, null where nothing does.

    ``fields`` counts what differs, of which the first are in ``differences``. ``ignored`` is the
    reason why somebody lets it be.
    """

    seen: str | None
    fields: int
    noticed_at: dt.datetime | None
    ignored: str | None
    ignored_by: str | None
    ignored_at: dt.datetime | None
    differences: list[DifferenceView]


class SeenRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which differences were looked at; where they are others by now, nothing is done."""

    seen: str = ""


class IgnoreRequest(SeenRequest):
    """Why they are let be."""

    reason: str = ""


@api.get(
    "/invoices/drift",
    scope=Scope.READ,
    answer=List[InvoiceSummary],
    query={**query.PAGED, "ignored": "true: those that somebody lets be, too"},
)
def list_drift(call: Call) -> List[InvoiceSummary]:
    """Invoices that Xero has otherwise, in the order they were made; a page may be short."""
    found = drift_store.listing(
        call.tenant_id,
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
        ignored=bool(query.flag(call, "ignored")),
    )
    return List([invoice_views.summary(one) for one in found], found.next)


@api.get(HERE, scope=Scope.READ, answer=DriftView)
def read_drift(call: Call, invoice_id: str) -> DriftView:
    """What Xero has otherwise of one invoice: as sent, here now, in Xero now."""
    return _view(call.tenant_id, invoice_id)


@api.post(f"{HERE}/accept", scope=Scope.SEND, body=SeenRequest, answer=JobView)
def accept_drift(call: Call, invoice_id: str) -> Answer:
    """Take over what Xero has; the work stays behind its lines."""
    from chalicelib.invoices import accept

    asked: SeenRequest = call.body
    job = accept.start(call.caller, invoice_id, asked.seen)
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    return accepted(job) if job.state.open else Answer(job_view(job))


@api.post(f"{HERE}/ignore", scope=Scope.WRITE, body=IgnoreRequest, answer=DriftView)
def ignore_drift(call: Call, invoice_id: str) -> DriftView:
    """Let exactly these differences be, for a reason; any other is told again."""
    from chalicelib.invoices import let_be

    asked: IgnoreRequest = call.body
    let_be.let_be(call.caller, invoice_id, asked.seen, asked.reason)
    return _view(call.tenant_id, invoice_id)


def _view(tenant_id: str, invoice_id: str) -> DriftView:
    invoice = store.get(tenant_id, invoice_id)
    found = invoice.drift
    return DriftView(
        seen=found.seen if found else None,
        fields=found.fields if found else 0,
        noticed_at=found.noticed_at if found else None,
        ignored=found.ignored or None if found else None,
        ignored_by=found.ignored_by or None if found else None,
        ignored_at=found.ignored_at if found else None,
        differences=[
            DifferenceView(one.name, one.line, one.sent, one.here, one.theirs)
            for one in drift_store.of_invoice(tenant_id, invoice)
        ],
    )
