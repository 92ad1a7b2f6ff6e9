"""What Xero would get of an invoice, to the letter, and sending just that."""

import msgspec

from chalicelib.connection import store as connections
from chalicelib.console import code_names
from chalicelib.console.routing import Page, Pages, Visit
from chalicelib.invoices import show, store
from chalicelib.invoices.model import SENDABLE, SendAs
from chalicelib.people.caller import Scope
from chalicelib.reference import mapping
from chalicelib.xero.formats import read_json

pages = Pages(__name__)


@pages.get("/invoices/{invoice_id}/preview")
def show_preview(visit: Visit, invoice_id: str) -> Page:
    """The body of the call, with the names that its codes stand for."""
    invoice = store.get(visit.tenant_id, invoice_id)
    asked = visit.query.get("send_as", "")
    send_as = SendAs(asked) if asked in set(SendAs) else invoice.send_as
    would = show.would_send(visit.tenant_id, invoice, send_as)
    lists = mapping.lists(visit.tenant_id)
    values = {
        "invoice": invoice,
        "would": would,
        "sent": read_json(would.body)["Invoices"][0],
        "body": msgspec.json.format(would.body, indent=2).decode(),
        "amounts": show.amounts(invoice),
        "names": [
            (
                code_names.account_name(line.account_code, lists),
                code_names.tax_name(line.tax_type, lists),
            )
            for line in invoice.lines
        ],
        "organisation": connections.get(visit.tenant_id).organisation_name,
        "sendable": invoice.state in SENDABLE and Scope.SEND in visit.caller.scopes,
        "ready": not any(problem.blocking for problem in would.problems),
    }
    return Page("invoices/preview.html", values)
