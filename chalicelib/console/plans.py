"""Billing plans: all of them, one with its days, and what a person may do to it."""

from decimal import Decimal
from typing import Any

from chalicelib.console.billing_form import (
    GROUPINGS,
    NOTES,
    ROUNDINGS,
    style_fields,
    style_of,
)
from chalicelib.console.forms import day
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.money import parse_decimal
from chalicelib.people.caller import Scope
from chalicelib.plans import change, store
from chalicelib.plans.model import Plan

pages = Pages(__name__)

HERE = "/invoices/plans"
ONE = f"{HERE}/{{plan_id}}"
ACTS = {
    "pause": (change.pause, "Nothing is made until you resume the plan."),
    "resume": (change.resume, "The plan goes on from today."),
    "end": (change.end, "The plan has ended. Its invoices stay."),
}


@pages.get(HERE)
def show_all(visit: Visit) -> Page:
    """Plans by client, those that run first."""
    plans = store.of_tenant(visit.tenant_id)
    plans.sort(key=lambda plan: (plan.ended or plan.next is None, plan.client_name.casefold()))
    values = {"plans": plans, "may_write": Scope.WRITE in visit.caller.scopes}
    return Page("plans/list.html", values)


@pages.get(ONE)
def show(visit: Visit, plan_id: str) -> Page:
    """One plan, its next twelve days, and the invoices that it made."""
    return _page(visit, store.get(visit.tenant_id, plan_id))


@pages.post(ONE, scope=Scope.WRITE)
def edit(visit: Visit, plan_id: str) -> Page | Redirect:
    """Keep other terms for the days to come, or show what is wrong."""
    plan = store.get(visit.tenant_id, plan_id)
    try:
        change.edit(
            visit.caller, plan_id, int(visit.form.get("version") or -1), **_terms(visit, plan)
        )
    except (InvalidInput, Conflict) as error:
        return _page(visit, plan, error)
    return Redirect(f"{HERE}/{plan_id}", "The plan is saved.")


@pages.post(f"{ONE}/act", scope=Scope.WRITE)
def act(visit: Visit, plan_id: str) -> Redirect:
    """Pause, resume or end it."""
    wanted = ACTS.get(visit.form.get("act"))
    if wanted is None:
        raise InvalidInput("Pause, resume or end the plan.", field="act")
    do, said = wanted
    do(visit.caller, plan_id)
    return Redirect(f"{HERE}/{plan_id}", said)


@pages.post(f"{ONE}/days", scope=Scope.WRITE)
def skip(visit: Visit, plan_id: str) -> Redirect:
    """Leave out one of the coming days, or take that back."""
    text = visit.form.get("number")
    number = int(text) if text.isdecimal() else -1
    back = visit.form.get("act") == "unskip"
    (change.unskip if back else change.skip)(visit.caller, plan_id, number)
    return Redirect(f"{HERE}/{plan_id}", "The day is back." if back else "The day is skipped.")


def _terms(visit: Visit, plan: Plan) -> dict[str, Any]:
    form = visit.form
    found: dict[str, Any] = {
        "reference": form.get("reference"),
        "send": form.get("send") == "yes",
    }
    if plan.rule is None:
        return found
    found["end"] = day(form.get("end"), "end")
    if plan.amount is not None:
        found["description"] = form.get("description")
        found["amount"] = amount(form.must("amount", "The amount"), "amount")
    if plan.bills_time:
        found |= style_of(form)
    return found


def _page(visit: Visit, plan: Plan, error: WorkbillError | None = None) -> Page:
    typed = visit.form.values()
    values = {
        "plan": plan,
        "coming": plan.coming(),
        "may_write": Scope.WRITE in visit.caller.scopes,
        "may_send": Scope.SEND in visit.caller.scopes,
        "groupings": GROUPINGS,
        "roundings": ROUNDINGS,
        "notes": NOTES,
        "error": error,
        "typed": {
            "description": plan.description,
            "amount": "" if plan.amount is None else f"{plan.amount:.2f}",
            "reference": plan.reference,
            "end": plan.rule.end.isoformat() if plan.rule and plan.rule.end else "",
            "send": "yes" if plan.send else "",
            **style_fields(plan.style),
            **({**typed, "send": typed.get("send", "")} if error else {}),
        },
    }
    return Page("plans/plan.html", values, error.status if error else 200)


def amount(text: str, field: str) -> Decimal:
    """An amount of a form, with thousands separated or not; raises InvalidInput."""
    return parse_decimal(text.replace(",", ""), field=field)
