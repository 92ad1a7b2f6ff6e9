"""The History sub-resource of any document."""

from collections.abc import Callable
from datetime import datetime

from flask import Response

from local.xero.accounting.batch import validation_failed
from local.xero.accounting.query import Query
from local.xero.accounting.read import elements
from local.xero.accounting.routing import books
from local.xero.accounting.schemas import HISTORY
from local.xero.accounting.wire import envelope, messages
from local.xero.books import NotFound, Refused
from local.xero.books.records import Record

_UNKNOWN = "The document with the supplied id was not found for this endpoint."


def listed(document_id: str) -> Response:
    """Everything that happened to a document, newest first."""
    Query()
    return envelope("HistoryRecords", [_shown(e) for e in books().history.of(document_id)])


def noted(find: Callable[[], str]) -> Response:
    """Adds notes; an unknown document is a validation failure here, not a 404."""
    Query()
    sent = elements("HistoryRecords", "HistoryRecord", HISTORY)
    now = books().now()
    try:
        document_id = find()
        entries = [books().history.note(document_id, s.get("Details", ""), now) for s in sent]
    except NotFound:
        raise validation_failed([_refused(s, [_UNKNOWN], now) for s in sent]) from None
    except Refused as refused:
        raise validation_failed([_refused(s, refused.messages, now) for s in sent]) from None
    created = ("DateUTC", "DateUTCString", "Details")
    return envelope(
        "HistoryRecords", [{n: v for n, v in _shown(e).items() if n in created} for e in entries]
    )


def _shown(entry: Record) -> Record:
    return {"DateUTCString": entry["DateUTC"].strftime("%Y-%m-%dT%H:%M:%S"), **entry}


def _refused(sent: Record, texts: list[str], now: datetime) -> Record:
    return {
        "DateUTCString": now.strftime("%Y-%m-%dT%H:%M:%S"),
        "DateUTC": now,
        "Details": sent.get("Details", ""),
        "ValidationErrors": messages(texts),
    }
