"""What the JSON API takes to make, send and void invoices."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import plan_requests, query
from chalicelib.api.own_codes import TrackingPair
from chalicelib.api.plan_requests import NewInstalment, PlanRequest
from chalicelib.api.rounding import NewRounding, rounding_of
from chalicelib.errors import InvalidInput
from chalicelib.invoices.build import Grouping
from chalicelib.invoices.line import Line, LineAmountTypes, Tracked
from chalicelib.invoices.model import Basis, InvoiceKind, SendAs
from chalicelib.invoices.portions import Portion, Take
from chalicelib.invoices.verdict import Verdict
from chalicelib.invoices.wanted import Deduct, NewInvoice
from chalicelib.money import parse_decimal
from chalicelib.plans.model import Plan

PLACES, CENTS = 4, 2


class NewLine(msgspec.Struct, forbid_unknown_fields=True):
    """A line by hand: decimals in strings, at most four places; no quantity means text only.

    Without codes, those of the mapping are taken. ``id`` names a line that is there already; it
    bears the ``tracking`` that is sent and no other, or keeps what it has where none is sent. A
    new line takes the mapping's for each category that is not sent.
    """

    description: str
    id: str = ""
    quantity: str | None = None
    unit_price: str = "0"
    account_code: str = ""
    tax_type: str = ""
    tracking: list[TrackingPair] | None = None
    discount_percent: str | None = None
    discount_amount: str | None = None


class NewPortion(msgspec.Struct, forbid_unknown_fields=True):
    """A part of the fixed price of a project, or of one of its phases.

    ``take`` is ``full``, ``percent`` or ``amount`` with its ``value``, or ``rest``: what is left.
    """

    project_id: str
    phase_id: str = ""
    take: Take = Take.REST
    value: str | None = None


class NewDeduct(msgspec.Struct, forbid_unknown_fields=True):
    """A deposit to be taken off: an amount of it, or as much as is left and fits."""

    deposit_id: str
    amount: str | None = None


class InvoiceRequest(msgspec.Struct, forbid_unknown_fields=True):
    """An invoice to be made.

    ``tracked_time`` bills the unbilled time of a client or of projects, of all days or from
    ``start`` to ``end``. ``project`` bills projects by how each is billed: time and, unless told
    otherwise, ``materials`` to date; of a fixed price the ``portions`` named, else what is left.
    ``phase_ids`` leave out other phases. ``blank`` bills ``lines``; ``copy`` those of
    ``invoice_id``, without its work, and ``template`` those of ``template_id``.
    ``fixed_dates`` makes a billing plan of ``instalments``.

    A ``deposit`` is an invoice whose amount later ones take off again by ``deduct``. ``send``
    sends the invoice as soon as it is made, or does not; left out, the tenant's ``auto_send``
    says.
    """

    basis: Basis
    kind: InvoiceKind = InvoiceKind.STANDARD
    client_id: str = ""
    project_ids: list[str] = []
    project_id: str = ""
    phase_ids: list[str] = []
    portions: list[NewPortion] = []
    materials: bool = True
    start: dt.date | None = None
    end: dt.date | None = None
    grouping: Grouping = Grouping.TASK
    rounding: NewRounding = msgspec.field(default_factory=NewRounding)
    notes: bool | None = None
    lines: list[NewLine] = []
    invoice_id: str = ""
    template_id: str = ""
    deduct: list[NewDeduct] = []
    instalments: list[NewInstalment] = []
    currency: str = ""
    reference: str = ""
    date: dt.date | None = None
    due_date: dt.date | None = None
    line_amount_types: LineAmountTypes | None = None
    discount_percent: str | None = None
    discount_amount: str | None = None
    send: bool | None = None
    send_as: SendAs | None = None


class EditRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A change of a draft; what is left out stays.

    ``version`` is that of the draft you read: if somebody changed it since, nothing is done.
    ``lines`` are all lines in their new order: one with the ``id`` of a line that is there
    keeps the work behind it, one without is new, and the work of those left out is unbilled.
    ``deduct`` takes off deposits that are not taken off yet.
    """

    version: int
    reference: str | UnsetType = UNSET
    date: dt.date | UnsetType = UNSET
    due_date: dt.date | UnsetType = UNSET
    line_amount_types: LineAmountTypes | UnsetType = UNSET
    discount_percent: str | UnsetType | None = UNSET
    discount_amount: str | UnsetType | None = UNSET
    lines: list[NewLine] | UnsetType = UNSET
    deduct: list[NewDeduct] | UnsetType = UNSET


class SendRequest(msgspec.Struct, forbid_unknown_fields=True):
    """How to send: the status in Xero, and whether to take a new number where it was taken.

    With the ``approval`` of a preview nothing else is sent than what that showed.
    """

    send_as: SendAs | None = None
    renumber: bool = False
    approval: str = ""


class PreviewRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which status in Xero to look ahead to, unless the draft's own."""

    send_as: SendAs | None = None


class BulkSendRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which invoices to send: those named, at most 1,000, or every draft that is ready."""

    invoice_ids: list[str] = []
    all_ready: bool = False
    send_as: SendAs | None = None


class ResolveRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What became of an invoice in doubt; ``document`` names the one in Xero that it is.

    ``this_one`` takes over that document as it is, ``never_arrived`` lets it be sent anew, and
    ``stop`` ends the search. A document is named by its number, its id or its link.
    """

    verdict: Verdict
    document: str = ""


class VoidRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why an invoice is taken back, and whether its work is to be unbilled again."""

    reason: str
    release: bool = False


def wanted(asked: InvoiceRequest) -> NewInvoice:
    """A request as the domain takes it; raises InvalidInput naming the field."""
    return NewInvoice(
        basis=asked.basis,
        client_id=asked.client_id,
        kind=asked.kind,
        project_ids=_projects(asked),
        phase_ids=tuple(dict.fromkeys(asked.phase_ids)),
        portions=tuple(
            Portion(
                one.project_id, one.phase_id, one.take, _decimal(one.value, "portions", CENTS)
            )
            for one in asked.portions
        ),
        materials=asked.materials,
        start=asked.start,
        end=asked.end,
        grouping=asked.grouping,
        rounding=rounding_of(asked.rounding),
        notes=asked.notes,
        deduct=tuple(_deduct(one) for one in asked.deduct),
        lines=tuple(line_of(line) for line in asked.lines),
        currency=asked.currency.upper(),
        reference=asked.reference,
        date=asked.date,
        due_date=asked.due_date,
        line_amount_types=asked.line_amount_types,
        discount_percent=_decimal(asked.discount_percent, "discount_percent", CENTS),
        discount_amount=_decimal(asked.discount_amount, "discount_amount", CENTS),
        send=asked.send,
        send_as=asked.send_as,
    )


def changes(asked: msgspec.Struct) -> dict[str, Any]:
    """What of an invoice is to change, as the domain takes it; raises InvalidInput."""
    found = query.changes(asked)
    del found["version"]
    for name in ("discount_percent", "discount_amount"):
        if name in found:
            found[name] = _decimal(found[name], name, CENTS)
    if "deduct" in found:
        found["deduct"] = [_deduct(one) for one in found["deduct"]]
    if "lines" in found:
        found["lines"] = [line_of(line) for line in found["lines"]]
    return found


def line_of(line: NewLine) -> Line:
    """A line by hand; raises InvalidInput for what is no number or too fine."""
    if line.discount_percent is not None and line.discount_amount is not None:
        raise InvalidInput("A line has one kind of discount.", field="discount_amount")
    return Line(
        description=line.description.strip(),
        quantity=_decimal(line.quantity, "quantity"),
        unit_price=_decimal(line.unit_price, "unit_price") or Decimal(0),
        account_code=line.account_code,
        tax_type=line.tax_type,
        tracking=None
        if line.tracking is None
        else tuple(Tracked(one.category_id, one.option_id or "") for one in line.tracking),
        discount_percent=_decimal(line.discount_percent, "discount_percent", CENTS),
        discount_amount=_decimal(line.discount_amount, "discount_amount", CENTS),
        line_id=line.id,
    )


def plan_of(asked: InvoiceRequest) -> Plan:
    """A wish for instalments as the domain takes it; raises InvalidInput."""
    same = ("client_id", "project_id", "currency", "instalments", "reference", "send_as")
    facts = {name: getattr(asked, name) for name in same}
    return plan_requests.plan(PlanRequest(**facts, send=bool(asked.send)))


def cents(text: str | None, field: str) -> Decimal | None:
    """A number of at most two decimals, None for none; raises InvalidInput."""
    return _decimal(text, field, CENTS)


def text(value: Decimal | None) -> str | None:
    """A number as the API shows it."""
    return None if value is None else f"{value:f}"


def _projects(asked: InvoiceRequest) -> tuple[str, ...]:
    """The projects named, those of the portions among them; one may stand alone."""
    named = [*asked.project_ids, asked.project_id, *(one.project_id for one in asked.portions)]
    return tuple(dict.fromkeys(filter(None, named)))


def _deduct(one: NewDeduct) -> Deduct:
    return Deduct(one.deposit_id, _decimal(one.amount, "deduct", CENTS))


def _decimal(text: str | None, field: str, places: int = PLACES) -> Decimal | None:
    if text is None:
        return None
    value = parse_decimal(text, field=field)
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -places:
        raise InvalidInput(f"{field} has at most {places} decimals.", field=field)
    return value
