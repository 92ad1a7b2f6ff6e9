"""Invoices: the list, one invoice before and after it is sent, and what can be done with it."""

from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.connection import store as connections
from chalicelib.console import drift, invoice_extras, invoice_work
from chalicelib.console.follow import followed
from chalicelib.console.mend import mends
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import InvalidInput
from chalicelib.invoices import credit, drift_store, links, put_back, revision, show, store
from chalicelib.invoices.model import (
    DISCARDABLE,
    EDITABLE,
    SENDABLE,
    UNSETTLED,
    InvoiceState,
    SendAs,
)
from chalicelib.invoices.refusals import NUMBER_TAKEN
from chalicelib.people.caller import Scope
from chalicelib.plans import store as plans
from chalicelib.work import clients

pages = Pages(__name__)

HERE = "/invoices"
PER_PAGE = 50
STATUSES = (
    ("draft", "Drafts"),
    ("failed", "Not sent: needs attention"),
    ("uncertain", "Being looked up in Xero"),
    ("DRAFT", "Draft in Xero"),
    ("SUBMITTED", "Awaiting approval"),
    ("AUTHORISED", "Awaiting payment"),
    ("PAID", "Paid"),
    ("VOIDED", "Voided"),
    ("DELETED", "Deleted in Xero"),
)


@pages.get(HERE)
def show_all(visit: Visit) -> Page:
    """Invoices, newest first, and what billing plans bring next."""
    status, client_id = visit.query.get("status", ""), visit.query.get("client_id", "")
    found = store.listing(
        visit.tenant_id,
        limit=PER_PAGE,
        cursor=visit.query.get("cursor"),
        status=status,
        client_id=client_id,
    )
    following = {"status": status, "client_id": client_id, "cursor": found.next or ""}
    values = {
        "invoices": found.items,
        "statuses": STATUSES,
        "status": _known(status),
        "client": clients.get(visit.tenant_id, client_id) if client_id else None,
        "next": f"{HERE}?{urlencode(following)}" if found.next else "",
        "plans": plans.soonest(visit.tenant_id),
        "filtered": bool(status or client_id or visit.query.get("cursor")),
        "may_write": Scope.WRITE in visit.caller.scopes,
        "may_send": Scope.SEND in visit.caller.scopes,
        "choosable": {one.invoice_id for one in found.items if one.state in EDITABLE},
    }
    return Page("invoices/list.html", values)


@pages.post(f"{HERE}/sync", scope=Scope.WRITE)
def sync_all(visit: Visit) -> Redirect:
    """Fetch whatever changed in Xero."""
    from chalicelib.invoices import sync

    return followed(sync.start(visit.caller), HERE)


@pages.post(f"{HERE}/send", scope=Scope.SEND)
def send_many(visit: Visit) -> Redirect:
    """Send those that are ticked, or every draft that is ready."""
    from chalicelib.invoices import ready
    from chalicelib.invoices import send as sending

    all_ready = visit.form.get("which") == "ready"
    chosen = ready.ready(visit.tenant_id) if all_ready else visit.form.all("invoice_ids")
    if not chosen:
        return Redirect(HERE, ready.NONE if all_ready else "Tick the invoices to send first.")
    return followed(sending.start(visit.caller, chosen), HERE)


@pages.get(f"{HERE}/{{invoice_id}}")
def show_one(visit: Visit, invoice_id: str) -> Page:
    """One invoice: before it is sent just as Xero will have it, afterwards with Xero's word."""
    invoice = store.get(visit.tenant_id, invoice_id)
    connection = connections.get(visit.tenant_id)
    released = put_back.explained(visit.tenant_id, invoice)
    found = show.problems(visit.tenant_id, invoice)
    if released and released.released:
        # What is said of its work below says more.
        found = tuple(one for one in found if one.code != show.LIVE_AGAIN)
    scopes = visit.caller.scopes
    values = {
        "invoice": invoice,
        "amounts": show.amounts(invoice),
        "credits": credit.of_invoice(visit.tenant_id, invoice_id) if invoice.mirror else [],
        "creditable": invoice_work.creditable(invoice),
        "revisable": invoice_work.in_xero(invoice),
        "revision": revision.find(visit.tenant_id, invoice_id) if invoice.mirror else None,
        "mends": mends(invoice, found),
        "ready": not any(problem.blocking for problem in found),
        "sendable": invoice.state in SENDABLE,
        "unsettled": invoice.state in UNSETTLED,
        "doubtful": invoice.state is InvoiceState.UNCERTAIN,
        "editable": invoice.state in EDITABLE,
        "discardable": invoice.state in DISCARDABLE,
        "deposit": invoice_work.own_deposit(visit.tenant_id, invoice),
        "offered": invoice_work.offered(visit.tenant_id, invoice),
        "held": invoice_work.held(invoice),
        "released": released,
        "again": invoice_work.again(invoice),
        "differences": drift.rows_of(drift_store.of_invoice(visit.tenant_id, invoice)),
        "number_taken": any(problem.code == NUMBER_TAKEN for problem in invoice.problems),
        "beside": invoice_extras.beside(visit.tenant_id, invoice, connection),
        "xero_url": links.in_xero(invoice, connection, wiring.current().settings),
        "may_send": Scope.SEND in scopes,
        "may_write": Scope.WRITE in scopes,
    }
    return Page("invoices/one.html", values)


@pages.post(f"{HERE}/{{invoice_id}}/send", scope=Scope.SEND)
def send(visit: Visit, invoice_id: str) -> Redirect:
    """One click."""
    from chalicelib.invoices import send as sending

    send_as = visit.form.get("send_as")
    job = sending.start(
        visit.caller,
        [invoice_id],
        SendAs(send_as) if send_as in set(SendAs) else None,
        renumber=visit.form.get("renumber") == "yes",
        approved=visit.form.get("approval"),
    )
    return followed(job, f"{HERE}/{invoice_id}", told="The invoice is in Xero.")


@pages.post(f"{HERE}/{{invoice_id}}/resolve", scope=Scope.SEND)
def resolve(visit: Visit, invoice_id: str) -> Redirect:
    """Say what became of an invoice in doubt."""
    from chalicelib.invoices import resolve as resolving
    from chalicelib.invoices.verdict import Verdict

    said = visit.form.get("verdict")
    if said not in set(Verdict):
        raise InvalidInput("Say what became of it.", field="verdict")
    job = resolving.start(visit.caller, invoice_id, Verdict(said), visit.form.get("document"))
    return followed(job, f"{HERE}/{invoice_id}")


@pages.post(f"{HERE}/{{invoice_id}}/sync", scope=Scope.WRITE)
def sync_one(visit: Visit, invoice_id: str) -> Redirect:
    """Fetch one invoice's status and payments."""
    from chalicelib.invoices import sync

    return followed(sync.start(visit.caller, invoice_id), f"{HERE}/{invoice_id}")


@pages.post(f"{HERE}/{{invoice_id}}/void", scope=Scope.SEND)
def void(visit: Visit, invoice_id: str) -> Redirect:
    """Take an invoice back in Xero, with a reason."""
    from chalicelib.invoices import void as voiding

    job = voiding.start(
        visit.caller,
        invoice_id,
        reason=visit.form.must("reason", "The reason"),
        release=visit.form.get("release") == "yes",
    )
    return followed(job, f"{HERE}/{invoice_id}")


@pages.post(f"{HERE}/{{invoice_id}}/discard", scope=Scope.WRITE)
def discard(visit: Visit, invoice_id: str) -> Redirect:
    """Let a draft go; its work is unbilled again."""
    from chalicelib.invoices import discard as discarding

    return followed(discarding.start(visit.caller, invoice_id), HERE)


def _known(status: str) -> str:
    """The filter as the page offers it; links may write Xero's words small."""
    offered = {value for value, _ in STATUSES}
    return status if status in offered else status.upper()
