"""Staff: who does the work, and at which rate."""

from typing import Any

from chalicelib.console.rate_page import said
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.console.today import today
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.work.rates import store as rates
from chalicelib.work.rates.model import RateKind
from chalicelib.work.staff import store
from chalicelib.work.staff.change import change
from chalicelib.work.staff.make import make
from chalicelib.work.staff.model import Staff
from chalicelib.work.staff.remove import remove

pages = Pages(__name__)

HERE = "/staff"
FIELDS = ("name", "email", "external_id", "rate_id")
PER_PAGE = 100


@pages.get(HERE)
def show_all(visit: Visit) -> Page:
    """Staff by name, each with the rate of today."""
    archived = visit.query.get("archived") == "true"
    search = visit.query.get("search", "")
    found = store.listing(
        visit.tenant_id,
        archived=archived,
        search=search,
        limit=PER_PAGE,
        cursor=visit.query.get("cursor"),
    )
    cards = rates.by_ids(visit.tenant_id, [one.rate_id for one in found if one.rate_id])
    day = today(visit.tenant_id)
    values = {
        "staff": found,
        "cards": {key: (rate, said(rate.on(day))) for key, rate in cards.items()},
        "archived": archived,
        "search": search,
        "may": Scope.WRITE in visit.caller.scopes,
    }
    return Page("staff/list.html", values)


@pages.get(f"{HERE}/new", scope=Scope.WRITE)
def new(visit: Visit) -> Page:
    """An empty form."""
    return _form(visit, None, {})


@pages.post(HERE, scope=Scope.WRITE)
def create(visit: Visit) -> Page | Redirect:
    """Add somebody, or show what is wrong."""
    form = visit.form
    try:
        staff = make(
            visit.caller,
            form.get("name"),
            email=form.get("email"),
            external_id=form.get("external_id"),
            rate_id=form.get("rate_id") or None,
        )
    except (InvalidInput, Conflict) as error:
        return _form(visit, None, form.values(), error)
    return Redirect(HERE, f"{staff.name} is added.")


@pages.get(f"{HERE}/{{staff_id}}", scope=Scope.WRITE)
def edit(visit: Visit, staff_id: str) -> Page:
    """The form as they are."""
    staff = store.get(visit.tenant_id, staff_id)
    return _form(visit, staff, {name: getattr(staff, name) or "" for name in FIELDS})


@pages.post(f"{HERE}/{{staff_id}}", scope=Scope.WRITE)
def save(visit: Visit, staff_id: str) -> Page | Redirect:
    """Keep the form, or show what is wrong."""
    wanted = {name: visit.form.get(name) for name in FIELDS}
    try:
        staff = change(visit.caller, staff_id, **wanted)
    except (InvalidInput, Conflict) as error:
        present = store.get(visit.tenant_id, staff_id)
        return _form(visit, present, visit.form.values(), error)
    return Redirect(HERE, f"{staff.name} is saved.")


@pages.post(f"{HERE}/{{staff_id}}/archive", scope=Scope.WRITE)
def archive(visit: Visit, staff_id: str) -> Redirect:
    """Put somebody away, or bring them back; their time stays theirs."""
    archived = visit.form.get("archived") == "true"
    staff = change(visit.caller, staff_id, archived=archived)
    return Redirect(HERE, f"{staff.name} {'is archived' if archived else 'is back'}.")


@pages.post(f"{HERE}/{{staff_id}}/delete", scope=Scope.WRITE)
def delete(visit: Visit, staff_id: str) -> Redirect:
    """Remove somebody who never had any time."""
    remove(visit.caller, staff_id)
    return Redirect(HERE, "The person is removed from the staff.")


def _form(
    visit: Visit,
    staff: Staff | None,
    values: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Page:
    shown: dict[str, Any] = {
        "staff": staff,
        "values": {**dict.fromkeys(FIELDS, ""), **values},
        "fields": FIELDS,
        "rates": _offered(visit.tenant_id, staff),
        "error": error,
    }
    return Page("staff/form.html", shown, error.status if error else 200)


def _offered(tenant_id: str, staff: Staff | None) -> list[tuple[str, str]]:
    """The staff rates in use, and the one they have in any case, each with today's price."""
    day = today(tenant_id)
    found = {
        key: rate
        for key, rate in rates.every(tenant_id).items()
        if (rate.kind is RateKind.STAFF and not rate.archived)
        or (staff is not None and key == staff.rate_id)
    }
    ordered = sorted(found.values(), key=lambda rate: rate.name.casefold())
    return [
        (rate.rate_id, " · ".join(filter(None, (rate.name, said(rate.on(day))))))
        for rate in ordered
    ]
