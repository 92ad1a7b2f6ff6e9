"""Invoices on the screen: listed, shown, and everything a person may do to one."""

from datetime import date
from decimal import Decimal, InvalidOperation

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from local.xero.books import Refused
from local.xero.books.accounts import takes_payments
from local.xero.books.credits import KINDS
from local.xero.present import locked
from local.xero.screen.blueprint import back, blueprint, organisation

SHOWN = 200
ACTS = {"approve": "Approved.", "void": "Voided.", "delete": "Deleted."}
ONE = "/app/<short_code>/invoicing/view/<invoice_id>"


@blueprint.get("/app/<short_code>/")
@blueprint.get("/app/<short_code>/invoicing")
@locked
def invoices(short_code: str) -> str:
    """The latest changed invoices, by status when asked."""
    here = organisation(short_code)
    status = request.args.get("status", "")
    chosen = [one for one in here.books.list_invoices() if status in ("", one["Status"])]
    return render_template(
        "screen/invoices.html",
        organisation=here,
        invoices=chosen[:SHOWN],
        total=len(chosen),
        status=status,
        statuses=("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"),
    )


@blueprint.get(ONE)
@locked
def invoice(short_code: str, invoice_id: str) -> str:
    """One invoice; the address has the form of Xero's own deep link."""
    here = organisation(short_code)
    accounts = [
        one
        for one in here.books.accounts.all()
        if one["Status"] == "ACTIVE" and takes_payments(one) and one.get("Code")
    ]
    return render_template(
        "screen/invoice.html",
        organisation=here,
        invoice=here.books.get_invoice(invoice_id),
        accounts=accounts,
        today=here.books.today(),
        kinds=KINDS,
        notes=here.books.notes(invoice_id),
        files=here.books.attachments.of(invoice_id),
        emails=here.books.mail.count(invoice_id),
    )


@blueprint.get(f"{ONE}/files/<file_id>")
@locked
def attached(short_code: str, invoice_id: str, file_id: str) -> Response:
    """A file that is attached to it."""
    file = organisation(short_code).books.attachments.get(invoice_id, file_id)
    answer = Response(file.content, mimetype=file.mime_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    return answer


@blueprint.post(f"{ONE}/<any(approve,void,delete):act>")
@locked
def act(short_code: str, invoice_id: str, act: str) -> Response:
    getattr(organisation(short_code).books, act)(invoice_id)
    return _back(short_code, invoice_id, ACTS[act])


@blueprint.post(f"{ONE}/pay")
@locked
def pay(short_code: str, invoice_id: str) -> Response:
    form = request.form
    organisation(short_code).books.pay(
        invoice_id, _amount(form["amount"]), _day(form["date"]), form["account_code"]
    )
    return _back(short_code, invoice_id, "Payment recorded.")


@blueprint.post(f"{ONE}/payments/<payment_id>/delete")
@locked
def delete_payment(short_code: str, invoice_id: str, payment_id: str) -> Response:
    organisation(short_code).books.delete_payment(payment_id)
    return _back(short_code, invoice_id, "Payment deleted.")


@blueprint.post(f"{ONE}/credit")
@locked
def credit(short_code: str, invoice_id: str) -> Response:
    form = request.form
    organisation(short_code).books.credit(invoice_id, _amount(form["amount"]), _day(form["date"]))
    return _back(short_code, invoice_id, "Credited.")


@blueprint.post(f"{ONE}/receive")
@locked
def receive(short_code: str, invoice_id: str) -> Response:
    """A prepayment or overpayment, spent on this invoice as far as it goes."""
    form, here = request.form, organisation(short_code).books
    kind = "overpayment" if form["kind"] == "overpayment" else "prepayment"
    here.receive(kind, invoice_id, _amount(form["amount"]), _day(form["date"]), allocate=True)
    return _back(short_code, invoice_id, f"{kind.capitalize()} recorded and allocated.")


@blueprint.post(f"{ONE}/allocations/<allocation_id>/delete")
@locked
def take_back_credit(short_code: str, invoice_id: str, allocation_id: str) -> Response:
    organisation(short_code).books.take_back_credit(invoice_id, allocation_id)
    return _back(short_code, invoice_id, "Allocation removed.")


@blueprint.post(f"{ONE}/edit")
@locked
def edit(short_code: str, invoice_id: str) -> Response:
    """Reference and due date; lines are left as they are."""
    changes: dict[str, object] = {"Reference": request.form["reference"].strip()}
    if request.form["due_date"]:
        changes["DueDate"] = _day(request.form["due_date"])
    organisation(short_code).books.edit(invoice_id, **changes)
    return _back(short_code, invoice_id, "Saved.")


def _back(short_code: str, invoice_id: str, said: str) -> Response:
    address = url_for("screen.invoice", short_code=short_code, invoice_id=invoice_id)
    return back(address, said)


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Refused([f"{text} is not an amount."]) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused([f"{text} is not a date."]) from None
