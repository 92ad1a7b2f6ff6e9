"""/CreditNotes: made by the API and by people, and spent on invoices."""

from collections.abc import Callable

from flask import Response

from local.xero.accounting import allocations, history, show
from local.xero.accounting.batch import one, save_all
from local.xero.accounting.listing import changed, filtered
from local.xero.accounting.pdf import draw
from local.xero.accounting.query import Query, paged
from local.xero.accounting.read import elements
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.schemas import CREDIT
from local.xero.accounting.wire import envelope
from local.xero.books import Refused
from local.xero.books.credit_notes import NUMBER_TAKEN
from local.xero.books.credits import CREDIT_NOTE
from local.xero.books.records import Record


@blueprint.get("/CreditNotes")
def list_credit_notes() -> Response:
    query = Query("where order page pageSize unitdp")
    found = filtered(changed(books().credit_notes.all(), "CreditNoteID"), query, CREDIT)
    if query.page is None:
        shown = [show.credit_plain(CREDIT_NOTE, note, query.unitdp) for note in found]
        return envelope("CreditNotes", shown)
    found, about = paged(found, query.page, query.page_size)
    shown = [show.credit_paged(CREDIT_NOTE, note, query.unitdp) for note in found]
    return envelope("CreditNotes", shown, about)


@blueprint.get("/CreditNotes/<key>")
def get_credit_note(key: str) -> Response:
    query = Query("unitdp")
    note = books().credit_notes.find(key)
    return envelope("CreditNotes", [show.credit(CREDIT_NOTE, note, query.unitdp)])


@blueprint.put("/CreditNotes")
def create_credit_notes() -> Response:
    return _save_all(_create)


@blueprint.post("/CreditNotes")
def save_credit_notes() -> Response:
    return _save_all(_upsert)


@blueprint.post("/CreditNotes/<key>")
def update_credit_note(key: str) -> Response:
    query = Query("unitdp summarizeErrors")
    note = books().credit_notes.find(key)
    sent = elements("CreditNotes", "CreditNote", CREDIT)[0]

    def save() -> Record:
        books().credit_notes.update(note, sent, query.unitdp)
        return show.credit(CREDIT_NOTE, note, query.unitdp)

    return one("CreditNotes", save, sent | {"CreditNoteID": note["CreditNoteID"]}, "CreditNoteID")


@blueprint.put("/CreditNotes/<key>/Allocations")
def allocate_credit_note(key: str) -> Response:
    ledger = books().credit_notes
    return allocations.spent(ledger, ledger.find(key))


@blueprint.delete("/CreditNotes/<key>/Allocations/<allocation_id>")
def delete_credit_note_allocation(key: str, allocation_id: str) -> Response:
    ledger = books().credit_notes
    return allocations.taken_back(ledger, ledger.find(key), allocation_id)


@blueprint.get("/CreditNotes/<key>/pdf")
def get_credit_note_pdf(key: str) -> Response:
    Query()
    return draw(books().organisation, books().credit_notes.find(key))


@blueprint.get("/CreditNotes/<key>/History")
def get_credit_note_history(key: str) -> Response:
    return history.listed(books().credit_notes.find(key)["CreditNoteID"])


@blueprint.put("/CreditNotes/<key>/History")
def add_credit_note_history(key: str) -> Response:
    return history.noted(lambda: str(books().credit_notes.find(key)["CreditNoteID"]))


def _save_all(save: Callable[[Record, int], Record]) -> Response:
    query = Query("summarizeErrors unitdp")
    sent = elements("CreditNotes", "CreditNote", CREDIT)

    def save_and_show(element: Record) -> tuple[Record, list[str]]:
        note = save(element, query.unitdp)
        return show.credit(CREDIT_NOTE, note, query.unitdp), []

    return save_all(
        "CreditNotes", sent, save_and_show, "CreditNoteID", summarize=query.summarize_errors
    )


def _create(sent: Record, unitdp: int) -> Record:
    if sent.get("CreditNoteID", "") in books().credit_notes.by_id:
        raise Refused([NUMBER_TAKEN])
    return books().credit_notes.create(sent, unitdp)


def _upsert(sent: Record, unitdp: int) -> Record:
    """Updates what the id or the number names; else creates."""
    ledger = books().credit_notes
    if "CreditNoteID" in sent:
        return ledger.update(ledger.get(sent["CreditNoteID"]), sent, unitdp)
    live = ledger.numbered(sent.get("CreditNoteNumber", ""))
    return ledger.update(live, sent, unitdp) if live else ledger.create(sent, unitdp)
