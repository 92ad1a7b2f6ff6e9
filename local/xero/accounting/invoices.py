"""/Invoices: sales invoices and bills."""

from collections.abc import Callable

from flask import Response, g, request

from local.xero.accounting import history, show
from local.xero.accounting.batch import one, save_all
from local.xero.accounting.listing import among, changed, filtered, mentioning
from local.xero.accounting.pdf import draw
from local.xero.accounting.query import Query, paged
from local.xero.accounting.read import elements
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.schemas import EMPTY, INVOICE
from local.xero.accounting.wire import envelope
from local.xero.books import NotFound, Refused
from local.xero.books.invoices import NUMBER_TAKEN, Saved
from local.xero.books.records import Record

_LIST = (
    "where order IDs InvoiceNumbers ContactIDs Statuses page pageSize includeArchived "
    "createdByMyApp unitdp summaryOnly searchTerm"
)
_SUMMARY = {
    name: kind
    for name, kind in INVOICE.items()
    if name not in {"LineItems", "Payments", "HasAttachments"}
}
_ONLINE = "https://in.xero.com/"


@blueprint.get("/Invoices")
def list_invoices() -> Response:
    query = Query(_LIST)
    found = _asked_for(query)
    summary = query.flag("summaryOnly")
    found = filtered(found, query, _SUMMARY if summary else INVOICE)
    page = query.page
    if page is None and query.listed("Statuses"):
        page = 1
    if page is None:
        render = show.invoice_summary if summary else show.invoice_plain
        return envelope("Invoices", [render(i, query.unitdp) for i in found])
    found, about = paged(found, page, query.page_size)
    in_page = show.invoice_summary if summary else show.invoice_paged
    return envelope("Invoices", [in_page(i, query.unitdp) for i in found], about)


@blueprint.get("/Invoices/<key>")
def get_invoice(key: str) -> Response:
    query = Query("unitdp")
    invoice = books().invoices.get(key)
    if request.accept_mimetypes.best == "application/pdf":
        return draw(books().organisation, invoice)
    return envelope("Invoices", [show.invoice(invoice, query.unitdp)])


@blueprint.get("/Invoices/<key>/pdf")
def get_pdf(key: str) -> Response:
    Query()
    return draw(books().organisation, books().invoices.get(key))


@blueprint.put("/Invoices")
def create_invoices() -> Response:
    return _save_all(_create)


@blueprint.post("/Invoices")
def save_invoices() -> Response:
    return _save_all(_upsert)


@blueprint.post("/Invoices/<key>")
def update_invoice(key: str) -> Response:
    query = Query("unitdp summarizeErrors")
    invoice = books().invoices.get(key)
    sent = elements("Invoices", "Invoice", INVOICE)[0] | {"InvoiceID": invoice["InvoiceID"]}

    def save() -> Record:
        saved = books().invoices.update(invoice, sent, query.unitdp)
        return show.invoice(saved.invoice, query.unitdp)

    return one("Invoices", save, sent, "InvoiceID")


@blueprint.get("/Invoices/<key>/OnlineInvoice")
def get_online_invoice(key: str) -> Response:
    Query()
    invoice = books().invoices.get(key)
    if invoice["Type"] != "ACCREC" or invoice["Status"] == "DRAFT":
        raise NotFound(["There is no online invoice."])
    token = invoice["InvoiceID"].replace("-", "")
    return envelope("OnlineInvoices", [{"OnlineInvoiceUrl": f"{_ONLINE}{token}"}])


@blueprint.post("/Invoices/<key>/Email")
def email_invoice(key: str) -> Response:
    Query()
    elements("Invoices", "Invoice", EMPTY)
    invoice = books().invoices.get(key)

    def send() -> Record:
        books().mail.send(books().organisation, invoice, books().today())
        return invoice

    one("Invoices", send, {}, "InvoiceID")
    if invoice["Status"] != "SUBMITTED":
        books().invoices.update(invoice, {"SentToContact": True}, 4)
    return Response(status=204)


@blueprint.get("/Invoices/<key>/History")
def get_history(key: str) -> Response:
    return history.listed(books().invoices.get(key)["InvoiceID"])


@blueprint.put("/Invoices/<key>/History")
def add_history(key: str) -> Response:
    return history.noted(lambda: str(books().invoices.get(key)["InvoiceID"]))


def _asked_for(query: Query) -> list[Record]:
    found = changed(books().invoices.all(), "InvoiceID")
    found = among(found, "InvoiceID", query.listed("IDs"))
    found = among(found, "InvoiceNumber", query.listed("InvoiceNumbers"))
    found = among(found, "Status", query.listed("Statuses"))
    if wanted := {key.casefold() for key in query.listed("ContactIDs")}:
        found = [i for i in found if i["Contact"]["ContactID"] in wanted]
    if query.flag("createdByMyApp"):
        found = [i for i in found if i["app"] == g.app_client_id]
    return mentioning(found, query.text("searchTerm"), ("InvoiceNumber", "Reference"))


def _save_all(save: Callable[[Record, int], Saved]) -> Response:
    query = Query("summarizeErrors unitdp")
    sent = elements("Invoices", "Invoice", INVOICE)

    def save_and_show(element: Record) -> tuple[Record, list[str]]:
        saved = save(element, query.unitdp)
        return show.invoice(saved.invoice, query.unitdp), saved.warnings

    return save_all(
        "Invoices", sent, save_and_show, "InvoiceID", summarize=query.summarize_errors
    )


def _create(sent: Record, unitdp: int) -> Saved:
    if sent.get("InvoiceID", "") in books().invoices.by_id:
        raise Refused([NUMBER_TAKEN])
    return books().invoices.create(sent, unitdp, g.app_client_id)


def _upsert(sent: Record, unitdp: int) -> Saved:
    """Updates what the id or, on a sales invoice, the number names; else creates."""
    ledger = books().invoices
    if "InvoiceID" in sent:
        if sent["InvoiceID"] not in ledger.by_id:
            raise Refused(["Invoice not found."])
        return ledger.update(ledger.by_id[sent["InvoiceID"]], sent, unitdp)
    live = ledger.numbered(sent.get("InvoiceNumber", ""))
    if live and live["Type"] == "ACCREC" and live["Status"] != "DELETED":
        return ledger.update(live, sent, unitdp)
    return ledger.create(sent, unitdp, g.app_client_id)
