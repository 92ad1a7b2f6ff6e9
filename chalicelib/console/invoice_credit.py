"""Crediting an invoice that Xero has approved: how much of each line, and what comes free."""

from decimal import Decimal

from chalicelib.console import invoice_work
from chalicelib.console.follow import followed
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.invoices import credit, credit_job, store
from chalicelib.money import parse_decimal
from chalicelib.people.caller import Scope

pages = Pages(__name__)

HERE = "/invoices/{invoice_id}/credit"
AMOUNT = "amount:"
"""Before the id of a line, in the name of the field that says how much of it is credited."""


@pages.get(HERE, scope=Scope.SEND)
def form(visit: Visit, invoice_id: str) -> Page | Redirect:
    """What is left of each line, all of it to be credited unless told otherwise."""
    invoice = store.get(visit.tenant_id, invoice_id)
    if not invoice_work.creditable(invoice):
        return Redirect(f"/invoices/{invoice_id}", "This invoice cannot be credited.")
    return _page(visit, invoice_id)


@pages.post(HERE, scope=Scope.SEND)
def ask(visit: Visit, invoice_id: str) -> Page | Redirect:
    """Make the credit note; what was typed stays where it cannot be made."""
    try:
        amounts = {
            name.removeprefix(AMOUNT): _amount(text)
            for name, text in visit.form.values().items()
            if name.startswith(AMOUNT)
        }
        job = credit_job.ask(
            visit.caller,
            invoice_id,
            reason=visit.form.must("reason", "The reason"),
            amounts=amounts or None,
            release=visit.form.get("release") == "yes" and _whole(visit, invoice_id, amounts),
        )
    except (InvalidInput, Conflict) as error:
        return _page(visit, invoice_id, error)
    return followed(job, f"/invoices/{invoice_id}")


@pages.post(f"{HERE}/go-on", scope=Scope.SEND)
def go_on(visit: Visit, invoice_id: str) -> Redirect:
    """Take up a credit note that came to no end."""
    return followed(credit_job.go_on(visit.caller, invoice_id), f"/invoices/{invoice_id}")


def _page(visit: Visit, invoice_id: str, error: WorkbillError | None = None) -> Page:
    invoice = store.get(visit.tenant_id, invoice_id)
    before = credit.of_invoice(visit.tenant_id, invoice_id)
    left = credit.left_of(invoice, before)
    typed = visit.form.values() if error else {}
    values = {
        "invoice": invoice,
        "lines": [(line, left[line.line_id]) for line in invoice.lines if line.line_id in left],
        "remaining": credit.remaining(invoice, before),
        "typed": typed,
        "held": invoice_work.held(invoice),
        "release": not error or visit.form.get("release") == "yes",
        "error": error,
    }
    return Page("invoices/credit.html", values, error.status if error else 200)


def _whole(visit: Visit, invoice_id: str, amounts: dict[str, Decimal]) -> bool:
    """Whether all that is left is credited, so that nothing is billed any more."""
    invoice = store.get(visit.tenant_id, invoice_id)
    left = credit.left_of(invoice, credit.of_invoice(visit.tenant_id, invoice_id))
    return {line_id: amount for line_id, amount in amounts.items() if amount} == left


def _amount(text: str) -> Decimal:
    return parse_decimal(text.replace(",", "").strip() or "0", field="lines")
