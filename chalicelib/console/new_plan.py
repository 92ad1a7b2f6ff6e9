"""A new billing plan: instalments on days of their own, or a day that comes round."""

from dataclasses import replace
from typing import Any

from chalicelib.console.billing_form import GROUPINGS, NOTES, ROUNDINGS, style_of
from chalicelib.console.forms import day
from chalicelib.console.plans import amount
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.people.caller import Scope
from chalicelib.plans import make
from chalicelib.plans.make import Part
from chalicelib.plans.model import Plan
from chalicelib.plans.schedule import LAST_DAY, BusinessDays, Every, Rule
from chalicelib.work import clients, projects

pages = Pages(__name__)

HERE = "/invoices/plans/new"
ROWS = 4
MOST_ROWS = make.MOST_INSTALMENTS
MOST_CLIENTS = 2000
MOST_PROJECTS = 500
EVERY = (
    (Every.WEEK, "week"),
    (Every.MONTH, "month"),
    (Every.QUARTER, "quarter"),
    (Every.YEAR, "year"),
)
DAYS = (
    ("0", "the day of the first"),
    *((str(number), str(number)) for number in range(1, LAST_DAY)),
    (str(LAST_DAY), "the last day"),
)
WEEKENDS = (
    (BusinessDays.NONE, "stays on that day"),
    (BusinessDays.NEXT, "moves to Monday"),
    (BusinessDays.PREVIOUS, "moves to Friday"),
)


@pages.get(HERE, scope=Scope.WRITE)
def form(visit: Visit) -> Page:
    """An empty form of one of the two kinds, with the client when one was named."""
    typed = {"kind": visit.query.get("kind", "round")}
    typed["client_id"] = visit.query.get("client_id", "")
    return _page(visit, typed)


@pages.post(HERE, scope=Scope.WRITE)
def answer(visit: Visit) -> Page | Redirect:
    """Show the days, add rows, or make the plan."""
    typed = visit.form.values()
    act = visit.form.get("act")
    if act == "rows":
        return _page(visit, typed, more=ROWS)
    try:
        wanted = _wanted(visit)
        if act == "preview":
            return _page(visit, typed, plan=make.checked(visit.caller, wanted))
        plan = make.make(visit.caller, wanted)
    except (InvalidInput, Conflict) as error:
        return _page(visit, typed, error=error)
    return Redirect(f"/invoices/plans/{plan.plan_id}", "The billing plan is made.")


def _wanted(visit: Visit) -> Plan:
    form = visit.form
    project_id = form.get("project_id")
    plan = Plan(
        plan_id="",
        client_id="" if project_id else form.must("client_id", "The client"),
        client_name="",
        currency=form.get("currency").upper(),
        time_zone="",
        project_id=project_id,
        reference=form.get("reference"),
        send=form.get("send") == "yes",
    )
    if form.get("kind") == "instalments":
        return replace(plan, instalments=_instalments(visit))
    return _round(visit, plan)


def _round(visit: Visit, plan: Plan) -> Plan:
    form = visit.form
    start = day(form.must("start", "The first day"), "start")
    if start is None:
        raise InvalidInput("The first day is missing.", field="start")
    bills_time = form.get("bills") == "time"
    return replace(
        plan,
        rule=Rule(
            _one_of(Every, form.get("every"), "every"),
            start,
            _number(form.get("interval") or "1", "interval"),
            _number(form.get("day") or "0", "day"),
            day(form.get("end"), "end"),
            _number(form.get("count"), "count") if form.get("count") else None,
            _one_of(BusinessDays, form.get("business_days") or "none", "business_days"),
        ),
        description=form.get("description"),
        amount=None if bills_time else amount(form.must("amount", "The amount"), "amount"),
        in_advance=form.get("in_advance") == "yes",
        **style_of(form),
    )


def _instalments(visit: Visit) -> Any:
    """The rows that have anything in them; "25 %" is a part of the total."""
    form = visit.form
    rows = zip(form.all("date"), form.all("what"), form.all("how_much"), strict=False)
    parts = []
    for place, (when, what, how_much) in enumerate(rows, start=1):
        if not (when or what or how_much):
            continue
        field = f"row {place}"
        on = day(when, "instalments")
        if on is None or not how_much:
            raise InvalidInput(
                f"Instalment {place} needs a day and an amount.", field="instalments"
            )
        value = amount(how_much.rstrip("% "), field)
        share = how_much.rstrip().endswith("%")
        parts.append(Part(on, what, None, value) if share else Part(on, what, value))
    total = amount(form.get("total"), "total") if form.get("total") else None
    return make.instalments(parts, total)


def _number(text: str, field: str) -> int:
    if not text.isdecimal() or len(text) > 4:  # noqa: PLR2004  no plan needs more digits
        raise InvalidInput(f"{text} is not a whole number.", field=field)
    return int(text)


def _one_of(kind: Any, text: str, field: str) -> Any:
    if text not in set(kind):
        raise InvalidInput("Choose one of the list.", field=field)
    return kind(text)


def _page(
    visit: Visit,
    typed: dict[str, str],
    *,
    plan: Plan | None = None,
    error: WorkbillError | None = None,
    more: int = 0,
) -> Page:
    form = visit.form
    rows = (
        list(zip(form.all("date"), form.all("what"), form.all("how_much"), strict=False))
        or [("", "", "")] * ROWS
    )
    found = clients.listing(visit.tenant_id, limit=MOST_CLIENTS)
    values = {
        "typed": typed,
        "kind": "instalments" if typed.get("kind") == "instalments" else "round",
        "rows": (rows + [("", "", "")] * more)[:MOST_ROWS],
        "most_rows": MOST_ROWS,
        "clients": [(client.client_id, client.name) for client in found],
        "projects": _projects(visit.tenant_id),
        "every": EVERY,
        "days": DAYS,
        "weekends": WEEKENDS,
        "groupings": GROUPINGS,
        "roundings": ROUNDINGS,
        "notes": NOTES,
        "plan": plan,
        "coming": plan.coming() if plan else [],
        "may_send": Scope.SEND in visit.caller.scopes,
        "error": error,
    }
    return Page("plans/form.html", values, error.status if error else 200)


def _projects(tenant_id: str) -> list[tuple[str, str]]:
    found = projects.listing(tenant_id, limit=MOST_PROJECTS).items
    named = clients.by_ids(tenant_id, [one.client_id for one in found])
    return [
        (one.project_id, f"{named[one.client_id].name}: {one.name}")
        for one in found
        if one.client_id in named
    ]
