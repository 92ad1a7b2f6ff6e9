"""What became of each element of a write: Xero answers 200 for a batch with refusals in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chalicelib.xero.errors import Message, XeroOutcomeUnknown, XeroRejected, XeroUnreadable
from chalicelib.xero.messages import WARNINGS, collect
from chalicelib.xero.sentences import explain
from chalicelib.xero.wire.base import Wire, elements

CORRELATION = "Xero-Correlation-Id"
"""The header of an answer that names the exchange; kept in its envelope under this name."""

NO_ID = "00000000-0000-0000-0000-000000000000"
FLAGS = ("HasErrors", "HasValidationErrors")

Record = TypeVar("Record", bound=Wire)


@dataclass(frozen=True, slots=True)
class Written(Generic[Record]):
    """One element of a write, as Xero gave it back.

    ``saved`` is true only when Xero named no error and gave an id; a warning is saved.
    ``messages`` say why not, with paths inside the element such as ``LineItems[2]``.
    ``correlation_id`` is Xero's own name of the whole exchange.
    """

    record: Record
    saved: bool
    messages: tuple[Message, ...]
    warnings: tuple[Message, ...]
    correlation_id: str = ""


def read_written(
    envelope: Any, kind: type[Record], plural: str, id_name: str
) -> list[Written[Record]]:
    """The outcome of every element, in the order of the answer.

    The order is usually that of the request, which Xero does not promise. An answer that cannot
    be read leaves the write uncertain: XeroOutcomeUnknown.
    """
    try:
        listed = elements(envelope, plural)
        exchange = str(envelope.get(CORRELATION) or "")
        return [_outcome(element, kind, id_name, exchange) for element in listed]
    except XeroUnreadable:
        pass
    raise XeroOutcomeUnknown


def only(outcomes: list[Written[Record]]) -> Record:
    """The record of a write of one; raises XeroRejected if it was not saved."""
    if len(outcomes) != 1:
        raise XeroOutcomeUnknown
    outcome = outcomes[0]
    if not outcome.saved:
        first = outcome.messages[0].message if outcome.messages else ""
        raise XeroRejected(outcome.messages, sentence=explain(first).sentence, http_status=200)
    return outcome.record


def _outcome(
    element: Any, kind: type[Record], id_name: str, correlation_id: str
) -> Written[Record]:
    if not isinstance(element, Mapping):
        raise XeroUnreadable
    found = collect(element)
    return Written(
        record=kind.read(element),
        saved=not _refused(element, has_messages=bool(found)) and _has_id(element, id_name),
        messages=found,
        warnings=collect(element, WARNINGS),
        correlation_id=correlation_id,
    )


def _refused(element: Mapping[str, Any], *, has_messages: bool) -> bool:
    """By the flags; by the messages only where Xero gives no status beside them."""
    if any(str(element.get(flag)).lower() == "true" for flag in FLAGS):
        return True
    status = element.get("StatusAttributeString")
    return status == "ERROR" or (not status and has_messages)


def _has_id(element: Mapping[str, Any], id_name: str) -> bool:
    return element.get(id_name) not in {None, "", NO_ID}
