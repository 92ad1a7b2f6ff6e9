"""Unbilled work: what of it waits for whom, since when, and a way to bill it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib.console.routing import Page, Pages, Visit
from chalicelib.invoices.build import hours
from chalicelib.people.caller import Scope
from chalicelib.spreadsheet import Cell, csv_bytes
from chalicelib.work import clients, unbilled_list
from chalicelib.work.model import Client
from chalicelib.work.unbilled_list import Waiting

pages = Pages(__name__)

HERE = "/unbilled"
PER_PAGE = 50
MOST_EXPORTED = 1000
COLUMNS = (
    "Client", "Project", "Code", "Hours", "Time records", "Materials", "Amount", "Currency",
    "Without a price", "Oldest day",
)  # fmt: skip
MORE = "There is more than one file takes. Export one client at a time."


@dataclass(slots=True)
class Group:
    """A client with its projects, and what they come to in each currency."""

    client: Client
    projects: list[Waiting] = field(default_factory=list)
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, one: Waiting) -> None:
        """One more project."""
        self.projects.append(one)
        add_to(self.sums, one)


@pages.get(HERE)
def show(visit: Visit) -> Page:
    """Projects with unbilled work under their clients."""
    client_id = visit.query.get("client_id", "")
    found = unbilled_list.listing(
        visit.tenant_id,
        client_id=client_id or None,
        limit=PER_PAGE,
        cursor=visit.query.get("cursor"),
    )
    groups: dict[str, Group] = {}
    sums: dict[str, Decimal] = {}
    for one in found:
        groups.setdefault(one.client.client_id, Group(one.client)).add(one)
        add_to(sums, one)
    following = {"client_id": client_id, "cursor": found.next or ""}
    values: dict[str, Any] = {
        "groups": sorted(groups.values(), key=lambda group: group.client.name.casefold()),
        "sums": sums,
        "minutes": sum(one.time.minutes for one in found),
        "oldest": min((one.oldest for one in found), default=None),
        "client": clients.get(visit.tenant_id, client_id) if client_id else None,
        "export": f"{HERE}/export?{urlencode({'client_id': client_id})}",
        "next": f"{HERE}?{urlencode(following)}" if found.next else "",
        "part": bool(found.next or visit.query.get("cursor")),
        "may_write": Scope.WRITE in visit.caller.scopes,
    }
    return Page("work/unbilled.html", values)


@pages.get(f"{HERE}/export")
def export(visit: Visit) -> Response:
    """The same as a file for spreadsheets."""
    client_id = visit.query.get("client_id", "") or None
    if client_id:
        clients.get(visit.tenant_id, client_id)
    found, whole = unbilled_list.every(visit.tenant_id, client_id, MOST_EXPORTED)
    rows = [_row(one) for one in found]
    if not whole:
        rows.append([MORE])
    headers: dict[str, Any] = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="unbilled-work.csv"',
    }
    return Response(csv_bytes(COLUMNS, rows).decode(), headers=headers)


def add_to(sums: dict[str, Decimal], one: Waiting) -> None:
    """Count a project's amount with those of its currency."""
    money = one.amount
    sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount


def _row(one: Waiting) -> list[Cell]:
    return [
        one.client.name,
        one.project.name,
        one.project.code,
        hours(one.time.minutes),
        one.time.records,
        one.goods.count,
        one.amount.amount,
        one.amount.currency,
        "" if one.priced else "yes",
        one.oldest.isoformat(),
    ]
