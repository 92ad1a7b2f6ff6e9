"""Whatever Xero answers, nothing is lost, the wait is as Xero asked, and people are told.

Each fault meets each kind of work, against the local Xero, on a clock that only the test moves.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import pytest

from chalicelib.dispatch import drain, store
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.model import Job, JobState
from chalicelib.invoices import create, send, sync
from chalicelib.invoices import store as invoices
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people import tenants
from chalicelib.people.model import Tenant
from chalicelib.reference import import_codes, mapping
from chalicelib.reference import store as reference
from chalicelib.reference.contacts.ask import start as import_contacts
from chalicelib.reference.model import Mapping
from chalicelib.work import clients
from tests.support.xero import Books, books, caller_of

TENANT = "t1"
ANN = caller_of(TENANT)
ACCOUNTING = "/api.xro/2.0/"
IN_CALL = 3
"""How often a read is tried before the job waits."""


@dataclass(frozen=True)
class Fault:
    """A fault as it is ordered, what people read, and for how many seconds Xero asks to wait.

    ``repeated`` says that a read waits only after several tries at once. A write may be
    ``in_doubt``: people read that Workbill looks for it, and where Xero has ``done`` it, that is
    all. An answer that never came is asked for again at once, and nobody reads of it.
    """

    order: dict[str, Any]
    says: str
    seconds: int = 5
    repeated: bool = True
    in_doubt: bool = True
    done: bool = False

    @property
    def name(self) -> str:
        return " ".join(str(part) for part in self.order.values())


LIMIT = {"kind": "rate_limit"}
LOOKING = "looks in Xero"
FAULTS = (
    Fault(LIMIT | {"problem": "minute", "retry_after": 37}, "calls a minute", 37, False, False),
    Fault(LIMIT | {"problem": "day", "retry_after": 67_000}, "daily limit", 67_000, False, False),
    Fault(LIMIT | {"problem": "concurrent"}, "too much at once", in_doubt=False),
    Fault({"kind": "status", "status": 503}, "cannot be reached"),
    Fault({"kind": "status", "status": 504, "body": ""}, "cannot be reached"),
    Fault({"kind": "slow", "seconds": 1.6, "when": "after"}, "", repeated=False, done=True),
    Fault({"kind": "truncate"}, "could not be read", repeated=False, done=True),
    Fault({"kind": "xml"}, "could not be read", repeated=False, done=True),
)


@dataclass
class World:
    """The tenant's side and Xero's.

    Each kind of work changes something, and gives how to ask for it and whether it arrived.
    """

    xero: Books
    numbers: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    @property
    def lane(self) -> str:
        return self.xero.organisation()

    @property
    def books(self):
        return self.xero.world.organisations[self.lane].books

    def work(self) -> None:
        drain.drain(self.lane, deadline=self.xero.aws.clock.now() + timedelta(seconds=20))

    def pass_both(self, seconds: float) -> None:
        """Time passes here and there."""
        self.xero.aws.clock.advance(seconds=seconds)
        self.xero.world.clock.advance(timedelta(seconds=seconds))

    def asked(self) -> int:
        return sum(c["path"].startswith(ACCOUNTING) for c in self.xero.world.calls.listed())

    def import_clients(self):
        name = f"Renamed {self.numbers()} Ltd"
        client = self.client()
        self.books.rename_contact(client.contact_id, name)
        ask = partial(import_contacts, ANN)
        return ask, lambda: clients.get(TENANT, client.client_id).name == name

    def import_codes(self):
        account = self.books.accounts.coded("260")
        status = "ACTIVE" if account["Status"] == "ARCHIVED" else "ARCHIVED"
        account["Status"] = status

        def arrived():
            return {one.code: one.status for one in reference.accounts(TENANT)}["260"] == status

        return partial(import_codes.start, ANN), arrived

    def look_at_statuses(self):
        invoice_id = self.draft()
        send.start(ANN, [invoice_id])
        xero_id = invoices.get(TENANT, invoice_id).mirror.xero_invoice_id
        self.books.pay(xero_id, None, self.books.today(), None)
        ask = partial(sync.start, ANN)
        return ask, lambda: invoices.get(TENANT, invoice_id).xero_status == "PAID"

    def send(self):
        invoice_id = self.draft()

        def arrived():
            url = f"http://localhost:8000/invoices/{invoice_id}"
            return len([one for one in self.books.invoices.all() if one.get("Url") == url]) == 1

        return partial(send.start, ANN, [invoice_id]), arrived

    def client(self):
        """One that Xero knows."""
        return next(one for one in clients.listing(TENANT, limit=50) if one.contact_id)

    def draft(self) -> str:
        lines = (Line("Work", Decimal("1.5"), Decimal(120)),)
        wanted = NewInvoice(
            basis=Basis.BLANK, client_id=self.client().client_id, lines=lines, currency="NZD"
        )
        return create.start(ANN, wanted).result["invoice_id"]


@pytest.fixture(scope="module")
def world():
    """One account and one Xero for the module: connecting takes a while, and nothing clashes."""
    with books() as both:
        now = both.aws.clock.now()
        both.world.clock.set(now)
        both.world.clock.freeze()
        tenants.row_of(Tenant(TENANT, "Acme", now)).save()
        both.connect(TENANT)
        import_codes.start(ANN)
        import_contacts(ANN)
        world = World(both)
        world.work()
        mapping.set_defaults(ANN, Mapping("200", "OUTPUT2"))
        yield world


WORK = {
    "import_clients": "/Contacts",
    "import_codes": "/Accounts",
    "look_at_statuses": "/Invoices",
    "send": "/Invoices",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("kind", WORK)
def test_work_waits_as_xero_asked_and_loses_nothing(world, kind, fault, monkeypatch):
    writes = kind == "send"
    if fault.order["kind"] == "slow":
        # A second is as long here as a quarter of a minute is in life.
        monkeypatch.setattr("chalicelib.xero.transport.READ_SECONDS", 1)
    world.pass_both(61)
    ask, arrived = getattr(world, kind)()
    world.xero.fault(
        **fault.order,
        path=WORK[kind],
        method="PUT" if writes else "GET",
        times=IN_CALL if fault.repeated and not writes else 1,
    )

    asked_at = world.xero.aws.clock.now()
    job = ask()
    world.work()
    job = store.get(job.lane, job.name)

    assert world.xero.world.faults.listed() == []
    if not (fault.done and (writes or not fault.says)):
        says = LOOKING if writes and fault.in_doubt else fault.says
        job = waited(world, job, fault, asked_at, says)
    assert job.state is JobState.DONE, job.message
    assert arrived()
    assert world.xero.world.surprises == []


def waited(world, job: Job, fault: Fault, asked_at, says: str) -> Job:
    """The job once the wait is over, which was as long as it had to be and not a second less."""
    assert (job.state, says in job.message) == (JobState.WAITING, True), job.message
    assert "by itself" in job.message or says is LOOKING
    assert job.due_at == asked_at + timedelta(seconds=fault.seconds)
    parked = lanes.get(world.lane).state is lanes.LaneState.PARKED
    assert parked == (fault.order["kind"] == "rate_limit")
    asked = world.asked()
    world.pass_both(fault.seconds - 1)
    world.work()
    assert world.asked() == asked
    world.pass_both(1)
    world.work()
    return store.get(job.lane, job.name)
