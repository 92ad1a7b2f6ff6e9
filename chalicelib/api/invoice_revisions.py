"""Changing an invoice that Xero has: proposed, compared with Xero, approved, written."""

import datetime as dt
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import invoice_requests as requests
from chalicelib.api import invoice_views as views
from chalicelib.api.invoice_requests import NewLine
from chalicelib.api.invoice_views import InvoiceView, ProblemView
from chalicelib.api.invoices import after
from chalicelib.api.jobs import accepted
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import Amount, amount
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import Conflict
from chalicelib.invoices import revise, revision, store
from chalicelib.invoices.line import LineAmountTypes
from chalicelib.invoices.revise import Difference
from chalicelib.invoices.revision import Revision, RevisionState
from chalicelib.money import Money
from chalicelib.people.caller import Scope

api = API(__name__)

HERE = "/invoices/{invoice_id}/revision"


class RevisionRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A change of an invoice that Xero has; what is left out stays.

    ``version`` is that of the invoice you read. ``lines`` are all lines in their new order, as in
    a change of a draft. The work of lines that are left out is unbilled again unless ``release``
    is false. ``overwrite`` also writes over what somebody changed in Xero; with it and no change,
    what was sent is written again.
    """

    version: int
    reference: str | UnsetType = UNSET
    date: dt.date | UnsetType = UNSET
    due_date: dt.date | UnsetType = UNSET
    line_amount_types: LineAmountTypes | UnsetType = UNSET
    discount_percent: str | UnsetType | None = UNSET
    discount_amount: str | UnsetType | None = UNSET
    lines: list[NewLine] | UnsetType = UNSET
    release: bool = True
    overwrite: bool = False


class WriteRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The approval of the change that was shown; anything else is not written."""

    approval: str


class DifferenceView(msgspec.Struct):
    """A field that Xero has otherwise than it would become; of a whole line its summary.

    ``changed_in_xero`` says that somebody changed it there since it was ``sent``.
    """

    field: str
    line: int | None
    sent: str
    in_xero: str
    wanted: str
    changed_in_xero: bool


class RevisionView(msgspec.Struct):
    """A change that waits to be written, against what Xero had when it was last looked at.

    ``body`` is what Xero would get, null before it was looked at; ``approval`` writes just that.
    ``stays`` differs, too, and cannot be written from here: contact, number, currency.
    """

    state: RevisionState
    ready: bool
    differences: list[DifferenceView]
    body: msgspec.Raw | None
    approval: str
    sub_total: Amount
    total_tax: Amount
    total: Amount
    release: bool
    overwrite: bool
    problems: list[ProblemView]
    stays: list[DifferenceView]


@api.put(HERE, scope=Scope.WRITE, body=RevisionRequest, answer=RevisionView)
def propose_revision(call: Call, invoice_id: str) -> Answer:
    """Propose a change of an invoice that Xero has, and see it against what is there now."""
    asked: RevisionRequest = call.body
    job = revise.propose(
        call.caller,
        invoice_id,
        asked.version,
        _changes(asked),
        release=asked.release,
        overwrite=asked.overwrite,
    )
    return _after_look(call.tenant_id, job, invoice_id)


@api.get(HERE, scope=Scope.READ, answer=RevisionView | None)
def read_revision(call: Call, invoice_id: str) -> RevisionView | None:
    """The change of an invoice that is not in Xero yet, or null."""
    store.get(call.tenant_id, invoice_id)
    found = revision.find(call.tenant_id, invoice_id)
    return _view(call.tenant_id, found) if found else None


@api.delete(HERE, scope=Scope.WRITE, answer=None, status=204)
def drop_revision(call: Call, invoice_id: str) -> Answer:
    """Drop a change that was not written."""
    revise.drop(call.caller, invoice_id)
    return Answer(None, 204)


@api.post(f"{HERE}/look", scope=Scope.WRITE, answer=RevisionView)
def look_at_revision(call: Call, invoice_id: str) -> Answer:
    """Compare the change with what Xero has now."""
    job = revise.look_again(call.caller, invoice_id)
    return _after_look(call.tenant_id, job, invoice_id)


@api.post(f"{HERE}/write", scope=Scope.SEND, body=WriteRequest, answer=InvoiceView)
def write_revision(call: Call, invoice_id: str) -> Answer:
    """Write the approved change to Xero, exactly once."""
    asked: WriteRequest = call.body
    job = revise.write(call.caller, invoice_id, asked.approval)
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    return after(call.tenant_id, job, invoice_id)


def _changes(asked: RevisionRequest) -> dict[str, Any]:
    found = requests.changes(asked)
    return {name: value for name, value in found.items() if name not in {"release", "overwrite"}}


def _after_look(tenant_id: str, job: Job, invoice_id: str) -> Answer:
    if job.state.open:
        return accepted(job)
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    return Answer(_view(tenant_id, revision.get(tenant_id, invoice_id)))


def _view(tenant_id: str, found: Revision) -> RevisionView:
    would, currency = revise.would_write(tenant_id, found), found.wanted.currency
    return RevisionView(
        state=found.state,
        ready=would.ready,
        differences=[_difference(one) for one in would.differences],
        body=msgspec.Raw(would.body) if would.body else None,
        approval=would.approval,
        sub_total=amount(Money(would.totals.sub_total, currency)),
        total_tax=amount(Money(would.totals.total_tax, currency)),
        total=amount(Money(would.totals.total, currency)),
        release=found.release,
        overwrite=found.overwrite,
        problems=[views.problem_view(one) for one in would.problems],
        stays=[_difference(one) for one in would.stays],
    )


def _difference(one: Difference) -> DifferenceView:
    return DifferenceView(
        one.field, one.line, one.sent, one.in_xero, one.wanted, one.changed_there
    )
