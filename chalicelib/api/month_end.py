"""Closing a month: sums here and in Xero, what differs, numbers, and what is unbilled."""

import datetime as dt
from decimal import Decimal

import msgspec

from chalicelib.api import query
from chalicelib.api.jobs import JobView, accepted, job_view
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import Amount, List, amount
from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import month_end
from chalicelib.invoices.gaps import Became
from chalicelib.invoices.month import Month, read_month
from chalicelib.invoices.month_end import MonthEnd
from chalicelib.invoices.reckon import Apart, Control, Ours, Standing, Sums
from chalicelib.money import Money
from chalicelib.people.caller import Scope
from chalicelib.storage import pages

api = API(__name__)

HERE = "/month-end"
MONTH = {"month": "such as 2026-11; the present one unless told"}


class SumsView(msgspec.Struct):
    """What invoices come to, in the currency beside it."""

    net: str
    tax: str
    total: str
    paid: str
    credited: str
    due: str


class ControlView(msgspec.Struct):
    """A currency: the month's invoices here, the same in Xero, and Xero's less ours.

    ``elsewhere`` are sales invoices of the month in Xero that are none of ours. Xero's sides are
    null where it was not asked.
    """

    currency: str
    invoices: int
    here: SumsView
    in_xero: SumsView | None
    difference: SumsView | None
    elsewhere: SumsView | None
    invoices_elsewhere: int | None


class ApartView(msgspec.Struct):
    """An invoice that is not the same on both sides, and what Xero has more of it."""

    id: str | None
    number: str
    what: str
    currency: str
    difference: SumsView


class NumberView(msgspec.Struct):
    """A number that no live invoice bears; missing ones in a row go up to ``until``."""

    number: str
    until: str | None
    became: Became
    invoice_id: str | None


class NumbersView(msgspec.Struct):
    """Every number from ``first`` to ``last``, counted; null where Xero gives the numbers."""

    first: str
    last: str
    counts: dict[str, int]
    not_used: list[NumberView]


class MonthInvoice(msgspec.Struct):
    """An invoice of the month as it stood when the month was worked out."""

    id: str
    number: str
    client_name: str
    date: dt.date
    due_date: dt.date
    standing: Standing
    total: Amount
    paid: Amount
    credited: Amount
    amount_due: Amount
    differs: bool


class MonthEndView(msgspec.Struct):
    """What a month came to at ``made_at``; ``agrees`` says that Xero has all of it the same.

    ``calls`` were made to Xero. ``counts`` is of invoices by how they stand, ``unbilled`` what
    work on no invoice comes to, by currency.
    """

    month: str
    made_at: dt.datetime
    organisation: str | None
    agrees: bool
    calls: int
    counts: dict[str, int]
    differing: int
    controls: list[ControlView]
    apart: list[ApartView]
    apart_in_all: int
    numbers: NumbersView | None
    unbilled: list[Amount]
    unbilled_complete: bool


class MonthRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which month; the present one unless told."""

    month: str = ""


@api.get(HERE, scope=Scope.READ, answer=MonthEndView, query=MONTH)
def read_month_end(call: Call) -> MonthEndView:
    """What a month came to when it was last worked out."""
    month = _month(call.tenant_id, call.query.get("month", ""))
    return _view(month_end.get(call.tenant_id, month))


@api.get(
    f"{HERE}/invoices",
    scope=Scope.READ,
    answer=List[MonthInvoice],
    query={**MONTH, **query.PAGED},
)
def list_month_invoices(call: Call) -> List[MonthInvoice]:
    """Every invoice of the month by date, as it stood when the month was last worked out."""
    month = _month(call.tenant_id, call.query.get("month", ""))
    month_end.get(call.tenant_id, month)
    limit, place = query.limit(call), pages.places(call.query.get("cursor"), 1) or ["0"]
    if not place[0].isdecimal():
        raise InvalidInput("This cursor is not one that a list gave.", field="cursor")
    found, start = month_end.invoices(call.tenant_id, month), int(place[0])
    end = start + limit
    following = pages.cursor(str(end)) if end < len(found) else None
    return List([_invoice(one) for one in found[start:end]], following)


@api.post(HERE, scope=Scope.WRITE, body=MonthRequest, answer=JobView)
def make_month_end(call: Call) -> Answer:
    """Work a month out anew, with the sums that Xero has now; nothing there is changed."""
    asked: MonthRequest = call.body
    job = month_end.start(call.caller, _month(call.tenant_id, asked.month))
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    return accepted(job) if job.state.open else Answer(job_view(job))


def _month(tenant_id: str, text: str) -> Month:
    return read_month(text) if text else month_end.present(tenant_id)


def _view(found: MonthEnd) -> MonthEndView:
    asked = bool(found.calls)
    numbers = found.numbers
    return MonthEndView(
        month=found.month,
        made_at=found.made_at,
        organisation=found.organisation or None,
        agrees=found.agrees,
        calls=found.calls,
        counts=found.counts,
        differing=found.differing,
        controls=[_control(one, asked=asked) for one in found.controls],
        apart=[_apart(one) for one in found.apart],
        apart_in_all=found.apart_in_all,
        numbers=None
        if found.numbered_by_xero
        else NumbersView(
            numbers.first,
            numbers.last,
            numbers.counts,
            [
                NumberView(one.number, one.until or None, one.became, one.invoice_id or None)
                for one in numbers.named
            ],
        ),
        unbilled=[_amount(sum_, currency) for currency, sum_ in found.unbilled.items()],
        unbilled_complete=found.unbilled_complete,
    )


def _control(one: Control, *, asked: bool) -> ControlView:
    return ControlView(
        currency=one.currency,
        invoices=one.invoices,
        here=_sums(one.here),
        in_xero=_sums(one.in_xero) if asked else None,
        difference=_sums(one.apart) if asked else None,
        elsewhere=_sums(one.elsewhere) if asked else None,
        invoices_elsewhere=one.from_elsewhere if asked else None,
    )


def _apart(one: Apart) -> ApartView:
    return ApartView(one.invoice_id or None, one.number, one.what, one.currency, _sums(one.sums))


def _invoice(one: Ours) -> MonthInvoice:
    return MonthInvoice(
        id=one.invoice_id,
        number=one.number,
        client_name=one.client,
        date=one.date,
        due_date=one.due_date,
        standing=one.standing,
        total=_amount(one.sums.total, one.currency),
        paid=_amount(one.sums.paid, one.currency),
        credited=_amount(one.sums.credited, one.currency),
        amount_due=_amount(one.sums.due, one.currency),
        differs=one.differs,
    )


def _sums(sums: Sums) -> SumsView:
    return SumsView(
        f"{sums.net}", f"{sums.tax}", f"{sums.total}",
        f"{sums.paid}", f"{sums.credited}", f"{sums.due}",
    )  # fmt: skip


def _amount(value: Decimal, currency: str) -> Amount:
    return amount(Money(value, currency))
