"""Editing a draft: its header, its discount and its lines, with the sums as they would be."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.console import line_rows
from chalicelib.console.line_rows import Row
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.invoices import edit, show, store
from chalicelib.invoices.line import LineAmountTypes, Part
from chalicelib.invoices.model import EDITABLE, Invoice
from chalicelib.people.caller import Scope
from chalicelib.reference import small_lists
from chalicelib.reference import store as reference
from chalicelib.reference.model import TrackingCategory

pages = Pages(__name__)

HERE = "/invoices/{invoice_id}/edit"
MOST_ROWS = 200
"""More make a page that is slow to draw and to send; the API takes them."""

PRICES = (
    (LineAmountTypes.EXCLUSIVE, "Tax is added"),
    (LineAmountTypes.INCLUSIVE, "Tax is included"),
    (LineAmountTypes.NO_TAX, "No tax"),
)


@pages.get(HERE, scope=Scope.WRITE)
def form(visit: Visit, invoice_id: str) -> Page | Redirect:
    """The draft in a form; to its own page when it is a draft no more."""
    invoice = store.get(visit.tenant_id, invoice_id)
    if invoice.state not in EDITABLE:
        return Redirect(f"/invoices/{invoice_id}", "This invoice can no longer be changed here.")
    return _page(
        visit,
        invoice,
        _head(invoice),
        line_rows.shown(invoice.lines, [one.category_id for one in _categories(visit)]),
    )


@pages.post(HERE, scope=Scope.WRITE)
def change(visit: Visit, invoice_id: str) -> Page | Redirect:
    """Save; or show the rows in another order, with more or fewer of them, and the sums."""
    invoice = store.get(visit.tenant_id, invoice_id)
    act, head = visit.form.get("act"), visit.form.values()
    rows = line_rows.rearranged(line_rows.typed(visit.form), act)
    try:
        wanted = _changes(visit, invoice, rows)
        if act == "save":
            version = visit.form.must("version", "The version")
            edit.change(visit.caller, invoice_id, _number(version), wanted)
            return Redirect(f"/invoices/{invoice_id}", "The draft is saved.")
        would_be = edit.preview(visit.tenant_id, invoice_id, wanted)
    except (InvalidInput, Conflict) as error:
        return _page(visit, invoice, head, rows, error=error)
    return _page(visit, invoice, head, rows, would_be=would_be)


def _changes(visit: Visit, invoice: Invoice, rows: Sequence[Row]) -> dict[str, Any]:
    sent = visit.form
    percent, amount = line_rows.discount_of(sent.get("discount_of_all"))
    found: dict[str, Any] = {
        "reference": sent.get("reference"),
        "date": _day(sent.get("date"), "date"),
        "due_date": _day(sent.get("due_date"), "due_date"),
        "line_amount_types": _prices(sent.get("line_amount_types")),
        "discount_percent": percent,
        "discount_amount": amount,
    }
    if _fits(invoice):
        found["lines"] = line_rows.lines_of(rows)
    return found


def _page(
    visit: Visit,
    invoice: Invoice,
    head: dict[str, str],
    rows: Sequence[Row],
    *,
    would_be: Invoice | None = None,
    error: WorkbillError | None = None,
) -> Page:
    sums = would_be or invoice
    amounts = dict(zip(sums.lines, show.amounts(sums), strict=True))
    accounts = [one for one in reference.accounts(visit.tenant_id) if one.usable_for_lines]
    rates = [one for one in reference.tax_rates(visit.tenant_id) if one.usable_for_lines]
    values = {
        "invoice": invoice,
        "head": head,
        "rows": rows if _fits(invoice) else [],
        "fits": _fits(invoice),
        "works": {line.line_id: line.work for line in invoice.lines if line.work},
        "amounts": [amounts[line] for line in sums.lines if line.part is Part.ITEM],
        "sums": sums,
        "discounts": [(one, amounts[one]) for one in sums.lines if one.part is Part.DISCOUNT],
        "error": error,
        "blank": line_rows.ADDED,
        "prices": PRICES,
        "accounts": [(one.code, f"{one.code} · {one.name}") for one in accounts],
        "categories": _categories(visit),
        "between": line_rows.BETWEEN,
        "tax_rates": [(one.tax_type, one.name) for one in sorted(rates, key=lambda r: r.name)],
    }
    return Page("invoices/edit.html", values, error.status if error else 200)


def _head(invoice: Invoice) -> dict[str, str]:
    discount = line_rows.discount(invoice.discount_percent, invoice.discount_amount)
    return {
        "version": f"{invoice.version}",
        "reference": invoice.reference,
        "date": invoice.date.isoformat(),
        "due_date": invoice.due_date.isoformat(),
        "line_amount_types": invoice.line_amount_types.value,
        "discount_of_all": discount,
    }


def _categories(visit: Visit) -> list[TrackingCategory]:
    """The tracking that lines may bear, by name."""
    found = [one for one in small_lists.tracking(visit.tenant_id) if one.usable]
    return sorted(found, key=lambda one: one.name)[: line_rows.MOST_TRACKED]


def _fits(invoice: Invoice) -> bool:
    return len(invoice.lines) <= MOST_ROWS


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _prices(text: str) -> LineAmountTypes:
    if text not in set(LineAmountTypes):
        raise InvalidInput("Choose how prices and tax go together.", field="line_amount_types")
    return LineAmountTypes(text)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Write a day as YYYY-MM-DD.", field=field) from None
