"""The page of a new invoice whose lines are written: blank, deposit, copy, or a template's."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from chalicelib.console import line_form, line_rows
from chalicelib.console.billing_form import deductions
from chalicelib.console.forms import day
from chalicelib.console.line_rows import Row
from chalicelib.console.routing import Page, Visit
from chalicelib.console.today import today
from chalicelib.errors import InvalidInput, WorkbillError
from chalicelib.invoices import copying, deposits, store, templates
from chalicelib.invoices.model import Basis, Invoice, InvoiceKind
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people import tenants
from chalicelib.work import clients, projects

DEPOSIT = "deposit"
HEAD = (
    "reference", "date", "due_date", "currency", "line_amount_types", "discount_of_all",
    "project_ids",
)  # fmt: skip
MOST_PROJECTS = 100


def form(visit: Visit, basis: str, client_id: str) -> Page:
    """The form as the invoice or template that was named begins, or with one empty row."""
    asked = visit.query
    like = NewInvoice(basis=_basis(basis), client_id=client_id)
    source = ""
    if basis == Basis.COPY:
        source = asked.get("invoice_id", "")
        like = copying.of_invoice(visit.tenant_id, like, source)
    elif basis == Basis.TEMPLATE and asked.get("template_id"):
        source = asked.get("template_id", "")
        like = copying.of_template(visit.tenant_id, like, source)
    client_id = like.client_id
    rows = line_rows.shown(like.lines, line_form.category_ids(visit.tenant_id))
    blank = line_rows.ADDED["add"]
    if basis == DEPOSIT:
        blank = (replace(line_rows.NEW_ROW, description="Deposit"),)
    head = {
        "date": today(visit.tenant_id).isoformat(),
        "reference": like.reference,
        "currency": like.currency,
        "line_amount_types": like.line_amount_types
        or tenants.get(visit.tenant_id).line_amount_types,
        "discount_of_all": line_rows.discount(like.discount_percent, like.discount_amount),
        "project_ids": _project_of(visit.tenant_id, source) if basis == Basis.COPY else "",
    }
    return _page(visit, basis, client_id, head, rows or list(blank), source=source)


def wanted(visit: Visit, basis: str) -> NewInvoice:
    """What was posted; raises InvalidInput naming the field."""
    sent = visit.form
    percent, amount = line_rows.discount_of(sent.get("discount_of_all"))
    asked = NewInvoice(
        basis=_basis(basis),
        kind=InvoiceKind.DEPOSIT if basis == DEPOSIT else InvoiceKind.STANDARD,
        client_id=sent.get("client_id"),
        project_ids=tuple(filter(None, sent.all("project_ids"))),
        currency=sent.get("currency").upper(),
        reference=sent.get("reference"),
        date=day(sent.get("date"), "date"),
        due_date=day(sent.get("due_date"), "due_date"),
        line_amount_types=line_form.prices(sent.get("line_amount_types")),
        discount_percent=percent,
        discount_amount=amount,
        deduct=deductions(sent),
    )
    for project_id in asked.project_ids:
        if projects.get(visit.tenant_id, project_id).client_id != asked.client_id:
            raise InvalidInput("This project is another client's.", field="project_ids")
    if not sent.all("description") and sent.get("source"):
        return _as_source(visit.tenant_id, basis, sent.get("source"), asked)
    return msgspec.structs.replace(asked, lines=tuple(line_rows.lines_of(_rows(visit))))


def shown(
    visit: Visit,
    basis: str,
    wanted: NewInvoice | None = None,
    *,
    error: WorkbillError | None = None,
) -> Page:
    """The form as it was posted, in its new order, with the sums as they would be."""
    from chalicelib.invoices import create

    if wanted is None or not wanted.lines:
        return _typed(visit, basis, error=error)
    draft, _ = create.preview(visit.tenant_id, wanted)
    return _typed(visit, basis, would_be=draft)


def _project_of(tenant_id: str, invoice_id: str) -> str:
    """The project that an invoice was made for; nothing where there are several, or none."""
    of_invoice = store.get(tenant_id, invoice_id).project_ids
    return of_invoice[0] if len(of_invoice) == 1 else ""


def _as_source(tenant_id: str, basis: str, source: str, asked: NewInvoice) -> NewInvoice:
    """With the lines of what was named, where they are more than the page shows."""
    if basis == Basis.COPY:
        found = copying.of_invoice(tenant_id, asked, source)
    else:
        found = copying.of_template(tenant_id, asked, source)
    return msgspec.structs.replace(
        found, discount_percent=asked.discount_percent, discount_amount=asked.discount_amount
    )


def _typed(visit: Visit, basis: str, **found: Any) -> Page:
    sent = visit.form
    return _page(
        visit,
        basis,
        sent.get("client_id"),
        sent.values(),
        _rows(visit),
        source=sent.get("source"),
        **found,
    )


def _rows(visit: Visit) -> list[Row]:
    return line_rows.rearranged(line_rows.typed(visit.form), visit.form.get("act"))


def _page(
    visit: Visit,
    basis: str,
    client_id: str,
    head: dict[str, str],
    rows: Sequence[Row],
    *,
    source: str = "",
    would_be: Invoice | None = None,
    error: WorkbillError | None = None,
) -> Page:
    tenant_id = visit.tenant_id
    client = clients.get(tenant_id, client_id)
    of_client = projects.listing(tenant_id, client_id=client_id, limit=MOST_PROJECTS)
    fits = len(rows) <= line_form.MOST_ROWS
    values = {
        **line_form.lists(tenant_id),
        **line_form.sums(would_be),
        "client": client,
        "basis": basis,
        "head": {**dict.fromkeys(HEAD, ""), **head},
        "rows": rows if fits else [],
        "fits": fits,
        "count": len(rows),
        "source": source,
        "templates": templates.listing(tenant_id) if basis == Basis.TEMPLATE else [],
        "like": store.get(tenant_id, source) if basis == Basis.COPY and source else None,
        "projects": [(one.project_id, one.name) for one in of_client],
        "deposits": [] if basis == DEPOSIT else deposits.of_client(tenant_id, client_id),
        "deducted": visit.form.all("deduct"),
        "error": error,
        "fields_of_form": [one for one in HEAD if of_client.items or one != "project_ids"],
    }
    return Page("invoices/by_hand.html", values, error.status if error else 200)


def _basis(basis: str) -> Basis:
    return Basis.BLANK if basis == DEPOSIT else Basis(basis)
