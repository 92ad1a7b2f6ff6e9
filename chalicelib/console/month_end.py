"""The page that closes a month, and the same as a file for spreadsheets."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalice.app import Response

from chalicelib.console.follow import followed
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import InvalidInput
from chalicelib.invoices import month_end
from chalicelib.invoices.gaps import Became
from chalicelib.invoices.month import Month, read_month
from chalicelib.invoices.month_end import MonthEnd
from chalicelib.invoices.reckon import Control, Ours, Standing, Sums
from chalicelib.people.caller import Scope
from chalicelib.spreadsheet import Cell, csv_bytes

pages = Pages(__name__)

HERE = "/month-end"
MOST_SHOWN = 100
MOST_EXPORTED = 25_000
"""Rows: under the 6 MB that a function may answer with."""

STANDINGS = {
    Standing.NOT_SENT: "Not sent",
    Standing.UNCERTAIN: "Being looked up",
    Standing.IN_DRAFT: "Not approved in Xero",
    Standing.UNPAID: "Unpaid",
    Standing.PART_PAID: "Part-paid",
    Standing.PAID: "Paid",
    Standing.VOIDED: "Voided",
    Standing.DELETED: "Deleted in Xero",
    Standing.DISCARDED: "Discarded",
}
BECAME = {
    Became.USED: "Used",
    Became.HELD: "Given to an invoice that is not in Xero",
    Became.VOID: "Voided",
    Became.DELETED: "Deleted in Xero",
    Became.GIVEN_BACK: "Given back",
    Became.MISSING: "Never given here",
}
SUMS = (
    ("net", "Net"),
    ("tax", "Tax"),
    ("total", "Total"),
    ("paid", "Paid"),
    ("credited", "Credited"),
    ("due", "Still due"),
)
COLUMNS = (
    "Number", "Client", "Date", "Due", "Standing", "Currency", "Net", "Tax", "Total", "Paid",
    "Credited", "Still due", "Differs from Xero",
)  # fmt: skip
OPEN = (Standing.NOT_SENT, Standing.UNCERTAIN, Standing.IN_DRAFT)


@pages.get(HERE)
def show(visit: Visit) -> Page:
    """A month as it was last worked out; the present one unless another is asked for."""
    month, wrong = _asked(visit)
    found = month_end.find(visit.tenant_id, month)
    invoices = month_end.invoices(visit.tenant_id, month) if found else []
    values: dict[str, Any] = {
        "month": month,
        "wrong": wrong,
        "found": found,
        "standings": STANDINGS,
        "became": BECAME,
        "sums": SUMS,
        "waiting": [one for one in invoices if one.standing in OPEN][:MOST_SHOWN],
        "differing": [one for one in invoices if one.differs][:MOST_SHOWN],
        "may_write": Scope.WRITE in visit.caller.scopes,
    }
    return Page("invoices/month_end.html", values)


@pages.post(HERE, scope=Scope.WRITE)
def work_out(visit: Visit) -> Redirect:
    """Work the month out anew."""
    month = read_month(visit.form.get("month"))
    job = month_end.start(visit.caller, month)
    return followed(job, f"{HERE}?month={month}")


@pages.get(f"{HERE}/export")
def export(visit: Visit) -> Response:
    """The month as a file: every invoice, then the sums, what differs, and the numbers."""
    month = read_month(visit.query.get("month", ""))
    found = month_end.get(visit.tenant_id, month)
    rows = _rows(found, month_end.invoices(visit.tenant_id, month))
    headers: dict[str, Any] = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="month-end-{month}.csv"',
    }
    return Response(csv_bytes(COLUMNS, rows).decode(), headers=headers)


def _asked(visit: Visit) -> tuple[Month, str]:
    """The month, and what is wrong with what was typed."""
    text = visit.query.get("month", "")
    if not text:
        return month_end.present(visit.tenant_id), ""
    try:
        return read_month(text), ""
    except InvalidInput as error:
        return month_end.present(visit.tenant_id), error.sentence


def _rows(found: MonthEnd, invoices: Sequence[Ours]) -> Iterator[Sequence[Cell]]:
    for one in invoices[:MOST_EXPORTED]:
        yield [
            one.number, one.client, one.date.isoformat(), one.due_date.isoformat(),
            STANDINGS[one.standing], one.currency, *_cells(one.sums),
            "yes" if one.differs else "",
        ]  # fmt: skip
    if len(invoices) > MOST_EXPORTED:
        yield [f"There are {len(invoices):,} invoices, more than one file takes."]
    yield []
    for control in found.controls:
        yield from _of_control(control, asked=bool(found.calls))
    for one_apart in found.apart:
        yield [
            one_apart.number, one_apart.what, "", "", "Xero less here", one_apart.currency,
            *_cells(one_apart.sums),
        ]  # fmt: skip
    for number in found.numbers.named:
        until = f" to {number.until}" if number.until else ""
        yield [f"{number.number}{until}", "", "", "", BECAME[number.became]]


def _of_control(one: Control, *, asked: bool) -> Iterator[Sequence[Cell]]:
    sides = [("Here", one.here)]
    if asked:
        sides += [("In Xero", one.in_xero), ("Xero less here", one.apart)]
        sides += [("In Xero from elsewhere", one.elsewhere)]
    for name, sums in sides:
        yield ["", name, "", "", "Sum", one.currency, *_cells(sums)]


def _cells(sums: Sums) -> list[Cell]:
    return [getattr(sums, name) for name, _ in SUMS]
