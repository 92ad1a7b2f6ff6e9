"""A tenant that has more done in Xero once an invoice is sent, in the laboratory of sending."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.connection import features
from chalicelib.connection.features import Feature
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store as jobs
from chalicelib.invoices import after_sending, create, extras, extras_job, send, store
from chalicelib.invoices.extras import Extra, ExtraName, Extras
from chalicelib.invoices.model import Basis, Invoice, InvoiceState
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.work import add_time, projects, tasks
from chalicelib.work.add_time import NewTime
from chalicelib.work.materials import add as add_material
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.time_records import Facts
from tests.invoices.fault_lab import TENANT, Lab, line
from tests.support.await_points import PowerCut

ALL = {"history_note": True, "timesheet": "both", "email_by": "xero"}
DAY = date(2026, 11, 20)


@dataclass
class Desk:
    """Ways to send, and to see what came of it in Xero."""

    lab: Lab

    def choose(self, **choices: Any) -> None:
        after_sending.choose(self.lab.caller, **choices)

    def permit(self) -> None:
        """The permission to attach files is asked for, and granted by a person in Xero."""
        features.switch(self.lab.caller, Feature.ATTACH_TIMESHEETS, on=True)
        self.lab.books.connect(TENANT)
        lanes.open_lane(self.lab.organisation_id, TENANT, self.lab.aws.clock.now())
        self.lab.leave_codes_alone()

    def billed(self, note: str = "Drawing") -> Invoice:
        """A draft of 90 minutes and of two units of a material."""
        caller = self.lab.caller
        project = projects.create(TENANT, self.lab.client_id, "Website", currency="NZD")
        task = tasks.create(TENANT, project.project_id, "Design", rate="120.00")
        add_time.add(TENANT, NewTime(task.task_id, Facts(DAY, 90, "Āwhina", note)))
        goods = {"date": DAY, "name": "Cable", "quantity": "2.5", "unit": "m", "cost": "10"}
        add_material.add(TENANT, NewMaterial(project.project_id, goods))
        wanted = NewInvoice(
            basis=Basis.PROJECT,
            client_id=self.lab.client_id,
            project_ids=(project.project_id,),
        )
        job = create.start(caller, wanted)
        return store.get(TENANT, job.result["invoice_id"])

    def sent(self, invoice: Invoice | None = None, **how: Any) -> Invoice:
        """The invoice is in Xero, and what follows waits still."""
        invoice = invoice or self.lab.draft(line(10_000))
        send.start(self.lab.caller, [invoice.invoice_id], **how)
        invoice = store.get(TENANT, invoice.invoice_id)
        assert invoice.state is InvoiceState.SENT, invoice.problems
        return invoice

    def ask(self, invoice: Invoice, *names: ExtraName) -> None:
        extras_job.start(self.lab.caller, invoice.invoice_id, names)

    def pass_time(self, rounds: int = 8, seconds: int = 61) -> None:
        """Workers come by so often, after so long each."""
        for _ in range(rounds):
            self.lab.let_pass(seconds)
            self.lab.drain()

    def worker_dies(self, at: int) -> bool:
        """A worker comes by and dies at this point; False where it is through before that."""
        self.lab.let_pass(5)
        self.lab.points.arm(at, self.lab.points.cut)
        try:
            self.lab.drain()
        except PowerCut:
            self.lab.points.restore()
            return True
        return False

    def extras(self, invoice: Invoice) -> Extras:
        return extras.of_invoice(TENANT, invoice.invoice_id)

    def one(self, invoice: Invoice, name: ExtraName) -> Extra:
        return self.extras(invoice).items[name]

    def mails(self, invoice: Invoice) -> int:
        return self.lab.ledger.mail.count(self.xero_id(invoice))

    def notes(self, invoice: Invoice) -> list[str]:
        return self.lab.ledger.notes(self.xero_id(invoice))

    def files(self, invoice: Invoice) -> dict[str, Any]:
        found = self.lab.ledger.attachments.of(self.xero_id(invoice))
        assert len({one.name for one in found}) == len(found)
        return {one.name: one for one in found}

    def open_jobs(self) -> list[str]:
        return [job.kind for job in jobs.open_jobs(self.lab.organisation_id)]

    def xero_id(self, invoice: Invoice) -> str:
        assert invoice.mirror
        return invoice.mirror.xero_invoice_id

    def reach_by_mail(self, address: str = "hill@client.test") -> None:
        """Xero knows where to mail, and its plan lets it; a demo company's does not."""
        self.lab.ledger.organisation["Class"] = "PREMIUM"
        client = next(
            one for one in self.lab.ledger.contacts.all() if one["ContactID"] == self.contact_id
        )
        client["EmailAddress"] = address

    @property
    def contact_id(self) -> str:
        from chalicelib.work import clients

        return clients.get(TENANT, self.lab.client_id).contact_id or ""
