"""Contacts on the screen."""

from flask import render_template, request
from werkzeug.wrappers import Response

from local.xero.present import locked
from local.xero.screen.blueprint import back, blueprint, organisation

SHOWN = 200


@blueprint.get("/app/<short_code>/contacts")
@locked
def contacts(short_code: str) -> str:
    """Contacts by name, those holding the words searched for."""
    here = organisation(short_code)
    wanted = request.args.get("q", "").casefold()
    found = sorted(
        (one for one in here.books.contacts.all() if wanted in one["Name"].casefold()),
        key=lambda one: one["Name"].casefold(),
    )
    return render_template(
        "screen/contacts.html",
        organisation=here,
        contacts=found[:SHOWN],
        total=len(found),
        wanted=request.args.get("q", ""),
    )


@blueprint.get("/app/<short_code>/contacts/contact/<contact_id>")
@locked
def contact(short_code: str, contact_id: str) -> str:
    """One contact and its invoices; the address has the form of Xero's own deep link."""
    here = organisation(short_code)
    found = here.books.contacts.get(contact_id)
    return render_template(
        "screen/contact.html",
        organisation=here,
        contact=found,
        invoices=here.books.invoices.of_contact(found["ContactID"]),
    )


@blueprint.post("/app/<short_code>/contacts/contact/<contact_id>/rename")
@locked
def rename(short_code: str, contact_id: str) -> Response:
    organisation(short_code).books.rename_contact(contact_id, request.form["name"])
    return back(_address(short_code, contact_id), "Renamed.")


@blueprint.post("/app/<short_code>/contacts/contact/<contact_id>/archive")
@locked
def archive(short_code: str, contact_id: str) -> Response:
    organisation(short_code).books.archive_contact(contact_id)
    return back(_address(short_code, contact_id), "Archived.")


def _address(short_code: str, contact_id: str) -> str:
    return f"/app/{short_code}/contacts/contact/{contact_id}"
