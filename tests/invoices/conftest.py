"""A tenant ready to bill: connected, with codes, a client, a project, a task and an invoice."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from chalicelib import wiring
from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.dispatch.model import Job, Slice
from chalicelib.invoices import send, send_job, store, totals
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis, Invoice, InvoiceState
from chalicelib.invoices.sending import Sending
from chalicelib.people import tenants
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.people.model import Tenant
from chalicelib.reference import choices
from chalicelib.reference import store as reference
from chalicelib.reference.model import Account, Mapping, TaxRate
from chalicelib.work import clients
from tests.invoices.fault_lab import lab
from tests.support.fake_accounting import FakeAccounting

TENANT = "tenant-1"
ORGANISATION = "organisation-1"
URL = "http://localhost:8000/invoices/"


@dataclass
class Business:
    """The tenant, and a fake Xero that it is connected to."""

    aws: object
    xero: FakeAccounting
    client_id: str
    caller: Caller
    made: int = 0

    def draft(self, *lines: Line, **facts) -> Invoice:
        """A stored draft; each line 1 hour at 25.06 unless told otherwise."""
        self.made += 1
        chosen = lines or (line(),)
        now = wiring.current().clock.now()
        invoice = Invoice(
            invoice_id=f"inv{self.made:04d}",
            client_id=self.client_id,
            client_name="Hill Ltd",
            basis=Basis.BLANK,
            state=InvoiceState.BUILDING,
            currency="NZD",
            date=date(2026, 11, 23),
            due_date=date(2026, 12, 13),
            created_at=now,
        )
        invoice = replace(invoice, **facts)
        store.add(TENANT, invoice)
        drafted = replace(
            invoice,
            state=InvoiceState.DRAFT,
            lines=chosen,
            totals=totals.add_up(chosen, invoice.line_amount_types),
        )
        return store.save_with_lines(TENANT, drafted)

    def queued(self, *lines: Line, **facts) -> Invoice:
        invoice = self.draft(*lines, **facts)
        send.queue(TENANT, invoice, None)
        return self.get(invoice)

    def get(self, invoice: Invoice) -> Invoice:
        return store.get(TENANT, invoice.invoice_id)

    def job(self, *invoices: Invoice) -> Job:
        ids = [invoice.invoice_id for invoice in invoices]
        return send.job_for(TENANT, ORGANISATION, ids, "user:ann")

    def run(self, job: Job, seconds: int = 20):
        """One step of a send job, against the fake."""
        clock = wiring.current().clock
        sending = Sending(TENANT, ORGANISATION, self.xero, clock.now, wiring.current().token)
        part = Slice(clock.now() + timedelta(seconds=seconds), clock.now)
        return send_job.Batch(job, part, sending, "http://localhost:8000").run()

    def in_xero(self, invoice: Invoice) -> list[dict]:
        return self.xero.live(URL + invoice.invoice_id)


def line(description: str = "Work", quantity: str = "1", price: str = "25.06", **facts) -> Line:
    return Line(
        description,
        Decimal(quantity),
        Decimal(price),
        **{
            "account_code": "200",
            "tax_type": "OUTPUT2",
            "tax_percent": Decimal(15),
            **facts,
        },
    )


def seed() -> str:
    """The tenant with its codes and one client; answers the client's id."""
    now = wiring.current().clock.now()
    tenants.row_of(Tenant(TENANT, "Acme", now, time_zone="Pacific/Auckland")).save()
    connections.claim(
        Connection(
            TENANT,
            state=ConnectionState.ACTIVE,
            organisation_id=ORGANISATION,
            organisation_name="Demo",
            base_currency="NZD",
            short_code="!demo",
            xero_userid="xero-user",
        ),
        connections.get(TENANT),
    )
    reference.put(
        TENANT,
        [
            Account("200", "Sales", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE", account_id="a200"),
            Account("260", "Other", "REVENUE", "REVENUE", "OUTPUT2", "ARCHIVED"),
            TaxRate("OUTPUT2", "15% GST", Decimal(15), "ACTIVE", for_revenue=True),
            TaxRate("NONE", "No tax", Decimal(0), "ACTIVE", for_revenue=True),
        ],
    )
    choices.put_tenant(TENANT, Mapping("200", "OUTPUT2"))
    client = clients.create(TENANT, "Hill Ltd", currency="NZD")
    clients.change(TENANT, client.client_id, contact_id="contact-1")
    return client.client_id


@pytest.fixture
def business(aws):
    client_id = seed()
    caller = Caller(TENANT, "user:ann", "Ann", EVERYTHING)
    return Business(aws, FakeAccounting(aws.clock.now), client_id, caller)


@pytest.fixture(scope="module")
def laboratory():
    """The books here and a Xero in this process, once for a module."""
    with lab() as made:
        yield made


@pytest.fixture
def books(laboratory):
    """The same as if nothing had happened there yet."""
    laboratory.begin_anew()
    return laboratory


@pytest.fixture(name="line")
def line_maker():
    return line


@pytest.fixture(scope="session")
def one_invoice():
    """Makes invoices that are not stored."""

    def make(**facts) -> Invoice:
        chosen = {
            "invoice_id": "inv1",
            "client_id": "client-1",
            "client_name": "Hill Ltd",
            "basis": Basis.BLANK,
            "state": InvoiceState.DRAFT,
            "currency": "NZD",
            "date": date(2026, 11, 23),
            "due_date": date(2026, 12, 13),
            "created_at": datetime(2026, 11, 23, tzinfo=UTC),
            "number": "INV-00001",
            "contact_id": "contact-1",
            "url": "https://bills.example/invoices/inv1",
            "lines": (line(),),
        }
        return Invoice(**{**chosen, **facts})

    return make
