"""Imports of clients as a worker runs them, against the local Xero."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.connection.model import Connection
from chalicelib.dispatch import drain, store
from chalicelib.dispatch.model import Job
from chalicelib.people.caller import Caller
from chalicelib.reference.contacts.ask import Wish, start
from chalicelib.reference.contacts.model import Choice
from chalicelib.reference.contacts.store import Contacts
from tests.support.clients import all_clients, by_contact
from tests.support.xero import DEMO, Books, caller_of

CONTACTS = "/api.xro/2.0/Contacts"
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


@dataclass
class Importer:
    """A connected tenant whose contacts are brought in."""

    xero: Books
    connection: Connection

    @classmethod
    def connected(cls, xero: Books, tenant: str = "t1", organisation: str = DEMO) -> "Importer":
        made = cls(xero, xero.connect(tenant, organisation=organisation))
        xero.world.calls.clear()
        return made

    @property
    def tenant(self) -> str:
        return self.connection.tenant_id

    @property
    def lane(self) -> str:
        return self.connection.organisation_id

    @property
    def caller(self) -> Caller:
        return caller_of(self.tenant)

    @property
    def contacts(self) -> Contacts:
        return Contacts(self.tenant, self.lane)

    @property
    def books(self):
        """What the local Xero holds of the organisation."""
        return self.xero.world.organisations[self.lane].books

    def run(self, wish: Wish | None = None, **choice: bool) -> Job:
        """Ask for an import and work until nothing is due."""
        if choice:
            wish = Wish(Choice(**choice))
        job = start(self.caller, wish or Wish())
        self.work()
        return store.get(job.lane, job.name)

    def whole(self) -> Job:
        return self.run(Wish(whole=True))

    def work(self) -> None:
        """One worker, as long as it may."""
        drain.drain(self.lane, deadline=self.xero.aws.clock.now() + timedelta(seconds=30))

    def contact(self, name: str) -> dict[str, Any]:
        """A contact in Xero by its exact name."""
        return next(one for one in self.books.contacts.all() if one["Name"] == name)

    def plant(self, name: str, **fields: Any) -> str:
        return self.books.plant_contact(Name=name, **fields)

    def client(self, contact_id: str):
        """The client of a contact."""
        return by_contact(self.tenant, self.lane)[contact_id]

    def clients(self):
        return list(all_clients(self.tenant, self.lane))

    def calls(self) -> int:
        """How often contacts were listed."""
        return self.xero.calls("GET", CONTACTS)

    def state(self) -> dict[str, Any]:
        """Everything that an import leaves behind, in the words of no particular organisation."""
        names = {one["ContactID"]: one["Name"] for one in self.books.contacts.all()}
        clients = {one.client_id: one for one in self.clients()}
        known = self.contacts.known(names)
        return {
            "clients": Counter(
                (
                    one.name, one.email, one.currency, one.tax_type, one.account_code,
                    one.details, one.standing, one.archived, one.archived_by_xero, one.source,
                    one.in_use, names.get(one.contact_id or ""),
                )
                for one in clients.values()
            ),
            "contacts": {
                names[contact_id]: (
                    clients[about.client_id].name if about.client_id else "",
                    about.did, about.left_out, len(about.apart), names.get(about.merged_to),
                )
                for contact_id, about in known.items()
            },
            "decisions": {
                (one.kind, names.get(one.contact_id, one.facts.name)): tuple(
                    (clients[candidate.client_id].name, candidate.evidence)
                    for candidate in one.candidates
                )
                for one in self.contacts.decisions()
            },
        }  # fmt: skip


@dataclass
class Written:
    """Capacity units written, by table without its prefix."""

    units: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, table: str) -> float:
        return self.units[table]


@contextmanager
def consumed() -> Iterator[Written]:
    """Count what writes consume, as DynamoDB itself says."""
    written = Written()
    events = wiring.current().clients["dynamodb"].meta.events

    def ask(params, model, **_):
        if model.name in WRITES:
            params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed, model, **_):
        if model.name not in WRITES:
            return
        told = parsed.get("ConsumedCapacity") or []
        for one in told if isinstance(told, list) else [told]:
            written.units[one["TableName"].removeprefix("test-")] += one["CapacityUnits"]

    events.register("before-parameter-build.dynamodb", ask)
    events.register("after-call.dynamodb", note)
    try:
        yield written
    finally:
        events.unregister("before-parameter-build.dynamodb", ask)
        events.unregister("after-call.dynamodb", note)
