"""What goes with an invoice in Xero, on the invoice's page, and the buttons that ask for it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from chalicelib.connection import features
from chalicelib.connection.features import Feature, Standing
from chalicelib.connection.model import Connection
from chalicelib.console.follow import followed
from chalicelib.console.routing import Pages, Redirect, Visit
from chalicelib.errors import InvalidInput
from chalicelib.invoices import extras, pdf_link
from chalicelib.invoices.extras import TIMESHEETS, Extra, ExtraName, ExtraState
from chalicelib.invoices.model import Invoice
from chalicelib.people.caller import Scope

pages = Pages(__name__)

HERE = "/invoices/{invoice_id}"
LABELS = {
    ExtraName.NOTE: "Note in the history",
    ExtraName.TIMESHEET_CSV: "Timesheet as CSV",
    ExtraName.TIMESHEET_PDF: "Timesheet as PDF",
    ExtraName.EMAIL: "E-mail to the client",
}
BUTTONS = {
    ExtraName.NOTE: "Leave a note",
    ExtraName.TIMESHEET_CSV: "Attach as CSV",
    ExtraName.TIMESHEET_PDF: "Attach as PDF",
    ExtraName.EMAIL: "Have Xero e-mail it",
}
AGAIN = {
    ExtraName.TIMESHEET_CSV: "Replace it",
    ExtraName.TIMESHEET_PDF: "Replace it",
}


@dataclass(frozen=True, slots=True)
class Line:
    """An extra on the page; ``button`` is empty where nothing can be asked for."""

    name: ExtraName
    label: str
    extra: Extra | None
    button: str


@dataclass(frozen=True, slots=True)
class Beside:
    """All that is shown; ``pdf_url`` is good for minutes, ``resting`` why no file is attached."""

    lines: list[Line]
    online_url: str
    pdf_url: str = ""
    pdf_at: datetime | None = None
    resting: bool = False


def beside(tenant_id: str, invoice: Invoice, connection: Connection) -> Beside | None:
    """What goes with an invoice that is in Xero; None before it is there."""
    if invoice.mirror is None:
        return None
    known = extras.of_invoice(tenant_id, invoice.invoice_id)
    off = features.standing(connection, Feature.ATTACH_TIMESHEETS) is not Standing.ON
    able = extras.possible(invoice)
    shown = [
        name
        for name in ExtraName
        if name in known.items or (name in able and not (off and name in TIMESHEETS))
    ]
    lines = [
        Line(name, LABELS[name], extra, _button(extra, name, able))
        for name in shown
        for extra in [known.items.get(name)]
    ]
    pdf = pdf_link.pdf_of(invoice, known)
    return Beside(
        lines,
        known.online_url,
        pdf_link.signed_link(invoice, pdf)[0] if pdf else "",
        pdf.fetched_at if pdf else None,
        off and bool(TIMESHEETS & set(able)),
    )


def _button(extra: Extra | None, name: ExtraName, able: list[ExtraName]) -> str:
    if extra and extra.state.open:
        return "Check with Xero"
    if name not in able:
        return ""
    if extra is None:
        return BUTTONS[name]
    if extra.state is ExtraState.DONE:
        return AGAIN.get(name, "")
    mailed = name is ExtraName.EMAIL and extra.state is ExtraState.DOUBTFUL
    return "E-mail it again" if mailed else "Try again"


@pages.post(f"{HERE}/extras", scope=Scope.SEND)
def do_extra(visit: Visit, invoice_id: str) -> Redirect:
    """Do one of them now."""
    from chalicelib.invoices import extras_job

    asked = visit.form.get("name")
    if asked not in set(ExtraName):
        raise InvalidInput("Say what to do.", field="name")
    name = ExtraName(asked)
    job = extras_job.start(visit.caller, invoice_id, [name])
    if job.state.open:
        return followed(job, _back(invoice_id))
    ended = extras.of_invoice(visit.tenant_id, invoice_id).items.get(name)
    return Redirect(_back(invoice_id), ended.sentence if ended else job.message)


@pages.post(f"{HERE}/online-link", scope=Scope.WRITE)
def fetch_link(visit: Visit, invoice_id: str) -> Redirect:
    """Fetch the client's link."""
    from chalicelib.invoices import fetch

    return followed(fetch.start(visit.caller, invoice_id, fetch.LINK), _back(invoice_id))


@pages.post(f"{HERE}/pdf", scope=Scope.WRITE)
def fetch_pdf(visit: Visit, invoice_id: str) -> Redirect:
    """Fetch the PDF; the page then has the link to it."""
    from chalicelib.invoices import fetch

    return followed(fetch.start(visit.caller, invoice_id, fetch.PDF), _back(invoice_id))


def _back(invoice_id: str) -> str:
    return f"/invoices/{quote(invoice_id)}#beside"
