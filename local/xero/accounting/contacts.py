"""/Contacts."""

from collections.abc import Callable

from flask import Response

from local.xero.accounting import history, show
from local.xero.accounting.batch import one, save_all
from local.xero.accounting.listing import among, changed, filtered, mentioning
from local.xero.accounting.query import Query, paged
from local.xero.accounting.read import elements
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.schemas import CONTACT
from local.xero.accounting.wire import envelope
from local.xero.books.contact_rules import NAME_TAKEN
from local.xero.books.errors import Refused
from local.xero.books.records import Record

_LIST = "where order IDs page pageSize includeArchived summaryOnly searchTerm"
_SEARCHED = (
    "Name",
    "FirstName",
    "LastName",
    "ContactNumber",
    "CompanyNumber",
    "EmailAddress",
)
_HEAVY = {"Addresses", "Phones", "ContactPersons", "ContactGroups", "HasAttachments", "Balances"}
_SUMMARY = {name: kind for name, kind in CONTACT.items() if name not in _HEAVY}


@blueprint.get("/Contacts")
def list_contacts() -> Response:
    query = Query(_LIST)
    found = changed(books().contacts.all(), "ContactID")
    found = among(found, "ContactID", query.listed("IDs"))
    if not query.flag("includeArchived"):
        found = [c for c in found if c["ContactStatus"] == "ACTIVE"]
    found = mentioning(found, query.text("searchTerm"), _SEARCHED)
    summary = query.flag("summaryOnly")
    found = filtered(found, query, _SUMMARY if summary else CONTACT)
    if query.page is None:
        render = show.contact_summary if summary else show.contact_plain
        return envelope("Contacts", [render(c) for c in found])
    found, about = paged(found, query.page, query.page_size)
    render = show.contact_summary if summary else show.contact
    return envelope("Contacts", [render(c) for c in found], about)


@blueprint.get("/Contacts/<key>")
def get_contact(key: str) -> Response:
    Query()
    return envelope("Contacts", [show.contact(books().contacts.get(key))])


@blueprint.put("/Contacts")
def create_contacts() -> Response:
    return _save_all(_create)


@blueprint.post("/Contacts")
def save_contacts() -> Response:
    return _save_all(_upsert)


@blueprint.post("/Contacts/<key>")
def update_contact(key: str) -> Response:
    Query("summarizeErrors")
    contact = books().contacts.get(key)
    sent = elements("Contacts", "Contact", CONTACT)[0] | {"ContactID": contact["ContactID"]}
    return one(
        "Contacts",
        lambda: show.contact(books().update_contact(contact, sent)),
        sent,
        "ContactID",
    )


@blueprint.get("/Contacts/<key>/History")
def get_contact_history(key: str) -> Response:
    return history.listed(books().contacts.get(key)["ContactID"])


@blueprint.put("/Contacts/<key>/History")
def add_contact_history(key: str) -> Response:
    return history.noted(lambda: str(books().contacts.get(key)["ContactID"]))


def _save_all(save: Callable[[Record], Record]) -> Response:
    query = Query("summarizeErrors")
    sent = elements("Contacts", "Contact", CONTACT)
    return save_all(
        "Contacts",
        sent,
        lambda element: (show.contact(save(element)), []),
        "ContactID",
        summarize=query.summarize_errors,
    )


def _create(sent: Record) -> Record:
    if sent.get("ContactID", "") in books().contacts.by_id:
        name = books().contacts.get(sent["ContactID"])["Name"]
        raise Refused([NAME_TAKEN.format(name=name)])
    return books().create_contact(sent)


def _upsert(sent: Record) -> Record:
    found = books().contacts.find(sent)
    if found is None:
        return books().create_contact(sent)
    return books().update_contact(found, sent)
