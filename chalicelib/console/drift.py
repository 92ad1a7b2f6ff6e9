"""Pages of what Xero has otherwise: the list, and the ways out of one invoice's differences."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from chalicelib.console.follow import followed
from chalicelib.console.render import day
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict
from chalicelib.invoices import drift_store
from chalicelib.invoices.drift import Difference
from chalicelib.people.caller import Scope

pages = Pages(__name__)

HERE = "/invoices/{invoice_id}/drift"
LIST = "/invoices/drift"
PER_PAGE = 50
NAMES = {
    "contact": "Contact",
    "number": "Number",
    "reference": "Reference",
    "date": "Date",
    "due_date": "Due",
    "currency": "Currency",
    "line_amount_types": "Prices",
    "status": "Status",
    "sub_total": "Subtotal",
    "total_tax": "Tax",
    "total": "Total",
    "description": "Description",
    "quantity": "Quantity",
    "unit_price": "Price",
    "discount": "Discount",
    "account": "Account",
    "tax_type": "Tax rate",
    "tracking": "Tracking",
    "amount": "Amount",
    "tax": "Tax",
    "line": "The whole line",
}
DAYS = frozenset({"date", "due_date"})
WORDS = {
    "Exclusive": "Tax is added",
    "Inclusive": "Tax is included",
    "NoTax": "No tax",
    "DRAFT": "Draft",
    "SUBMITTED": "Awaiting approval",
    "AUTHORISED": "Approved",
    "PAID": "Paid",
    "VOIDED": "Voided",
    "DELETED": "Deleted",
}


@pages.get(LIST)
def show_all(visit: Visit) -> Page:
    """Every invoice that Xero has otherwise."""
    ignored = visit.query.get("ignored") == "yes"
    found = drift_store.listing(
        visit.tenant_id, limit=PER_PAGE, cursor=visit.query.get("cursor"), ignored=ignored
    )
    following = {"ignored": "yes" if ignored else "", "cursor": found.next or ""}
    values = {
        "invoices": found.items,
        "ignored": ignored,
        "next": f"{LIST}?{urlencode(following)}" if found.next else "",
    }
    return Page("invoices/drift.html", values)


@pages.post(f"{HERE}/accept", scope=Scope.SEND)
def accept(visit: Visit, invoice_id: str) -> Redirect:
    """Take over what Xero has."""
    from chalicelib.invoices import accept as accepting

    then = f"/invoices/{invoice_id}"
    try:
        job = accepting.start(visit.caller, invoice_id, visit.form.get("seen"))
    except Conflict as error:
        return Redirect(then, error.sentence)
    return followed(job, then)


@pages.post(f"{HERE}/ignore", scope=Scope.WRITE)
def ignore(visit: Visit, invoice_id: str) -> Redirect:
    """Let the differences be, for a reason."""
    from chalicelib.invoices import let_be

    then, reason = f"/invoices/{invoice_id}", visit.form.must("reason", "The reason")
    try:
        let_be.let_be(visit.caller, invoice_id, visit.form.get("seen"), reason)
    except Conflict as error:
        return Redirect(then, error.sentence)
    return Redirect(then, "It is flagged again only if it changes further.")


def rows_of(found: Iterable[Difference]) -> list[tuple[str, tuple[str, str, str]]]:
    """Each difference as pages show it: what the field is called, and its three sides."""
    return [
        (name_of(one), (_shown(one, one.sent), _shown(one, one.here), _shown(one, one.theirs)))
        for one in found
    ]


def name_of(one: Difference) -> str:
    """What a field is called on pages."""
    name = NAMES.get(one.name, one.name)
    return name if one.line is None else f"Line {one.line}: {name.lower()}"


def _shown(one: Difference, value: str) -> str:
    if one.name in DAYS and value:
        return day(date.fromisoformat(value))
    return WORDS.get(value, value) if one.name in {"line_amount_types", "status"} else value
