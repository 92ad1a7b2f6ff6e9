"""What is told, and to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """What can have happened; these words are public."""

    INVOICE_SENT = "invoice.sent"
    STATUS_CHANGED = "invoice.status_changed"
    PAYMENT_RECEIVED = "invoice.payment_received"
    PAYMENT_REMOVED = "invoice.payment_removed"
    SEND_FAILED = "invoice.send_failed"
    CONNECTION_LOST = "connection.lost"


TRIAL = "endpoint.test"
"""The kind of a delivery made to try an endpoint out; it stands in no log."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, before it has a number; ``data`` are plain values."""

    kind: EventKind
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of a tenant's log; numbers begin at 1 and have no gaps.

    ``event_id`` is the same however often it is told, and is what receivers tell twins by.
    """

    number: int
    event_id: str
    kind: str
    at: str
    data: Mapping[str, Any]


class EndpointState(StrEnum):
    """Whether an endpoint is told; a disabled one failed for days and waits for a person."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that is told what happens.

    ``kinds`` are those wanted, none meaning all. ``cursor`` is the last number it was told, and
    ``turn`` grows whenever somebody moves that by hand. ``secrets`` are sealed, the newest first,
    each with the moment from which it signs no more. ``failures`` in a row began at
    ``failing_since``; the next try is at ``next_at``. ``outcome`` is the last one in words.
    """

    tenant_id: str
    endpoint_id: str
    name: str
    url: str
    created_at: datetime
    kinds: tuple[str, ...] = ()
    state: EndpointState = EndpointState.ACTIVE
    cursor: int = 0
    turn: int = 0
    secrets: tuple[tuple[str, str], ...] = ()
    failures: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    outcome: str = ""
    outcome_at: datetime | None = None

    @property
    def lane(self) -> str:
        """The line of work of this endpoint alone."""
        return f"endpoint-{self.endpoint_id}"

    def wants(self, kind: str) -> bool:
        """Whether events of this kind are told to it."""
        return not self.kinds or kind in self.kinds
