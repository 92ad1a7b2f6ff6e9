"""A tenant connected to the local Xero, which is brought back to its beginning in milliseconds.

Both clocks are one and stand still until they are moved; every process is this one.
"""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from chalicelib import wiring
from chalicelib.dispatch import drain, worker
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.kinds import ON_CONNECT
from chalicelib.dispatch.model import Job
from chalicelib.invoices import store
from chalicelib.invoices.compose import compose
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis, Invoice, InvoiceState
from chalicelib.people import tenants
from chalicelib.people.caller import Caller
from chalicelib.people.model import Tenant
from chalicelib.reference import import_codes, mapping
from chalicelib.reference.model import Mapping
from chalicelib.reference.store import ACCOUNT, AccountRow, home
from chalicelib.storage.rows import transaction_connection
from chalicelib.webhooks import inbox
from chalicelib.work import clients
from local.xero.faults import Fault
from local.xero.limits import Limiter
from local.xero.webhooks.post import encode
from local.xero.webhooks.send import Sender
from local.xero.world import World
from tests.support.await_points import AwaitPoints, forget
from tests.support.aws import AWS, REGION, mocked_account
from tests.support.quick_tables import asked_directly, copied_items
from tests.support.xero import Books, caller_of
from tests.support.xero_in_process import URL, InProcess

TENANT = "t1"
ADDRESS = "http://localhost:8000/invoices/"
STILL = "reference"
"""What nothing here changes."""
ACCOUNTS_USED = {"200", "260", "400", "610", "800"}


class Wakes:
    """In the place of the queue: keeps whom to wake."""

    def __init__(self, points: AwaitPoints) -> None:
        self.points, self.woken = points, 0

    def send_message_batch(self, **_: Any) -> None:
        self.points.point("before wake")
        self.woken += 1
        self.points.point("after wake")


class Keys:
    """In the place of the key service, of which nothing here depends: tells contexts apart."""

    def encrypt(self, **asked: Any) -> dict[str, bytes]:
        return {"CiphertextBlob": pickle.dumps((asked["EncryptionContext"], asked["Plaintext"]))}

    def decrypt(self, **asked: Any) -> dict[str, bytes]:
        context, plain = pickle.loads(asked["CiphertextBlob"])  # noqa: S301  our own
        assert context == asked["EncryptionContext"]
        return {"Plaintext": plain}


@dataclass
class SignedIn(Books):
    """A person whose browser is signed in to Xero, and who need only say yes."""

    person: requests.Session | None = None

    def consent(self, url: str, **choice: Any) -> dict[str, str]:
        if self.person is None or choice:
            return super().consent(url, **choice)
        said = {"action": "allow", "tenant_id": self.organisation()}
        answer = self.person.post(url, data=said, allow_redirects=False)
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}


@dataclass
class Lab:
    """Everything that a schedule plays with."""

    aws: AWS
    xero: InProcess
    books: SignedIn
    points: AwaitPoints
    client_id: str = ""
    late: timedelta | None = None
    late_left: int = 0
    _tables: dict[str, Any] = field(default_factory=dict)
    _world: bytes = b""
    _began: Any = None
    made: int = field(default=0)

    @property
    def caller(self) -> Caller:
        return caller_of(TENANT)

    @property
    def organisation_id(self) -> str:
        return self.books.organisation()

    @property
    def ledger(self) -> Any:
        """The books that a person in Xero sees."""
        return self.xero.world.organisations[self.organisation_id].books

    def documents(self, invoice_id: str) -> list[dict[str, Any]]:
        """What Xero holds of one of our invoices, whatever became of it there."""
        return [
            one for one in self.ledger.invoices.all() if one.get("Url") == ADDRESS + invoice_id
        ]

    def let_pass(self, seconds: float) -> None:
        """What is late arrives at its own moment, which may lie on the way."""
        until = self.aws.clock.now() + timedelta(seconds=seconds)
        late = sorted(moment for moment, _ in self.xero.wire.under_way if moment < until)
        for moment in [*late, until]:
            step = max(moment - self.aws.clock.now(), timedelta())
            self.aws.clock.advance(seconds=step.total_seconds())
            self.xero.world.clock.advance(step)
            self.xero.wire.arrive()

    def fault(self, **facts: Any) -> None:
        self.xero.world.faults.add(Fault(**facts))

    def drain(self, times: int = 1) -> None:
        """A worker comes by, as a message does, or the same message delivered again."""
        worker.work([SimpleNamespace(body=self.organisation_id)] * times)

    def hear(self, times: int = 1) -> None:
        """Xero delivers what changed since it last did, and perhaps delivers it again."""
        world = self.xero.world
        events, sender = world.outbox[:], Sender(world)
        body = encode([sender._wire(event) for event in events], 1, len(events))
        for _ in range(times):
            inbox.take_in(inbox.news(body))
        # What was not taken in is delivered again.
        del world.outbox[: len(events)]

    def waiting(self) -> list[Job]:
        """What is still to be done about invoices."""
        return [job for job in jobs.open_jobs(self.organisation_id) if job.kind not in ON_CONNECT]

    def leave_codes_alone(self) -> None:
        """What connecting reads anew takes many calls, and is no part of sending."""
        for job in jobs.open_jobs(self.organisation_id):
            if job.kind in ON_CONNECT:
                jobs.cancel(job, "Not here.", self.aws.clock.now())

    def draft(self, *lines: Line) -> Invoice:
        """A stored draft."""
        self.made += 1
        invoice = Invoice(
            invoice_id=f"inv{self.made:04d}",
            client_id=self.client_id,
            client_name="Hill Ltd",
            basis=Basis.BLANK,
            state=InvoiceState.BUILDING,
            currency="NZD",
            date=self.aws.clock.now().date(),
            due_date=self.aws.clock.now().date() + timedelta(days=20),
            created_at=self.aws.clock.now(),
            organisation_id=self.organisation_id,
        )
        store.add(TENANT, invoice)
        ready = compose(replace(invoice, state=InvoiceState.DRAFT), lines)
        return store.save_with_lines(TENANT, ready)

    def begin_anew(self) -> None:
        """Everything as it was when the lab was made."""
        for name, items in self._tables.items():
            _tables()[name].items = copied_items(items)
        vars(self.xero.world).update(pickle.loads(self._world))  # noqa: S301  our own
        world = self.xero.world
        world.limiter = Limiter()
        world.faults.clear()
        world.surprises.clear()
        world.calls.clear()
        self.xero.wire.under_way.clear()
        self.late, self.late_left, self.made = None, 0, 0
        self.aws.clock._now = self._began
        self.points.restore()
        forget()

    def make_small(self) -> None:
        """Leave out the other companies of that Xero, and most of the chart of accounts.

        Neither is part of sending; both take time at each beginning and for each invoice.
        """
        organisations = self.xero.world.organisations
        for other in organisations.keys() - {self.organisation_id}:
            del organisations[other]
        for user in self.xero.world.users.values():
            user.organisations = [one for one in user.organisations if one in organisations]
        for row in AccountRow.query(home(TENANT), AccountRow.sk.startswith(ACCOUNT)):
            if row.sk.removeprefix(ACCOUNT) not in ACCOUNTS_USED:
                row.delete()
        self.keep()

    def keep(self) -> None:
        """Take this for the beginning."""
        moving = {name: table for name, table in _tables().items() if STILL not in name}
        self._tables = {name: copied_items(table.items) for name, table in moving.items()}
        world = self.xero.world
        self._world = pickle.dumps(
            {name: getattr(world, name) for name in World.LASTING if name != "signing"}
        )
        self._began = self.aws.clock.now()

    def is_late(self, request: requests.PreparedRequest) -> timedelta | None:
        """How much later than now this request reaches Xero."""
        made = any(what in request.path_url for what in ("/Invoices", "/CreditNotes"))
        written = request.method == "PUT" and made
        if self.late is None or not self.late_left or not written:
            return None
        self.late_left -= 1
        return self.late


def line(cents: int, quantity: str = "1") -> Line:
    return Line(
        "Work",
        Decimal(quantity),
        Decimal(cents).scaleb(-2),
        account_code="200",
        tax_type="OUTPUT2",
        tax_percent=Decimal(15),
    )


@contextmanager
def lab() -> Iterator[Lab]:
    addresses = dict.fromkeys(("XERO_LOGIN_URL", "XERO_IDENTITY_URL", "XERO_API_URL"), URL)
    with (
        mocked_account(**addresses) as account,
        asked_directly(transaction_connection().client),
    ):
        points = AwaitPoints()
        try:
            yield _connected(account, points)
        finally:
            points.leave()


def _connected(account: AWS, points: AwaitPoints) -> Lab:
    present = wiring.current()
    server = InProcess(account.clock.now)
    server.world.clock.set(account.clock.now())
    server.world.clock.freeze()
    present.sleep = lambda _seconds: None
    present.clients = {**present.clients, "sqs": Wakes(points), "kms": Keys()}
    present.__dict__["http"] = server.session()
    person = server.session()
    made = Lab(account, server, SignedIn(account, server, lambda: person), points)
    server.wire.point, server.wire.late = points.point, made.is_late
    now = account.clock.now()
    tenants.row_of(Tenant(TENANT, "Acme", now)).save()
    made.books.connect(TENANT)
    made.books.person = person
    lanes.open_lane(made.organisation_id, TENANT, now)
    import_codes.start(made.caller)
    drain.drain(made.organisation_id, deadline=now.replace(year=2030))
    mapping.set_defaults(made.caller, Mapping("200", "OUTPUT2"))
    contact = made.ledger.contacts.all()[0]
    client = clients.create(TENANT, "Hill Ltd", currency="NZD")
    clients.change(TENANT, client.client_id, contact_id=contact["ContactID"])
    made.client_id = client.client_id
    for _ in range(5):
        made.let_pass(61)
        made.drain()
    assert made.waiting() == []
    made.keep()
    return made


def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION].tables
    return tables
