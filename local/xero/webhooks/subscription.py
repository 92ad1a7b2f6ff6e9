"""An app's webhook address, its key, and whether Xero trusts it yet."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

KEPT_FOR = timedelta(days=31)


class Trust(StrEnum):
    """Events are sent only while ENABLED; while DISABLED they are kept for later."""

    UNVERIFIED = "unverified"
    ENABLED = "enabled"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Event:
    """One change in one organisation's books; credits bring their type and status along."""

    tenant_id: str
    category: str
    event_type: str
    resource_id: str
    at: datetime
    data: dict[str, str] | None = None


@dataclass(slots=True)
class Attempt:
    """One try at delivering; ``status`` is empty when nobody answered."""

    at: datetime
    status: int | None
    accepted: bool
    note: str = ""


@dataclass(slots=True)
class Delivery:
    """One body and every attempt at sending it; the bytes never change."""

    delivery_id: str
    body: bytes
    events: int
    created: datetime
    attempts: list[Attempt] = field(default_factory=list)
    next_try: datetime | None = None

    @property
    def accepted(self) -> bool:
        return any(attempt.accepted for attempt in self.attempts)


@dataclass(slots=True)
class Subscription:
    """One per app; all connected organisations deliver to it."""

    url: str = ""
    key: str = ""
    trust: Trust = Trust.UNVERIFIED
    sequence: int = 0
    waiting: list[Event] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    paused: bool = False
    duplicate: bool = False
    shuffle: bool = False

    def point_at(self, url: str, key: str | None = None) -> None:
        """Changes the address; a new one has to prove itself again."""
        if url != self.url:
            self.trust = Trust.UNVERIFIED
        self.url = url
        self.key = self.key if key is None else key

    def note(self, event: Event) -> None:
        """Takes an event in, unless the address never proved itself.

        What was kept longer than Xero keeps events is dropped.
        """
        if self.trust is Trust.UNVERIFIED:
            return
        self.waiting = [kept for kept in self.waiting if event.at - kept.at < KEPT_FOR]
        self.waiting.append(event)

    def number(self, events: int) -> tuple[int, int]:
        """The first and last sequence number for that many events."""
        first = self.sequence + 1
        self.sequence += events
        return first, self.sequence


def new_delivery(body: bytes, events: int, now: datetime) -> Delivery:
    """A delivery that is due at once."""
    return Delivery(secrets.token_hex(8), body, events, now, next_try=now)
