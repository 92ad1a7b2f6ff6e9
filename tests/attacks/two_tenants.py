"""Two tenants side by side: one that has one of everything, and one that tries its ids."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec
from chalice.test import Client

from chalicelib.audit import export
from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.invoices import store as invoices
from chalicelib.invoices.mirror import Mirror
from chalicelib.invoices.model import InvoiceState
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.reference import choices, small_lists
from chalicelib.reference import store as reference
from chalicelib.reference.contacts.facts import Facts
from chalicelib.reference.contacts.model import Candidate, Decision, DecisionKind
from chalicelib.reference.contacts.store import Contacts
from chalicelib.reference.model import (
    Account,
    Mapping,
    TaxRate,
    TrackingCategory,
    TrackingOption,
)
from chalicelib.work import uploads
from chalicelib.work.ids import new_id
from tests.support.aws import AWS
from tests.support.browser import Administrator
from tests.support.program import Program

NOBODYS = "01jdzzzzzzzzzzzzzzzzzzzzzz"
CSV = b"Email,Project,Client,Task,Description,Start date,Duration\n"


@dataclass
class Tenant:
    """A connected tenant with its administrator at a browser, and a program with every right."""

    person: Administrator
    program: Program

    @property
    def tenant_id(self) -> str:
        return self.person.tenant_id


def open_tenant(client: Client, aws: AWS, company: str, email: str) -> Tenant:
    person = Administrator(client, aws, company=company, email=email).set_up()
    tenant_id = person.tenant_id
    connections.claim(
        Connection(
            tenant_id,
            state=ConnectionState.ACTIVE,
            organisation_id=f"organisation-of-{tenant_id}",
            organisation_name=company,
            base_currency="NZD",
            xero_userid="xero-user",
        ),
        connections.get(tenant_id),
    )
    rate = TaxRate("OUTPUT2", "15% GST", Decimal(15), "ACTIVE", for_revenue=True)
    account = Account("200", "Sales", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE")
    option = TrackingOption(f"north-of-{tenant_id}", "North", "ACTIVE")
    region = TrackingCategory(f"region-of-{tenant_id}", "Region", "ACTIVE", (option,))
    reference.put(tenant_id, [account, rate])
    small_lists.put(tenant_id, "tracking", msgspec.to_builtins([region]))
    choices.put_tenant(tenant_id, Mapping("200", "OUTPUT2"))
    return Tenant(person, Program(client, tenant_id))


class OneOfEach(dict[str, str]):
    """An id of the owner's for each parameter that a route may have, made once asked for."""

    def __init__(self, owner: Tenant, aws: AWS) -> None:
        super().__init__()
        self.owner = owner
        self.aws = aws

    def __missing__(self, name: str) -> str:
        self[name] = MAKERS[name](self)
        return self[name]

    def made(self, path: str, **body: object) -> str:
        """The id of what the owner makes by the API."""
        response = self.owner.program.call("POST", path, body)
        assert response.status_code == 201, response.body
        found = json.loads(response.body)
        return str(found.get("id") or found["user"]["id"])

    def task(self, name: str) -> str:
        """A task at a rate."""
        terms = {"project_id": self["project_id"], "rate": "150.00", "rate_id": self["rate_id"]}
        return self.made("/tasks", name=name, **terms)

    def material(self, name: str, **price: str) -> str:
        """Something bought for the project."""
        facts = {"project_id": self["project_id"], "date": "2026-11-20", "cost": "4.00"}
        return self.made("/materials", name=name, **facts, **price)

    def invoice(self, **kind: str) -> str:
        """A draft of one line."""
        facts = {"client_id": self["client_id"], "lines": [LINE]}
        return self.made("/invoices", basis="blank", **facts, **kind)

    def priced(self, name: str) -> str:
        """A material of a rate, with a price of its own."""
        return self.material(name, price="9.00", rate_id=self["material_rate_id"])


LINE = {"description": "Work", "quantity": "1", "unit_price": "25.00"}
RECEIVER = "https://127.0.0.1.invalid/hooks"
RULE = {"every": "month", "start": "2027-01-01"}
MAKERS: dict[str, Callable[[OneOfEach], str]] = {
    "client_id": lambda has: has.made("/clients", name=f"Hill {new_id()}", currency="NZD"),
    "project_id": lambda has: has.made(
        "/projects", client_id=has["client_id"], name=f"Survey {new_id()}"
    ),
    "rate_id": lambda has: has.made("/rates", kind="task", name=new_id(), price="150.00"),
    "phase_id": lambda has: has.made("/phases", project_id=has["project_id"], name="First"),
    "task_id": lambda has: has.task("Walk"),
    "material_id": lambda has: has.material("Cable"),
    "record_id": lambda has: has.made(
        "/time-records", task_id=has["task_id"], date="2026-11-20", minutes=90
    ),
    "invoice_id": lambda has: has.invoice(),
    "line_id": lambda _: "1",
    "template_id": lambda has: has.made("/invoice-templates", name=new_id(), lines=[LINE]),
    "deposit_id": lambda has: _sent(has.owner, has.invoice(kind="deposit")),
    "fixed_project_id": lambda has: has.made(
        "/projects",
        client_id=has["client_id"],
        name=f"Agreed {new_id()}",
        kind="fixed_price",
        price="900.00",
    ),
    "fixed_phase_id": lambda has: has.made(
        "/phases", project_id=has["fixed_project_id"], name="First"
    ),
    "plan_id": lambda has: has.made(
        "/billing-plans",
        client_id=has["client_id"],
        rule=RULE,
        description="Support",
        amount="100.00",
    ),
    "second_task_id": lambda has: has.task("Ride"),
    "unused_rate_id": lambda has: has.made("/rates", kind="task", name=new_id(), price="1.00"),
    "staff_rate_id": lambda has: has.made("/rates", kind="staff", name=new_id(), price="90.00"),
    "category_id": lambda has: f"region-of-{has.owner.tenant_id}",
    "option_id": lambda has: f"north-of-{has.owner.tenant_id}",
    "material_rate_id": lambda has: has.made(
        "/rates", kind="material", name=new_id(), price="4.00"
    ),
    "priced_material_id": lambda has: has.priced("Cable"),
    "second_priced_material_id": lambda has: has.priced("Rope"),
    "staff_id": lambda has: has.made("/staff", name=f"Ana {new_id()}"),
    "user_id": lambda has: has.made(
        "/users", email=f"{new_id()}@acme.test".lower(), role="biller"
    ),
    "key_id": lambda has: has.made("/api-keys", name="Tracker", scopes=["read"]),
    "endpoint_id": lambda has: has.made("/endpoints", name="Reports", url=RECEIVER),
    "decision_id": lambda has: _decision(has.owner, has["client_id"], has.aws),
    "job_id": lambda has: _job(has.owner),
    "export_id": lambda has: export.start(_caller(has.owner)).job_id,
    "import_id": lambda has: _upload(has.owner, has.aws),
}


def one_of_everything(owner: Tenant, aws: AWS) -> dict[str, str]:
    """All of them."""
    has = OneOfEach(owner, aws)
    return {name: has[name] for name in MAKERS}


def _caller(owner: Tenant) -> Caller:
    return Caller(owner.tenant_id, "user:ann", "Ann", EVERYTHING)


def _sent(owner: Tenant, invoice_id: str) -> str:
    """The invoice, as if Xero had it."""
    invoice = invoices.get(owner.tenant_id, invoice_id)
    mirror = Mirror(f"xero-{invoice_id}", "AUTHORISED", totals=invoice.totals)
    sent = replace(invoice, state=InvoiceState.SENT, mirror=mirror)
    return invoices.save(owner.tenant_id, sent).invoice_id


def _decision(owner: Tenant, client_id: str, aws: AWS) -> str:
    """Whether a contact of the organisation's is this client."""
    contact_id = f"contact-of-{client_id}"
    asked = Decision(
        DecisionKind.MATCH,
        contact_id,
        Facts(contact_id, "Hill"),
        (Candidate(client_id, ("name",)),),
        create=True,
        since=aws.clock.now(),
    )
    contacts = Contacts(owner.tenant_id, f"organisation-of-{owner.tenant_id}")
    contacts.decision_row(asked).save()
    return asked.decision_id


def _job(owner: Tenant) -> str:
    job = enqueue.job("import-codes", f"lane-of-{owner.tenant_id}", owner.tenant_id)
    jobs.ask(job)
    return job.job_id


def _upload(owner: Tenant, aws: AWS) -> str:
    """A file that has arrived."""
    upload = uploads.make(owner.tenant_id)
    aws.wiring.s3.put_object(
        Bucket=aws.wiring.settings.uploads_bucket, Key=upload.fields["key"], Body=CSV
    )
    return upload.import_id
