"""The page of one rate card: its dated prices, its codes, and the work that goes its own way."""

from datetime import date
from typing import Any

from chalicelib.console.code_names import said_of
from chalicelib.console.line_rows import plain as amount_of
from chalicelib.console.prices import plain
from chalicelib.console.routing import Page, Visit
from chalicelib.console.today import today
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.reference.layers import Kind, Place
from chalicelib.work import projects
from chalicelib.work.materials.model import Material
from chalicelib.work.model import Task
from chalicelib.work.rates import open_work, store
from chalicelib.work.rates.model import ALWAYS, Price, Rate, RateKind
from chalicelib.work.rates.price import RULE

KINDS = {
    RateKind.TASK: "Task rates",
    RateKind.STAFF: "Staff rates",
    RateKind.MATERIAL: "Material rates",
}


def page(
    visit: Visit,
    rate_id: str,
    values: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Page:
    """The card as it is, with what was typed and what is wrong with it; raises NotFound."""
    rate = store.get(visit.tenant_id, rate_id)
    day = today(visit.tenant_id)
    shown: dict[str, Any] = {
        "rate": rate,
        "kind": KINDS[rate.kind],
        "per": per(rate.kind),
        "prices": _prices(rate, day),
        "now": said(rate.on(day)),
        "open": _open(visit.tenant_id, rate),
        "codes": said_of(visit.tenant_id, Place(Kind.RATE, rate_id)),
        "values": {"since": day.isoformat(), "amount": "", "name": rate.name}
        | {"currency": rate.currency}
        | values,
        "error": error,
        "rule": RULE,
        "may": Scope.WRITE in visit.caller.scopes,
    }
    return Page("rates/rate.html", shown, error.status if error else 200)


def row(rate: Rate, day: date) -> dict[str, Any]:
    """A card with its price of a day, those in other currencies, and what comes next."""
    others = (rate.on(day, currency) for currency in sorted(rate.currencies - {rate.currency}))
    ahead = [one for one in rate.prices if one.currency == rate.currency and one.since > day]
    return {
        "rate": rate,
        "now": said(rate.on(day)),
        "others": [said(one) for one in others if one],
        "next": min(ahead, key=lambda one: one.since, default=None),
    }


def said(price: Price | None) -> str:
    """A price with its currency."""
    return f"{plain(price.amount)} {price.currency}" if price else ""


def per(kind: RateKind) -> str:
    """What the price is of."""
    return "unit" if kind is RateKind.MATERIAL else "hour"


def _prices(rate: Rate, day: date) -> list[dict[str, Any]]:
    """Every price, its own currency first and the latest on top."""
    holding = [rate.on(day, currency) for currency in rate.currencies]
    ordered = sorted(rate.prices, key=lambda one: one.since, reverse=True)
    ordered.sort(key=lambda one: (one.currency != rate.currency, one.currency))
    return [
        {
            "price": one,
            "said": said(one),
            "always": one.since == ALWAYS,
            "now": one in holding,
            "ahead": one.since > day,
        }
        for one in ordered
    ]


def open_of(tenant_id: str, rate: Rate) -> list[Task] | list[Material]:
    """The work that goes its own way: materials for a material rate, else tasks."""
    if rate.kind is RateKind.MATERIAL:
        return open_work.find_unbilled(tenant_id, rate.rate_id)
    return open_work.find(tenant_id, rate.rate_id)


def _open(tenant_id: str, rate: Rate) -> list[dict[str, Any]]:
    """That work as the page shows it, each with its project."""
    work = open_of(tenant_id, rate)
    found = projects.by_ids(tenant_id, [one.project_id for one in work])
    return [{**_shown(one), "project": found.get(one.project_id)} for one in work]


def _shown(one: Task | Material) -> dict[str, Any]:
    if isinstance(one, Material):
        label = f"{one.name}, {amount_of(one.quantity)} {one.unit}".rstrip()
        own, key, day = one.price, one.material_id, one.date
    else:
        label, own, key, day = one.name, one.rate, one.task_id, None
    said = "" if own is None else f"{plain(own)} {one.currency}"
    return {"id": key, "label": label, "day": day, "price": said}
