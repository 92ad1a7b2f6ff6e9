"""Saving several elements of one request, each for itself.

Xero keeps the good elements of a batch even when others fail. What differs is what it
tells: with summarizeErrors=false all elements, each with its own status, under a 200;
otherwise only the failed ones, under a 400.
"""

from collections.abc import Callable

from flask import Response

from local.xero.accounting.errors import AnswerError
from local.xero.accounting.wire import answer, envelope, messages, wire
from local.xero.books.errors import Refused
from local.xero.books.records import ZERO_ID, Record

# Which flags a failed element carries beside its messages, by resource.
_FLAGS: dict[str, Record] = {
    "InvoiceID": {"HasErrors": True, "StatusAttributeString": "ERROR", "Warnings": []},
    "ContactID": {"HasValidationErrors": True, "StatusAttributeString": "ERROR"},
    "CreditNoteID": {"HasErrors": True, "StatusAttributeString": "ERROR", "Warnings": []},
    "AllocationID": {"StatusAttributeString": "ERROR"},
    "PaymentID": {"HasValidationErrors": True, "StatusAttributeString": "ERROR", "Warnings": []},
}
# Saves one element and shows it, with the warnings that did not stop it.
Save = Callable[[Record], tuple[Record, list[str]]]


def save_all(
    plural: str, sent: list[Record], save: Save, id_field: str, *, summarize: bool
) -> Response:
    """Saves each element; raises the 400 answer when some failed and `summarize` is on."""
    shown, failed = [], []
    for element in sent:
        try:
            saved, warnings = save(element)
        except Refused as refused:
            failed.append(_failure(element, refused, id_field))
            shown.append(failed[-1])
            continue
        shown.append(saved if summarize and not warnings else _told(saved, warnings))
    if failed and summarize:
        raise validation_failed(failed)
    return envelope(plural, shown)


def one(plural: str, save: Callable[[], Record], sent: Record, id_field: str) -> Response:
    """Saves a single element; raises the 400 answer when it is refused."""
    try:
        return envelope(plural, [save()])
    except Refused as refused:
        raise validation_failed([_failure(sent, refused, id_field)]) from None


def validation_failed(elements: list[Record]) -> AnswerError:
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": wire(elements),
    }
    return AnswerError(answer(body, 400))


def _told(saved: Record, warnings: list[str]) -> Record:
    told = {**saved, "StatusAttributeString": "WARNING" if warnings else "OK"}
    if warnings:
        told["Warnings"] = messages(warnings)
    return told


def _failure(sent: Record, refused: Refused, id_field: str) -> Record:
    """The element as it was sent, with what is wrong in it and in its lines."""
    echo: Record = {**sent, "ValidationErrors": messages(refused.messages)}
    if id_field.endswith("ID"):
        echo.setdefault(id_field, ZERO_ID)
    echo |= _FLAGS.get(id_field, {})
    if "LineItems" in sent:
        echo["LineItems"] = [
            {**line, "ValidationErrors": messages(refused.lines.get(index, []))}
            for index, line in enumerate(sent["LineItems"])
        ]
    return echo
