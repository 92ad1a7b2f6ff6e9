"""Rates: the cards by kind, the form of a new one, and putting one away."""

from datetime import date

from chalicelib.console import rate_page
from chalicelib.console.rate_page import KINDS, page
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.console.today import today
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.work.currencies import base_currency
from chalicelib.work.rates import store
from chalicelib.work.rates.change import change
from chalicelib.work.rates.make import make
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.price import RULE
from chalicelib.work.rates.remove import remove

pages = Pages(__name__)

HERE = "/rates"
FIELDS = ("kind", "name", "currency", "amount", "since")


@pages.get(HERE)
def show_all(visit: Visit) -> Page:
    """Every card with the price of today, by kind."""
    archived = visit.query.get("archived") == "true"
    day = today(visit.tenant_id)
    found = [one for one in store.every(visit.tenant_id).values() if one.archived is archived]
    found.sort(key=lambda rate: (rate.name.casefold(), rate.rate_id))
    values = {
        "kinds": KINDS,
        "rows": {
            kind: [rate_page.row(one, day) for one in found if one.kind is kind] for kind in KINDS
        },
        "found": bool(found),
        "archived": archived,
        "rule": RULE,
        "may": Scope.WRITE in visit.caller.scopes,
    }
    return Page("rates/list.html", values)


@pages.get(f"{HERE}/new", scope=Scope.WRITE)
def new(visit: Visit) -> Page:
    """An empty form."""
    return _form(visit, {"kind": visit.query.get("kind", RateKind.TASK.value)})


@pages.post(HERE, scope=Scope.WRITE)
def create(visit: Visit) -> Page | Redirect:
    """Make a card, or show what is wrong."""
    form = visit.form
    try:
        rate = make(
            visit.caller,
            form.get("kind"),
            form.get("name"),
            currency=form.get("currency"),
            amount=form.get("amount"),
            since=day_of(form.get("since")),
        )
    except InvalidInput as error:
        return _form(visit, form.values(), error)
    return Redirect(f"{HERE}/{rate.rate_id}", f"{rate.name} is added.")


@pages.get(f"{HERE}/{{rate_id}}")
def show(visit: Visit, rate_id: str) -> Page:
    """One card."""
    return page(visit, rate_id, {})


@pages.post(f"{HERE}/{{rate_id}}", scope=Scope.WRITE)
def rename(visit: Visit, rate_id: str) -> Page | Redirect:
    """Keep a new name."""
    try:
        rate = change(visit.caller, rate_id, name=visit.form.get("name"))
    except (InvalidInput, Conflict) as error:
        return page(visit, rate_id, visit.form.values(), error)
    return Redirect(f"{HERE}/{rate_id}", f"{rate.name} is saved.")


@pages.post(f"{HERE}/{{rate_id}}/archive", scope=Scope.WRITE)
def archive(visit: Visit, rate_id: str) -> Redirect:
    """Put a card away, or bring it back; work that names it keeps its prices."""
    archived = visit.form.get("archived") == "true"
    rate = change(visit.caller, rate_id, archived=archived)
    said = "is archived" if archived else "is back"
    return Redirect(f"{HERE}/{rate_id}", f"{rate.name} {said}.")


@pages.post(f"{HERE}/{{rate_id}}/delete", scope=Scope.WRITE)
def delete(visit: Visit, rate_id: str) -> Redirect:
    """Remove a card that nothing names."""
    remove(visit.caller, rate_id)
    return Redirect(HERE, "The rate is deleted.")


def day_of(text: str) -> date | None:
    """A day as a form posts it, None for none; raises InvalidInput."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("Write a day as YYYY-MM-DD.", field="since") from None


def _form(visit: Visit, values: dict[str, str], error: InvalidInput | None = None) -> Page:
    shown = {
        "values": {**dict.fromkeys(FIELDS, ""), **values},
        "kinds": [(kind.value, label.removesuffix("s")) for kind, label in KINDS.items()],
        "base_currency": base_currency(visit.tenant_id) or "",
        "fields": FIELDS,
        "error": error,
    }
    return Page("rates/form.html", shown, error.status if error else 200)
