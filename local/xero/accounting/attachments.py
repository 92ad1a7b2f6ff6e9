"""The Attachments sub-resource of invoices and credit notes: files as they are."""

from urllib.parse import quote

from flask import Response, request

from local.xero.accounting.batch import one
from local.xero.accounting.query import Query
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.wire import envelope
from local.xero.books.attachments import Attachment
from local.xero.books.records import Record

_DOCUMENT = "<any(Invoices,CreditNotes):plural>/<key>/Attachments"


@blueprint.get(f"/{_DOCUMENT}")
def list_attachments(plural: str, key: str) -> Response:
    Query()
    document_id = _document(plural, key)[1]
    listed = books().attachments.of(document_id)
    return envelope("Attachments", [_shown(plural, document_id, one) for one in listed])


@blueprint.get(f"/{_DOCUMENT}/<name>")
def get_attachment(plural: str, key: str, name: str) -> Response:
    """The file itself, by its id or its name."""
    Query()
    found = books().attachments.get(_document(plural, key)[1], name)
    return Response(found.content, mimetype=found.mime_type)


@blueprint.put(f"/{_DOCUMENT}/<name>")
@blueprint.post(f"/{_DOCUMENT}/<name>")
def put_attachment(plural: str, key: str, name: str) -> Response:
    query = Query("IncludeOnline")
    document, document_id = _document(plural, key)

    def save() -> Record:
        made = books().attachments.put(
            document_id,
            name,
            request.mimetype or "application/octet-stream",
            request.get_data(),
            include_online=query.flag("IncludeOnline"),
        )
        document["HasAttachments"] = True
        return _shown(plural, document_id, made)

    return one("Attachments", save, {"FileName": name}, "AttachmentID")


def _document(plural: str, key: str) -> tuple[Record, str]:
    if plural == "Invoices":
        invoice = books().invoices.get(key)
        return invoice, str(invoice["InvoiceID"])
    note = books().credit_notes.find(key)
    return note, str(note["CreditNoteID"])


def _shown(plural: str, document_id: str, attachment: Attachment) -> Record:
    place = f"{request.url_root}api.xro/2.0/{plural}/{document_id}/Attachments"
    return {
        "AttachmentID": attachment.attachment_id,
        "FileName": attachment.name,
        "Url": f"{place}/{quote(attachment.name)}",
        "MimeType": attachment.mime_type,
        "ContentLength": len(attachment.content),
        "IncludeOnline": attachment.include_online,
    }
