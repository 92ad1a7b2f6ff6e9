"""What a person would do inside Xero, done by order."""

from decimal import Decimal

from flask import Response

from local.xero.books import Books
from local.xero.control.blueprint import blueprint, body, done, needed, read_day
from local.xero.present import locked, world

SHOWN = ("InvoiceID", "InvoiceNumber", "Reference", "Url", "Status", "Type")

INVOICE = "/organisations/<tenant_id>/invoices/<invoice_id>"
CONTACT = "/organisations/<tenant_id>/contacts/<contact_id>"


def books(tenant_id: str) -> Books:
    """The books of an organisation."""
    return world().organisations[tenant_id].books


@blueprint.get("/organisations/<tenant_id>/invoices")
@locked
def list_invoices(tenant_id: str) -> Response:
    """Every invoice that was ever made, deleted ones too, as a person would tell them apart."""
    made = books(tenant_id).list_invoices()
    return done(
        invoices=[
            {**{name: one.get(name) for name in SHOWN}, "Total": str(one["Total"])}
            for one in made
        ]
    )


@blueprint.get(f"{INVOICE}/beside")
@locked
def beside(tenant_id: str, invoice_id: str) -> Response:
    """What goes with an invoice: notes, attached files, and how often it was e-mailed."""
    here = books(tenant_id)
    return done(
        notes=here.notes(invoice_id),
        files=[
            {"name": one.name, "size": len(one.content), "online": one.include_online}
            for one in here.attachments.of(invoice_id)
        ],
        emails=here.mail.count(invoice_id),
    )


@blueprint.post(f"{INVOICE}/<any(approve,void,delete):act>")
@locked
def act_on_invoice(tenant_id: str, invoice_id: str, act: str) -> Response:
    getattr(books(tenant_id), act)(invoice_id)
    return done()


@blueprint.post(f"{INVOICE}/pay")
@locked
def pay(tenant_id: str, invoice_id: str) -> Response:
    """``amount`` (else all that is due), ``date`` (else today), ``account_code``."""
    order, here = body(Decimal), books(tenant_id)
    amount = order.get("amount")
    payment_id = here.pay(
        invoice_id,
        None if amount is None else Decimal(amount),
        read_day(order.get("date")) or here.today(),
        order.get("account_code"),
    )
    return done(payment_id=payment_id)


@blueprint.post(f"{INVOICE}/credit")
@locked
def credit(tenant_id: str, invoice_id: str) -> Response:
    """A credit note, spent on the invoice: ``amount`` (else all that is due), ``date``."""
    order, here = body(Decimal), books(tenant_id)
    amount = order.get("amount")
    note_id = here.credit(
        invoice_id,
        None if amount is None else Decimal(amount),
        read_day(order.get("date")) or here.today(),
    )
    return done(credit_note_id=note_id)


@blueprint.post(f"{INVOICE}/<any(prepayment,overpayment):kind>")
@locked
def receive(tenant_id: str, invoice_id: str, kind: str) -> Response:
    """Money of the invoice's customer: ``amount``, ``date``, and ``allocate`` (else true)."""
    order, here = body(Decimal), books(tenant_id)
    credit_id = here.receive(
        kind,
        invoice_id,
        Decimal(order.get("amount", 0)),
        read_day(order.get("date")) or here.today(),
        allocate=order.get("allocate", True),
    )
    return done(credit_id=credit_id)


@blueprint.post(f"{INVOICE}/allocations/<allocation_id>/delete")
@locked
def take_back_credit(tenant_id: str, invoice_id: str, allocation_id: str) -> Response:
    books(tenant_id).take_back_credit(invoice_id, allocation_id)
    return done()


@blueprint.post(f"{INVOICE}/edit")
@locked
def edit(tenant_id: str, invoice_id: str) -> Response:
    """Any of the invoice's fields, in Xero's names; days as YYYY-MM-DD."""
    fields = body(Decimal)
    for name in ("Date", "DueDate"):
        if name in fields:
            fields[name] = read_day(fields[name])
    books(tenant_id).edit(invoice_id, **fields)
    return done()


@blueprint.post("/organisations/<tenant_id>/payments/<payment_id>/delete")
@locked
def delete_payment(tenant_id: str, payment_id: str) -> Response:
    books(tenant_id).delete_payment(payment_id)
    return done()


@blueprint.post("/organisations/<tenant_id>/contacts")
@locked
def plant_contact(tenant_id: str) -> Response:
    """Any of a contact's fields, in Xero's names; no rule is checked, so that odd ones can be."""
    return done(contact_id=books(tenant_id).plant_contact(**body()))


@blueprint.post(f"{CONTACT}/<any(archive,restore,erase,vanish):act>")
@locked
def act_on_contact(tenant_id: str, contact_id: str, act: str) -> Response:
    getattr(books(tenant_id), f"{act}_contact")(contact_id)
    return done()


@blueprint.post(f"{CONTACT}/rename")
@locked
def rename_contact(tenant_id: str, contact_id: str) -> Response:
    books(tenant_id).rename_contact(contact_id, needed("name"))
    return done()


@blueprint.post(f"{CONTACT}/merge")
@locked
def merge_contact(tenant_id: str, contact_id: str) -> Response:
    """The contact of the address loses; ``into`` is the one that stays."""
    books(tenant_id).merge_contacts(contact_id, needed("into"))
    return done()
