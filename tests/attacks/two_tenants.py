"""Two tenants side by side: one that has one of everything, and one that tries its ids."""

import json
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


def one_of_everything(owner: Tenant, aws: AWS) -> dict[str, str]:
    """An id of the owner's for each parameter that a route may have."""

    def made(path: str, body: dict[str, object]) -> str:
        response = owner.program.call("POST", path, body)
        assert response.status_code == 201, response.body
        found = json.loads(response.body)
        return str(found.get("id") or found["user"]["id"])

    client_id = made("/clients", {"name": f"Hill {new_id()}", "currency": "NZD"})
    project_id = made("/projects", {"client_id": client_id, "name": "Survey"})
    rate_id = made("/rates", {"kind": "task", "name": "Survey", "price": "150.00"})
    task = {"project_id": project_id, "name": "Walk", "rate": "150.00", "rate_id": rate_id}
    task_id = made("/tasks", task)
    record = {"task_id": task_id, "date": "2026-11-20", "minutes": 90}
    material = {"project_id": project_id, "date": "2026-11-20", "name": "Cable", "cost": "4.00"}
    line = {"description": "Work", "quantity": "1", "unit_price": "25.00"}
    invoice = {"basis": "blank", "client_id": client_id, "lines": [line]}
    rule = {"every": "month", "start": "2027-01-01"}
    plan = {"client_id": client_id, "rule": rule, "description": "Support", "amount": "100.00"}
    deposit = {**invoice, "kind": "deposit"}
    material_rate = {"kind": "material", "name": new_id(), "price": "4.00"}
    material_rate_id = made("/rates", material_rate)
    priced = {**material, "price": "9.00", "rate_id": material_rate_id}
    fixed = made(
        "/projects",
        {"client_id": client_id, "name": "Agreed", "kind": "fixed_price", "price": "900.00"},
    )
    return {
        "client_id": client_id,
        "project_id": project_id,
        "phase_id": made("/phases", {"project_id": project_id, "name": "First"}),
        "task_id": task_id,
        "material_id": made("/materials", material),
        "record_id": made("/time-records", record),
        "invoice_id": made("/invoices", invoice),
        "line_id": "1",
        "template_id": made("/invoice-templates", {"name": "Care", "lines": [line]}),
        "deposit_id": _sent(owner, made("/invoices", deposit)),
        "fixed_project_id": fixed,
        "fixed_phase_id": made("/phases", {"project_id": fixed, "name": "First"}),
        "plan_id": made("/billing-plans", plan),
        "rate_id": rate_id,
        "second_task_id": made("/tasks", {**task, "name": "Ride"}),
        "unused_rate_id": made("/rates", {"kind": "task", "name": "Spare", "price": "1.00"}),
        "staff_rate_id": made("/rates", {"kind": "staff", "name": new_id(), "price": "90.00"}),
        "category_id": f"region-of-{owner.tenant_id}",
        "option_id": f"north-of-{owner.tenant_id}",
        "material_rate_id": material_rate_id,
        "priced_material_id": made("/materials", priced),
        "second_priced_material_id": made("/materials", {**priced, "name": "Rope"}),
        "staff_id": made("/staff", {"name": f"Ana {new_id()}"}),
        "user_id": made("/users", {"email": f"{client_id}@acme.test", "role": "biller"}),
        "key_id": made("/api-keys", {"name": "Tracker", "scopes": ["read"]}),
        "decision_id": _decision(owner, client_id, aws),
        "job_id": _job(owner),
        "export_id": export.start(_caller(owner)).job_id,
        "import_id": _upload(owner, aws),
    }


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
