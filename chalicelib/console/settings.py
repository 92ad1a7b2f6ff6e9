"""Settings → Company: the tenant's name, time zone and invoice defaults."""

from typing import Any

from chalicelib.audit import trail
from chalicelib.console.forms import Form
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import InvalidInput
from chalicelib.invoices import numbering
from chalicelib.people import tenants
from chalicelib.people.caller import Scope

pages = Pages(__name__)

FIELDS = ("name", "time_zone", "send_as", "due_days", "invoice_prefix", "numbering", "auto_send")
NEXT = "next_invoice_number"


@pages.get("/settings", scope=Scope.ADMIN)
def root(_visit: Visit) -> Redirect:
    """Settings begin with the company."""
    return Redirect("/settings/company")


@pages.get("/settings/company", scope=Scope.ADMIN)
def show(visit: Visit) -> Page:
    """The settings as they are."""
    tenant = tenants.get(visit.tenant_id)
    values = {name: str(getattr(tenant, name)) for name in FIELDS}
    return _form({**values, NEXT: str(numbering.load(visit.tenant_id).start)})


@pages.post("/settings/company", scope=Scope.ADMIN)
def change(visit: Visit) -> Page | Redirect:
    """Change them all at once, or none."""
    try:
        wanted, number = _wanted(visit.form), _number(visit.form)
        tenants.change(visit.tenant_id, **wanted)
        if number is not None:
            numbering.begin_at(visit.tenant_id, number)
    except InvalidInput as error:
        return _form({name: visit.form.get(name) for name in (*FIELDS, NEXT)}, error)
    trail.record(visit.caller, "settings changed", f"tenant:{visit.tenant_id}")
    return Redirect("/settings/company", "Settings are saved.")


def _wanted(form: Form) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: form.get(name) for name in FIELDS}
    if not wanted["due_days"].isdecimal():
        raise InvalidInput("Give a whole number of days.", field="due_days")
    wanted["due_days"] = int(wanted["due_days"])
    return wanted


def _number(form: Form) -> int | None:
    text = form.get(NEXT)
    if text and not text.isdecimal():
        raise InvalidInput("Give a whole number.", field=NEXT)
    return int(text) if text else None


def _form(values: dict[str, str], error: InvalidInput | None = None) -> Page:
    shown = {"values": values, "error": error, "send_as": tenants.SEND_AS}
    return Page("company.html", shown, error.status if error else 200)
