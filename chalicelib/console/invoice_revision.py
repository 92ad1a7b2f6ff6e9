"""A change of an invoice that Xero has, side by side with what is there, before it is written."""

import msgspec

from chalicelib.console import code_names
from chalicelib.console.follow import followed
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch.model import JobState
from chalicelib.invoices import revise, revision, store
from chalicelib.invoices.revise import Difference
from chalicelib.invoices.revision import RevisionState
from chalicelib.people.caller import Scope
from chalicelib.reference import mapping
from chalicelib.reference.layers import Lists

pages = Pages(__name__)

HERE = "/invoices/{invoice_id}/revision"
NAMES = {
    "contact": "Contact",
    "number": "Number",
    "currency": "Currency",
    "reference": "Reference",
    "date": "Date",
    "due_date": "Due",
    "line_amount_types": "Prices",
    "description": "Description",
    "quantity": "Quantity",
    "unit_price": "Price",
    "discount": "Discount",
    "account_code": "Account",
    "tax_type": "Tax",
    "tracking": "Tracking",
    "line": "The whole line",
    "order": "Order of the lines",
}
WAYS = {
    "contact": "Change it in Xero, or accept what Xero has.",
    "number": "Change it in Xero, or accept what Xero has.",
    "currency": "Nobody can change it. Void or credit the invoice and bill it anew.",
}
"""What to do about a field that no change from here can write."""

PRICES = {"Exclusive": "Tax is added", "Inclusive": "Tax is included", "NoTax": "No tax"}


@pages.get(HERE)
def show(visit: Visit, invoice_id: str) -> Page | Redirect:
    """Field by field what Xero has and would have; to the invoice when there is no change."""
    invoice = store.get(visit.tenant_id, invoice_id)
    found = revision.find(visit.tenant_id, invoice_id)
    if found is None:
        return Redirect(f"/invoices/{invoice_id}")
    would = revise.would_write(visit.tenant_id, found)
    lists = mapping.lists(visit.tenant_id)
    scopes = visit.caller.scopes
    values = {
        "invoice": invoice,
        "would": would,
        "found": found,
        "writing": found.state is RevisionState.WRITING,
        "differences": [(_name(one), one, _texts(one, lists)) for one in would.differences],
        "stays": [(_name(one), one, WAYS[one.field]) for one in would.stays],
        "body": msgspec.json.format(would.body, indent=2).decode() if would.body else "",
        "theirs": any(one.code == "changed_in_xero" for one in would.problems),
        "creditable": any(one.code in CREDIT for one in would.problems),
        "may_send": Scope.SEND in scopes,
        "may_write": Scope.WRITE in scopes,
    }
    return Page("invoices/revision.html", values)


@pages.post(HERE, scope=Scope.SEND)
def write(visit: Visit, invoice_id: str) -> Redirect:
    """Write just what was shown."""
    job = revise.write(visit.caller, invoice_id, visit.form.get("approval"))
    here = f"/invoices/{invoice_id}"
    return followed(job, f"{here}/revision" if job.state is JobState.FAILED else here)


@pages.post(f"{HERE}/look", scope=Scope.WRITE)
def look(visit: Visit, invoice_id: str) -> Redirect:
    """Compare it with Xero again; or as it would be with what was changed there written over."""
    overwrite = visit.form.get("overwrite") == "yes"
    job = revise.look_again(visit.caller, invoice_id, overwrite=overwrite)
    return followed(job, f"/invoices/{invoice_id}/revision")


@pages.post(f"{HERE}/ours", scope=Scope.WRITE)
def propose_ours(visit: Visit, invoice_id: str) -> Redirect:
    """What is here, over whatever Xero has otherwise; shown before anything is written."""
    version = visit.form.must("version", "The version")
    job = revise.propose(
        visit.caller,
        invoice_id,
        int(version) if version.isdecimal() else -1,
        {},
        overwrite=True,
    )
    return followed(job, f"/invoices/{invoice_id}/revision")


@pages.post(f"{HERE}/drop", scope=Scope.WRITE)
def drop(visit: Visit, invoice_id: str) -> Redirect:
    """Let the change go."""
    revise.drop(visit.caller, invoice_id)
    return Redirect(f"/invoices/{invoice_id}", "The change is dropped. Xero was not touched.")


CREDIT = frozenset({"money_on_it", "period_locked"})
"""Problems that a credit note is the way out of."""


def _name(one: Difference) -> str:
    what = NAMES.get(one.field, one.field)
    return f"Line {one.line}: {what[0].lower()}{what[1:]}" if one.line else what


def _texts(one: Difference, lists: Lists) -> tuple[str, str]:
    """What Xero has and would have, in people's words."""
    return _said(one.field, one.in_xero, lists), _said(one.field, one.wanted, lists)


def _said(field: str, text: str, lists: Lists) -> str:
    if not text:
        return "nothing"
    if field == "account_code":
        return code_names.account_name(text, lists)
    if field == "tax_type":
        return code_names.tax_name(text, lists)
    if field == "line_amount_types":
        return PRICES.get(text, text)
    if field == "tracking":
        return ", ".join(_tracked(pair, lists) for pair in text.split(", "))
    return text


def _tracked(pair: str, lists: Lists) -> str:
    category, _, option = pair.partition("=")
    return ": ".join(code_names.option_name(category, option, lists))
