"""The form of a project: what is posted, and what it is shown with."""

import re
from typing import Any

from chalicelib.console.forms import Form
from chalicelib.console.routing import Page, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.work import clients
from chalicelib.work.currencies import base_currency
from chalicelib.work.model import Project, ProjectKind, ProjectStatus

KINDS = (
    (ProjectKind.TIME_AND_MATERIALS.value, "Time and materials"),
    (ProjectKind.FIXED_PRICE.value, "Fixed price"),
)
STATUSES = (
    (ProjectStatus.PLANNED.value, "Planned"),
    (ProjectStatus.ACTIVE.value, "Active"),
    (ProjectStatus.ON_HOLD.value, "On hold"),
    (ProjectStatus.COMPLETED.value, "Completed"),
)
PLAIN = (
    "name", "code", "currency", "kind", "status", "price", "budget_amount", "purchase_order",
    "contact_name", "contact_email",
)  # fmt: skip
FIELDS = (*PLAIN, "client_id", "budget_hours")
MOST_CLIENTS = 2000
HOURS = re.compile(r"(\d{1,6})(?:[:.,](\d{1,2}))?")


def posted(form: Form) -> dict[str, Any]:
    """What a posted form says of a project; raises InvalidInput for hours that are none."""
    found: dict[str, Any] = {name: form.get(name) for name in PLAIN}
    found["kind"] = found["kind"] or ProjectKind.TIME_AND_MATERIALS.value
    found["status"] = found["status"] or ProjectStatus.ACTIVE.value
    return {**found, "budget_minutes": _minutes(form.get("budget_hours"))}


def values_of(project: Project) -> dict[str, str]:
    """A project as its form shows it."""
    budget = project.budget_minutes
    return {
        **{name: _text(getattr(project, name)) for name in PLAIN},
        "client_id": project.client_id,
        "budget_hours": "" if budget is None else f"{budget // 60}:{budget % 60:02d}",
    }


def page(
    visit: Visit,
    project: Project | None,
    values: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Page:
    """The form, with what was typed and what is wrong with it."""
    choices, more = ([], False) if project else _clients(visit, values.get("client_id", ""))
    shown: dict[str, Any] = {
        "project": project,
        "values": {**dict.fromkeys(FIELDS, ""), "status": ProjectStatus.ACTIVE.value, **values},
        "error": error,
        "fields": (*FIELDS, "budget_minutes"),
        "clients": choices,
        "more_clients": more,
        "kinds": KINDS,
        "statuses": STATUSES,
        "base_currency": base_currency(visit.tenant_id) or "",
    }
    return Page("projects/form.html", shown, error.status if error else 200)


def _minutes(text: str) -> int | None:
    """80, 80:30 or 80.5 hours."""
    if not text:
        return None
    found = HOURS.fullmatch(text)
    if not found:
        raise InvalidInput("Write the hours as 80 or as 80:30.", field="budget_hours")
    rest = found[2] or "0"
    minutes = int(rest) if ":" in text else int(rest.ljust(2, "0")) * 60 // 100
    return int(found[1]) * 60 + minutes


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _clients(visit: Visit, chosen: str) -> tuple[list[tuple[str, str]], bool]:
    """Clients to choose from, the chosen one among them, and whether there are more."""
    found = clients.listing(visit.tenant_id, limit=MOST_CLIENTS)
    choices = {client.client_id: client.name for client in found}
    if chosen and chosen not in choices:
        named = clients.by_ids(visit.tenant_id, [chosen])
        choices |= {client_id: client.name for client_id, client in named.items()}
    return list(choices.items()), found.next is not None
