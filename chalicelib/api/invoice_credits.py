"""Credit notes for an invoice: asked for in full or in part, listed, taken up again."""

import datetime as dt
from decimal import Decimal

import msgspec

from chalicelib.api import invoice_requests as requests
from chalicelib.api import invoice_views as views
from chalicelib.api.invoice_views import ProblemView
from chalicelib.api.jobs import accepted
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import Amount, List, amount
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import credit, credit_job, store
from chalicelib.invoices.credit import Credit, CreditState
from chalicelib.money import Money
from chalicelib.people.caller import Scope

api = API(__name__)

HERE = "/invoices/{invoice_id}/credits"


class CreditedLine(msgspec.Struct, forbid_unknown_fields=True):
    """How much of a line is taken back, with tax where the prices of the invoice include it."""

    id: str
    amount: str


class CreditRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why, and how much: the ``lines`` that are named, or null for all that is left.

    Of a full credit ``release`` makes the work unbilled again; a part releases the
    ``record_ids`` and ``material_ids`` that are named, and nothing else.
    """

    reason: str
    lines: list[CreditedLine] | None = None
    release: bool = False
    record_ids: list[str] = []
    material_ids: list[str] = []


class CreditView(msgspec.Struct):
    """A credit note; ``allocated`` of it is spent on the invoice, the rest is the client's.

    One that is ``voided`` was voided or deleted in Xero; its ``problems`` say so.
    """

    number: str
    state: CreditState
    date: dt.date
    reason: str
    by: str
    total: Amount
    allocated: Amount
    whole: bool
    release: bool
    credit_note_id: str | None
    lines: list[CreditedLine]
    problems: list[ProblemView]


@api.get(HERE, scope=Scope.READ, answer=List[CreditView])
def list_credits(call: Call, invoice_id: str) -> List[CreditView]:
    """The credit notes that were made for an invoice from here."""
    currency = store.get(call.tenant_id, invoice_id).currency
    found = credit.of_invoice(call.tenant_id, invoice_id)
    return List([_view(one, currency) for one in found], None)


@api.post(HERE, scope=Scope.SEND, body=CreditRequest, answer=CreditView, status=201)
def credit_invoice(call: Call, invoice_id: str) -> Answer:
    """Credit an approved or paid invoice, in full or in part, exactly once."""
    asked: CreditRequest = call.body
    job = credit_job.ask(
        call.caller,
        invoice_id,
        reason=asked.reason,
        amounts=None if asked.lines is None else _amounts(asked.lines),
        release=asked.release,
        work_ids=[*asked.record_ids, *asked.material_ids],
    )
    return _after(call.tenant_id, job, invoice_id, 201)


@api.post(f"{HERE}/go-on", scope=Scope.SEND, answer=CreditView)
def go_on_with_credit(call: Call, invoice_id: str) -> Answer:
    """Take up a credit note that Xero did not confirm."""
    job = credit_job.go_on(call.caller, invoice_id)
    return _after(call.tenant_id, job, invoice_id, 200)


def _after(tenant_id: str, job: Job, invoice_id: str, status: int) -> Answer:
    if job.state.open:
        return accepted(job)
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    currency = store.get(tenant_id, invoice_id).currency
    found = credit.of_invoice(tenant_id, invoice_id)[job.params["place"] - 1]
    return Answer(_view(found, currency), status)


def _amounts(lines: list[CreditedLine]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in lines:
        if line.id in found:
            raise InvalidInput("Two lines have the same id.", field="lines")
        found[line.id] = requests.cents(line.amount, "lines") or Decimal(0)
    return found


def _view(one: Credit, currency: str) -> CreditView:
    return CreditView(
        number=one.number,
        state=one.state,
        date=one.date,
        reason=one.reason,
        by=one.asked_by,
        total=amount(Money(one.totals.total, currency)),
        allocated=amount(Money(one.allocated, currency)),
        whole=one.whole,
        release=one.release,
        credit_note_id=one.credit_note_id or None,
        lines=[CreditedLine(line_id, f"{taken:f}") for line_id, taken in one.amounts.items()],
        problems=[views.problem_view(problem) for problem in one.problems],
    )
