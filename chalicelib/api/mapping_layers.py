"""The layers of the mapping, one thing at a time, and what a line would get in the end."""

import datetime as dt

import msgspec

from chalicelib import wiring
from chalicelib.api import query
from chalicelib.api.own_codes import OwnCodes, OwnCodesChange, TrackingPair, shown, wanted
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.invoices.would_get import Question, WouldGet, would_get
from chalicelib.people.caller import Scope
from chalicelib.reference import choices, mapping, places
from chalicelib.reference.layers import Codes, Kind, Layer, Place
from chalicelib.work.rates.model import ALWAYS
from chalicelib.work.rates.price import PriceFrom

api = API(__name__)


class LayerView(msgspec.Struct):
    """A thing with codes of its own."""

    kind: Kind
    id: str
    name: str
    account_code: str | None
    tax_type: str | None
    tracking: list[TrackingPair]


class TrackingSaid(msgspec.Struct):
    """An option that a line would bear, and the layer that says so."""

    category_id: str
    option_id: str
    category: str
    option: str
    layer: Layer


class PriceSaid(msgspec.Struct):
    """The price of an hour or a unit and what says so; ``problem`` says why there is none.

    ``since`` is the day from which the rate's price holds, null for since ever and for a task's
    own.
    """

    amount: str | None
    currency: str
    source: PriceFrom
    rate_id: str | None
    since: dt.date | None
    problem: str


class LinePreview(msgspec.Struct):
    """What a line would get; ``problem`` says what Xero would refuse, empty when it would not.

    ``price`` is null when nothing was named that has one.
    """

    client_id: str
    price: PriceSaid | None
    account_code: str | None
    account_from: Layer
    tax_type: str | None
    tax_percent: str
    tax_from: Layer
    tracking: list[TrackingSaid]
    problem: str


@api.get("/mapping/layers", scope=Scope.READ, answer=List[LayerView])
def list_layers(call: Call) -> List[LayerView]:
    """Everything that has codes of its own, in one page."""
    own = choices.load(call.tenant_id).own
    names = places.names(call.tenant_id, own)
    found = sorted(names, key=lambda place: (place.kind, names[place].casefold()))
    return List(
        [
            LayerView(place.kind, place.thing_id, names[place], **shown(own[place]))
            for place in found
        ]
    )


@api.get(
    "/mapping/preview",
    scope=Scope.READ,
    answer=LinePreview,
    query={
        "client_id": "whose line; a project or a task brings its own",
        "project_id": "the project",
        "task_id": "the task",
        "rate_id": "a material rate, where there is no task",
        "staff_id": "who does the work",
        "date": "the day of the work, YYYY-MM-DD; today unless told",
    },
)
def preview_line(call: Call) -> LinePreview:
    """What a line would get now, and which layer says so."""
    asked = call.query
    today = wiring.current().clock.now().date()
    question = Question(
        query.day(asked.get("date"), "date") or today,
        asked.get("client_id", ""),
        asked.get("project_id", ""),
        asked.get("task_id", ""),
        asked.get("rate_id", ""),
        asked.get("staff_id", ""),
    )
    return _preview(would_get(call.tenant_id, question))


@api.get("/mapping/clients/{client_id}", scope=Scope.READ, answer=OwnCodes)
def read_client_codes(call: Call, client_id: str) -> OwnCodes:
    """What a client has of its own; its tax rate goes before that of any work."""
    return _read(call, Place(Kind.CLIENT, client_id))


@api.put("/mapping/clients/{client_id}", scope=Scope.ADMIN, body=OwnCodesChange, answer=OwnCodes)
def choose_client_codes(call: Call, client_id: str) -> OwnCodes:
    """Choose what a client has of its own; what is left out is left to the next layer."""
    return _choose(call, Place(Kind.CLIENT, client_id))


@api.get("/mapping/projects/{project_id}", scope=Scope.READ, answer=OwnCodes)
def read_project_codes(call: Call, project_id: str) -> OwnCodes:
    """What a project has of its own."""
    return _read(call, Place(Kind.PROJECT, project_id))


@api.put(
    "/mapping/projects/{project_id}", scope=Scope.ADMIN, body=OwnCodesChange, answer=OwnCodes
)
def choose_project_codes(call: Call, project_id: str) -> OwnCodes:
    """Choose what a project has of its own; what is left out is left to the next layer."""
    return _choose(call, Place(Kind.PROJECT, project_id))


@api.get("/mapping/tasks/{task_id}", scope=Scope.READ, answer=OwnCodes)
def read_task_codes(call: Call, task_id: str) -> OwnCodes:
    """What a task has of its own."""
    return _read(call, Place(Kind.TASK, task_id))


@api.put("/mapping/tasks/{task_id}", scope=Scope.ADMIN, body=OwnCodesChange, answer=OwnCodes)
def choose_task_codes(call: Call, task_id: str) -> OwnCodes:
    """Choose what a task has of its own; what is left out is left to the next layer."""
    return _choose(call, Place(Kind.TASK, task_id))


@api.get("/mapping/rates/{rate_id}", scope=Scope.READ, answer=OwnCodes)
def read_rate_codes(call: Call, rate_id: str) -> OwnCodes:
    """What a rate has of its own."""
    return _read(call, Place(Kind.RATE, rate_id))


@api.put("/mapping/rates/{rate_id}", scope=Scope.ADMIN, body=OwnCodesChange, answer=OwnCodes)
def choose_rate_codes(call: Call, rate_id: str) -> OwnCodes:
    """Choose what a rate has of its own; what is left out is left to the next layer."""
    return _choose(call, Place(Kind.RATE, rate_id))


def _read(call: Call, place: Place) -> OwnCodes:
    places.name_of(call.tenant_id, place)
    return OwnCodes(**shown(choices.load(call.tenant_id).of(place.kind, place.thing_id)))


def _choose(call: Call, place: Place) -> OwnCodes:
    return OwnCodes(**shown(mapping.choose(call.caller, place, wanted(call.body, Codes()))))


def _preview(found: WouldGet) -> LinePreview:
    codes, priced = found.codes, found.priced
    return LinePreview(
        client_id=found.client.client_id,
        price=PriceSaid(
            amount=None if priced.amount is None else f"{priced.amount:f}",
            currency=found.currency,
            source=priced.source,
            rate_id=priced.rate_id or None,
            since=None if priced.since == ALWAYS else priced.since,
            problem=priced.problem,
        )
        if priced
        else None,
        account_code=codes.account_code or None,
        account_from=codes.account_from,
        tax_type=codes.tax_type or None,
        tax_percent=f"{found.tax_percent:f}",
        tax_from=codes.tax_from,
        tracking=[
            TrackingSaid(one.category_id, one.option_id, one.category, one.option, one.layer)
            for one in codes.tracking
        ],
        problem=codes.problem,
    )
