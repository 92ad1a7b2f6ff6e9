"""Rate cards: what an hour or a unit is charged at, with dated prices and codes."""

import datetime as dt

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib import wiring
from chalicelib.api import own_codes, query
from chalicelib.api.own_codes import OwnCodesChange, TrackingPair
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.reference import choices
from chalicelib.reference.layers import Codes, Kind, Place
from chalicelib.work.rates import checks, store
from chalicelib.work.rates.change import change
from chalicelib.work.rates.make import make
from chalicelib.work.rates.model import ALWAYS, Price, Rate, RateKind
from chalicelib.work.rates.remove import remove
from chalicelib.work.rates.set_price import remove_price, set_price

api = API(__name__)


class PriceView(msgspec.Struct):
    """A price from a day on; ``since`` null: since ever."""

    currency: str
    since: dt.date | None
    amount: str


class RateView(msgspec.Struct):
    """A rate card: per hour for staff and tasks, per unit for materials.

    ``price`` is that of today in ``currency``, null where none holds. Codes are those of its own;
    null leaves it to the mapping.
    """

    id: str
    kind: RateKind
    name: str
    currency: str
    price: str | None
    prices: list[PriceView]
    account_code: str | None
    tax_type: str | None
    tracking: list[TrackingPair]
    archived: bool
    updated_at: dt.datetime


class NewPrice(msgspec.Struct, forbid_unknown_fields=True):
    """A price of at most 4 decimals, from a day on or since ever, in the rate's own currency.

    Another ``currency`` states what is billed in that one; it is never worked out.
    """

    amount: str
    since: dt.date | None = None
    currency: str | None = None


class NewRate(OwnCodesChange, forbid_unknown_fields=True, kw_only=True):
    """A rate card to be made; without ``currency`` it is the organisation's.

    ``price`` is a first one since ever; ``prices`` are any number. Codes of its own need `admin`.
    """

    kind: RateKind
    name: str
    currency: str | None = None
    price: str | None = None
    prices: list[NewPrice] = msgspec.field(default_factory=list)


class RateChange(OwnCodesChange, forbid_unknown_fields=True, kw_only=True):
    """What of a rate card is to change; what is left out stays. Codes need `admin`."""

    name: str | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


@api.get(
    "/rates",
    scope=Scope.READ,
    answer=List[RateView],
    query={"kind": "staff, task or material", "archived": "true for archived ones"},
)
def list_rates(call: Call) -> List[RateView]:
    """All rate cards by kind and name, in one page; those not archived unless told."""
    archived = query.flag(call, "archived") or False
    kind = call.query.get("kind")
    wanted = checks.kind(kind) if kind else None
    found = [
        rate
        for rate in store.every(call.tenant_id).values()
        if rate.archived is archived and wanted in {None, rate.kind}
    ]
    found.sort(key=lambda rate: (rate.kind, rate.name.casefold(), rate.rate_id))
    chosen = choices.load(call.tenant_id)
    return List([_view(rate, chosen.of(Kind.RATE, rate.rate_id)) for rate in found])


@api.post("/rates", scope=Scope.WRITE, body=NewRate, answer=RateView, status=201)
def make_rate(call: Call) -> RateView:
    """Make a rate card."""
    new: NewRate = call.body
    codes = own_codes.judge(call.caller, new)
    meant_in = checks.currency(call.tenant_id, new.currency)
    rate = make(
        call.caller,
        new.kind,
        new.name,
        currency=meant_in,
        amount=new.price,
        prices=[_price(one, meant_in) for one in new.prices],
    )
    return _view(rate, codes.keep(call.caller, Place(Kind.RATE, rate.rate_id)))


@api.get("/rates/{rate_id}", scope=Scope.READ, answer=RateView)
def read_rate(call: Call, rate_id: str) -> RateView:
    """One rate card."""
    rate = store.get(call.tenant_id, rate_id)
    return _view(rate, choices.load(call.tenant_id).of(Kind.RATE, rate_id))


@api.patch("/rates/{rate_id}", scope=Scope.WRITE, body=RateChange, answer=RateView)
def change_rate(call: Call, rate_id: str) -> RateView:
    """Rename a rate card, archive it, bring it back, or choose its codes."""
    place = Place(Kind.RATE, store.get(call.tenant_id, rate_id).rate_id)
    codes = own_codes.judge(call.caller, call.body, place)
    rate = change(call.caller, rate_id, **own_codes.others(call.body))
    return _view(rate, codes.keep(call.caller, place))


@api.delete("/rates/{rate_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_rate(call: Call, rate_id: str) -> None:
    """Remove a rate card that nothing names; archive any other."""
    remove(call.caller, rate_id)


@api.post("/rates/{rate_id}/prices", scope=Scope.WRITE, body=NewPrice, answer=RateView)
def set_rate_price(call: Call, rate_id: str) -> RateView:
    """Set a price from a day on; what is invoiced or drafted stays as it is."""
    new: NewPrice = call.body
    rate = set_price(call.caller, rate_id, new.amount, new.since, new.currency or "")
    return _view(rate, choices.load(call.tenant_id).of(Kind.RATE, rate_id))


@api.delete(
    "/rates/{rate_id}/prices",
    scope=Scope.WRITE,
    answer=RateView,
    query={
        "since": "the first day of the price, YYYY-MM-DD; left out: since ever",
        "currency": "the rate's own unless told",
    },
)
def remove_rate_price(call: Call, rate_id: str) -> RateView:
    """Take a price away, so that the one before it holds on."""
    since = query.day(call.query.get("since"), "since")
    rate = remove_price(call.caller, rate_id, since, call.query.get("currency", ""))
    return _view(rate, choices.load(call.tenant_id).of(Kind.RATE, rate_id))


def _price(new: NewPrice, meant_in: str) -> Price:
    return checks.price(new.currency or meant_in, new.since, new.amount)


def _view(rate: Rate, codes: Codes) -> RateView:
    today = rate.on(wiring.current().clock.now().date())
    return RateView(
        id=rate.rate_id,
        kind=rate.kind,
        name=rate.name,
        currency=rate.currency,
        price=f"{today.amount:f}" if today else None,
        prices=[
            PriceView(one.currency, None if one.since == ALWAYS else one.since, f"{one.amount:f}")
            for one in rate.prices
        ],
        **own_codes.shown(codes),
        archived=rate.archived,
        updated_at=rate.updated_at,
    )
