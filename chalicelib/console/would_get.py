"""What a line would get: a person chooses whose and of what, and sees which layer says so."""

from typing import Any

from chalicelib.console.code_names import account_name, tax_name
from chalicelib.console.prices import LAYERS, SOURCES, plain
from chalicelib.console.rate_page import KINDS
from chalicelib.console.rates import day_of
from chalicelib.console.routing import Page, Pages, Visit
from chalicelib.console.today import today
from chalicelib.errors import InvalidInput
from chalicelib.invoices.would_get import Question, WouldGet, would_get
from chalicelib.reference import mapping
from chalicelib.work import clients, projects, tasks
from chalicelib.work.rates import store as rates
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.price import RULE
from chalicelib.work.staff import store as staff

pages = Pages(__name__)

MOST = 2000
ASKED = ("client_id", "project_id", "task_id", "rate_id", "staff_id")


@pages.get("/settings/codes/preview")
def show(visit: Visit) -> Page:
    """The choices, each narrowed by those before it, and the answer to what is chosen."""
    day = today(visit.tenant_id)
    asked = {name: visit.query.get(name, "") for name in ASKED}
    error, found = None, None
    if any(asked.values()):
        try:
            when = day_of(visit.query.get("date", "")) or day
            found = would_get(visit.tenant_id, Question(when, **asked))
        except InvalidInput as wrong:
            error = wrong
    values: dict[str, Any] = {
        **_offered(visit.tenant_id, asked, found),
        "asked": asked,
        "date": visit.query.get("date") or day.isoformat(),
        "error": error,
        "answer": _answer(visit.tenant_id, found) if found else None,
        "rule": RULE,
    }
    return Page("codes/preview.html", values, error.status if error else 200)


def _offered(tenant_id: str, asked: dict[str, str], found: WouldGet | None) -> dict[str, Any]:
    """What can be chosen: projects of the client and tasks of the project once they are known."""
    client_id = found.client.client_id if found else asked["client_id"]
    project_id = found.project.project_id if found and found.project else asked["project_id"]
    of_client = projects.listing(tenant_id, client_id=client_id or None, limit=MOST)
    of_project = tasks.listing(tenant_id, project_id, limit=MOST) if project_id else ()
    cards = sorted(rates.every(tenant_id).values(), key=lambda one: one.name.casefold())
    return {
        "client_id": client_id,
        "project_id": project_id,
        "clients": [(one.client_id, one.name) for one in clients.listing(tenant_id, limit=MOST)],
        "projects": [(one.project_id, one.name) for one in of_client],
        "tasks": [(one.task_id, one.name) for one in of_project],
        "materials": [
            (one.rate_id, one.name)
            for one in cards
            if one.kind is RateKind.MATERIAL and not one.archived
        ],
        "staff": [(one.staff_id, one.name) for one in staff.listing(tenant_id, limit=MOST)],
        "kinds": KINDS,
    }


def _answer(tenant_id: str, found: WouldGet) -> dict[str, Any]:
    """The answer in words, row by row: what, which, and what says so."""
    lists, codes, priced = mapping.lists(tenant_id), found.codes, found.priced
    rows = [
        ("Account", account_name(codes.account_code, lists), LAYERS[codes.account_from]),
        ("Tax rate", tax_name(codes.tax_type, lists), LAYERS[codes.tax_from]),
        *((one.category, one.option, LAYERS[one.layer]) for one in codes.tracking),
    ]
    if priced is not None:
        amount = f"{plain(priced.amount)} {found.currency}" if priced.amount is not None else ""
        rows.insert(0, ("Price", amount, SOURCES[priced.source]))
    return {
        "rows": rows,
        "problems": [said for said in (priced.problem if priced else "", codes.problem) if said],
        "rate": rates.by_ids(tenant_id, [priced.rate_id]).get(priced.rate_id)
        if priced and priced.rate_id
        else None,
        "since": priced.since if priced else None,
        "found": found,
    }
