"""Everything there is: people, apps, organisations, grants, connections, and the log."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Request

from local.xero.books import Books
from local.xero.calls import CallLog
from local.xero.clock import Clock
from local.xero.faults import FaultBook
from local.xero.idempotency import Memory
from local.xero.identity.grants import Code, Connection, Grant, Issued
from local.xero.identity.people import App, User
from local.xero.identity.signing import SigningKey
from local.xero.ledger import Ledger
from local.xero.limits import Limiter
from local.xero.webhooks.subscription import Event

DEMO_COUNTRIES = ("NZ", "AU", "UK", "US")


@dataclass(slots=True)
class Organisation:
    """One Xero organisation; ``tenant_id`` is what the tenant header names."""

    tenant_id: str
    books: Books

    @property
    def name(self) -> str:
        return str(self.books.organisation["Name"])

    @property
    def short_code(self) -> str:
        return str(self.books.organisation["ShortCode"])


@dataclass(slots=True)
class Announcer:
    """Hears of each change in one organisation's books and keeps it for the webhooks."""

    tenant_id: str
    outbox: list[Event]
    now: Callable[[], datetime]

    def __call__(
        self,
        category: str,
        event_type: str,
        resource_id: str,
        data: dict[str, str] | None = None,
    ) -> None:
        event = Event(self.tenant_id, category, event_type, resource_id, self.now(), data)
        self.outbox.append(event)


class World:
    """The state behind every page and endpoint. Hold ``lock`` while touching it."""

    # What outlives a restart; the rest is either running or belongs to a test.
    LASTING = (
        "clock",
        "signing",
        "users",
        "apps",
        "organisations",
        "grants",
        "codes",
        "connections",
        "first_connected",
        "sessions",
        "issued",
        "outbox",
        "memory",
    )

    def __init__(self, app: App, signing: SigningKey | None = None) -> None:
        self.lock = threading.RLock()
        self.base_url = "http://127.0.0.1:8001"
        self.changes = 0
        self.signing = signing or SigningKey()
        self.clock = Clock()
        self.apps = {app.client_id: app}
        self.limiter = Limiter()
        self.faults = FaultBook()
        self.calls = CallLog()
        self.ledger = Ledger()
        self.surprises: list[dict[str, Any]] = []
        self._start_empty()

    def _start_empty(self) -> None:
        self.users: dict[str, User] = {}
        self.organisations: dict[str, Organisation] = {}
        self.grants: dict[tuple[str, str], Grant] = {}
        self.codes: dict[str, Code] = {}
        self.connections: dict[str, Connection] = {}
        self.first_connected: dict[tuple[str, str, str], datetime] = {}
        self.sessions: dict[str, str] = {}
        self.issued: dict[str, Issued] = {}
        self.outbox: list[Event] = []
        self.memory = Memory()

    def seed(self) -> None:
        """Starts afresh with two people and a demo company per country; apps stay."""
        self.clock.reset()
        self._start_empty()
        first = self.add_user("demo@xero.test", "demo", "Dana", "Demo")
        second = self.add_user("second@xero.test", "demo", "Sam", "Second")
        for country in DEMO_COUNTRIES:
            users = (first, second) if country in {"NZ", "UK"} else (first,)
            self.add_organisation(country, f"Demo Company ({country})", users)
        self.touch()

    def add_user(self, email: str, password: str, given: str, family: str) -> User:
        """Registers a person who may open no organisation yet."""
        user = User(str(uuid4()), email, password, given, family)
        self.users[user.user_id] = user
        return user

    def add_organisation(
        self, country: str, name: str, users: Iterable[User], contacts: int = 0
    ) -> Organisation:
        """Opens new books and gives those people access to them."""
        books = Books.seeded(country, name=name, now=self.clock.now, contacts=contacts)
        tenant_id = str(books.organisation["OrganisationID"])
        books.on_change = Announcer(tenant_id, self.outbox, self.clock.now)
        self.organisations[tenant_id] = Organisation(tenant_id, books)
        for user in users:
            user.organisations.append(tenant_id)
        return self.organisations[tenant_id]

    def user_by_email(self, email: str) -> User | None:
        wanted = email.strip().lower()
        return next((user for user in self.users.values() if user.email == wanted), None)

    def organisation_by_short_code(self, short_code: str) -> Organisation | None:
        found = (one for one in self.organisations.values() if one.short_code == short_code)
        return next(found, None)

    def connection(self, client_id: str, user_id: str, tenant_id: str) -> Connection | None:
        """The link of that user through that app to that organisation, if there is one."""
        wanted = (client_id, user_id, tenant_id)
        for one in self.connections.values():
            if (one.client_id, one.user_id, one.tenant_id) == wanted:
                return one
        return None

    def connect(
        self, client_id: str, user_id: str, tenant_id: str, auth_event_id: str
    ) -> Connection:
        """Links; a link that is there already keeps its id and first consent event.

        One made again after a disconnect has a new id, and its first creation time.
        """
        now, wanted = self.clock.now(), (client_id, user_id, tenant_id)
        known = self.connection(*wanted)
        if known is not None:
            known.updated = now
            return known
        created = self.first_connected.setdefault(wanted, now)
        made = Connection(str(uuid4()), *wanted, auth_event_id, created, now)
        self.connections[made.connection_id] = made
        return made

    def disconnect(
        self, client_id: str, *, user_id: str | None = None, tenant_id: str | None = None
    ) -> int:
        """Removes the app's connections of that user or to that organisation; how many."""
        gone = [
            one.connection_id
            for one in self.connections.values()
            if one.client_id == client_id
            and user_id in (None, one.user_id)
            and tenant_id in (None, one.tenant_id)
        ]
        for connection_id in gone:
            del self.connections[connection_id]
        return len(gone)

    def unexpected(self, request: Request, why: str) -> None:
        """Records what this stand-in does not know, so that a test can fail on it."""
        self.surprises.append(
            {
                "at": self.clock.now().isoformat(),
                "method": request.method,
                "path": request.path,
                "query": request.query_string.decode("ascii", "replace"),
                "why": why,
            }
        )

    def touch(self) -> None:
        """Notes that something may have changed, so that it is saved."""
        self.changes += 1
