"""Editing an invoice: its header, its discount and its lines, with the sums as they would be.

A draft is saved. Of one that Xero has, the change is shown against what is there, then written.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.console import line_form, line_rows
from chalicelib.console.billing_form import deductions
from chalicelib.console.follow import followed
from chalicelib.console.invoice_work import in_xero
from chalicelib.console.line_rows import Row
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.invoices import deposits, edit, store
from chalicelib.invoices.deductions import deposits_in
from chalicelib.invoices.line import Line, Part
from chalicelib.invoices.model import EDITABLE, Invoice
from chalicelib.people.caller import Scope

pages = Pages(__name__)

HERE = "/invoices/{invoice_id}/edit"


@pages.get(HERE, scope=Scope.WRITE)
def form(visit: Visit, invoice_id: str) -> Page | Redirect:
    """The invoice in a form; to its own page when it can be changed no more."""
    invoice = store.get(visit.tenant_id, invoice_id)
    if not (invoice.state in EDITABLE or in_xero(invoice)):
        return Redirect(f"/invoices/{invoice_id}", "This invoice can no longer be changed here.")
    return _page(
        visit,
        invoice,
        _head(invoice),
        line_rows.shown(invoice.lines, line_form.category_ids(visit.tenant_id)),
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
            if in_xero(invoice):
                return _propose(visit, invoice, _number(version), wanted)
            edit.change(visit.caller, invoice_id, _number(version), wanted)
            return Redirect(f"/invoices/{invoice_id}", "The draft is saved.")
        would_be = edit.preview(visit.tenant_id, invoice_id, wanted)
    except (InvalidInput, Conflict) as error:
        return _page(visit, invoice, head, rows, error=error)
    return _page(visit, invoice, head, rows, would_be=would_be)


def _propose(visit: Visit, invoice: Invoice, version: int, wanted: dict[str, Any]) -> Redirect:
    """Keep the change and compare it with Xero; what it would write is shown next."""
    from chalicelib.invoices import revise

    plain = {name: value for name, value in wanted.items() if name != "deduct"}
    job = revise.propose(
        visit.caller,
        invoice.invoice_id,
        version,
        plain,
        release=visit.form.get("release") == "yes",
    )
    return followed(job, f"/invoices/{invoice.invoice_id}/revision")


def _changes(visit: Visit, invoice: Invoice, rows: Sequence[Row]) -> dict[str, Any]:
    sent = visit.form
    percent, amount = line_rows.discount_of(sent.get("discount_of_all"))
    found: dict[str, Any] = {
        "reference": sent.get("reference"),
        "date": _day(sent.get("date"), "date"),
        "due_date": _day(sent.get("due_date"), "due_date"),
        "line_amount_types": line_form.prices(sent.get("line_amount_types")),
        "discount_percent": percent,
        "discount_amount": amount,
    }
    held = deposits_in(invoice)
    items = line_rows.lines_of(rows) if _fits(invoice) else _of_part(invoice, Part.ITEM)
    found["lines"] = [*items, *_still_taken_off(invoice, set(sent.all("deduct")))]
    found["deduct"] = [one for one in deductions(sent) if one.deposit_id not in held]
    return found


def _still_taken_off(invoice: Invoice, ticked: set[str]) -> list[Line]:
    found = _of_part(invoice, Part.DEDUCTION)
    return [line for line in found if line.work and line.work.deposit_id in ticked]


def _of_part(invoice: Invoice, part: Part) -> list[Line]:
    return [line for line in invoice.lines if line.part is part]


def _page(
    visit: Visit,
    invoice: Invoice,
    head: dict[str, str],
    rows: Sequence[Row],
    *,
    would_be: Invoice | None = None,
    error: WorkbillError | None = None,
) -> Page:
    tenant_id, held = visit.tenant_id, deposits_in(invoice)
    of_client = deposits.of_client(tenant_id, invoice.client_id)
    values = {
        **line_form.lists(tenant_id),
        **line_form.sums(would_be or invoice),
        "invoice": invoice,
        "head": head,
        "rows": rows if _fits(invoice) else [],
        "fits": _fits(invoice),
        "works": {line.line_id: line.work for line in invoice.lines if line.work},
        "sent": in_xero(invoice),
        "release": visit.form.get("release") == "yes" or not visit.form.get("act"),
        "held": [deposits.get(tenant_id, one) for one in sorted(held)],
        "deposits": [
            one
            for one in of_client
            if one.invoice.invoice_id not in held and deposits.fits(one.invoice, invoice)
            if invoice.state in EDITABLE
        ],
        "ticked": visit.form.all("deduct") if visit.form.get("act") else sorted(held),
        "error": error,
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


def _fits(invoice: Invoice) -> bool:
    return len(invoice.lines) <= line_form.MOST_ROWS


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Write a day as YYYY-MM-DD.", field=field) from None
