"""Pages of invoices: what is seen before sending, and what each button does."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib import wiring
from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.dispatch import lane as lanes
from chalicelib.invoices import create, store
from chalicelib.invoices.line import Totals
from chalicelib.invoices.mirror import LedgerEntry, Mirror
from chalicelib.invoices.model import Basis, InvoiceState, Problem
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.plans import make
from chalicelib.plans.model import Instalment, Plan
from chalicelib.reference import choices
from chalicelib.reference import store as reference
from chalicelib.reference.model import Account, Mapping, TaxRate
from chalicelib.work import add_time, clients, projects, tasks, time_records
from chalicelib.work.add_time import NewTime
from chalicelib.work.time_records import Facts
from tests.support.browser import location


@pytest.fixture
def tenant(ann):
    connection = Connection(
        ann.tenant_id,
        state=ConnectionState.ACTIVE,
        organisation_id="organisation-1",
        organisation_name="Demo",
        base_currency="NZD",
        short_code="!demo",
        xero_userid="nobody",
    )
    connections.claim(connection, connections.get(ann.tenant_id))
    reference.put(
        ann.tenant_id,
        [
            Account("200", "Sales", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE"),
            TaxRate("OUTPUT2", "15% GST", Decimal(15), "ACTIVE", for_revenue=True),
        ],
    )
    choices.put_tenant(ann.tenant_id, Mapping("200", "OUTPUT2"))
    return ann.tenant_id


@pytest.fixture
def client_of(tenant):
    client = clients.create(tenant, "Boom <FM>", currency="NZD")
    return clients.change(tenant, client.client_id, contact_id="contact-1")


@pytest.fixture
def task(tenant, client_of):
    project = projects.create(tenant, client_of.client_id, "Listener app")
    task = tasks.create(tenant, project.project_id, "Design", rate="120")
    add_time.add(tenant, NewTime(task.task_id, Facts(date(2026, 11, 3), 90, "Dev", "Push")))
    return task


def caller(tenant):
    return Caller(tenant, "user:ann", "Ann", EVERYTHING)


def draft(tenant, client_id):
    wanted = NewInvoice(basis=Basis.TRACKED_TIME, client_id=client_id)
    return store.get(tenant, create.start(caller(tenant), wanted).result["invoice_id"])


def text(page) -> str:
    return re.sub(r"\s+", " ", page.get_text())


@pytest.mark.usefixtures("tenant")
def test_empty_list_says_what_to_do(ann):
    page = ann.browser.page("/invoices")

    assert "No invoices yet" in text(page)
    assert page.find("a", string="New invoice")


@pytest.mark.usefixtures("task", "client_of")
def test_new_invoice_begins_with_the_client(ann):
    page = ann.browser.page("/invoices/new?search=boom")

    link = page.find("a", {"aria-label": "Bill Boom <FM>"})
    assert "Listener app" in text(
        ann.browser.page(link["href"].removeprefix("http://localhost:8000"))
    )


@pytest.mark.usefixtures("task")
def test_preview_shows_lines_and_makes_nothing(ann, tenant, client_of):
    ann.browser.page(f"/invoices/new?client_id={client_of.client_id}")

    fields = {"client_id": client_of.client_id, "grouping": "task", "act": "preview"}
    said = ann.browser.post("/invoices/new", fields).body.decode()

    assert "Listener app: Design" in said
    assert "207.00 NZD" in said
    assert store.listing(tenant, limit=5).items == []


@pytest.mark.usefixtures("tenant", "task")
def test_draft_is_shown_as_xero_will_get_it(ann, client_of):
    ann.browser.page(f"/invoices/new?client_id={client_of.client_id}")
    fields = {"client_id": client_of.client_id, "grouping": "task", "act": "make"}

    page = ann.browser.page(location(ann.browser.post("/invoices/new", fields)))

    assert "1 time record, 1:30 h" in text(page)
    assert "27.00" in text(page)
    assert "207.00 NZD" in text(page)
    button = page.find("button", string="Send to Xero")
    assert not button.has_attr("disabled")


@pytest.mark.usefixtures("task")
def test_problem_leads_to_its_place(ann, tenant, client_of):
    invoice = draft(tenant, client_of.client_id)
    clients.change(tenant, client_of.client_id, contact_id=None)

    page = ann.browser.page(f"/invoices/{invoice.invoice_id}")

    assert "is not linked to a contact in Xero" in text(page)
    assert page.find("a", string="Put it right")["href"].endswith(
        f"/clients/{client_of.client_id}"
    )
    assert page.find("button", string="Send to Xero").has_attr("disabled")


@pytest.mark.usefixtures("task")
def test_wrong_days_are_told_at_their_field(ann, client_of):
    ann.browser.page(f"/invoices/new?client_id={client_of.client_id}")
    fields = {
        "client_id": client_of.client_id,
        "grouping": "task",
        "act": "make",
        "start": "2026-11-09",
        "end": "2026-11-02",
    }

    response = ann.browser.post("/invoices/new", fields)

    assert response.status_code == 400
    assert b'id="start-error"' in response.body


def test_discarding_gives_the_work_back(ann, tenant, task, client_of):
    invoice = draft(tenant, client_of.client_id)
    ann.browser.page(f"/invoices/{invoice.invoice_id}")

    response = ann.browser.post(f"/invoices/{invoice.invoice_id}/discard", {})

    assert location(response) == "/invoices"
    assert len(list(time_records.unbilled(tenant, [task.project_id]))) == 1


def sent(tenant, client_id, **facts):
    invoice = draft(tenant, client_id)
    mirror = Mirror(
        xero_invoice_id="xero-1",
        status="AUTHORISED",
        totals=invoice.totals,
        amount_due=Decimal("107.00"),
        amount_paid=Decimal("100.00"),
        ledger=(LedgerEntry("payment", "p1", Decimal("100.00"), date(2026, 11, 20), "EFT 9"),),
    )
    changed = create.replace(
        invoice,
        state=InvoiceState.SENT,
        number="INV-00001",
        organisation_id="organisation-1",
        mirror=create.replace(mirror, **facts),
    )
    return store.save(tenant, changed)


@pytest.mark.usefixtures("task")
def test_sent_invoice_shows_payments_and_the_way_to_xero(ann, tenant, client_of):
    invoice = sent(tenant, client_of.client_id)

    page = ann.browser.page(f"/invoices/{invoice.invoice_id}")

    assert "Awaiting payment" in text(page)
    assert "EFT 9" in text(page)
    link = page.select_one("a[target=_blank]")
    assert link["href"] == "https://go.xero.com/app/!demo/invoicing/view/xero-1"
    assert page.find("button", string="Send to Xero") is None


@pytest.mark.usefixtures("task")
def test_difference_is_shown_side_by_side(ann, tenant, client_of):
    theirs = Totals(Decimal("180.00"), Decimal("27.01"), Decimal("207.01"))
    invoice = sent(tenant, client_of.client_id, totals=theirs)

    page = ann.browser.page(f"/invoices/{invoice.invoice_id}")

    assert "Where Xero differs" in text(page)
    assert "207.01" in text(page)
    assert "Differs" in text(ann.browser.page("/invoices"))


@pytest.mark.usefixtures("task")
def test_failed_invoice_keeps_xeros_words(ann, tenant, client_of):
    invoice = draft(tenant, client_of.client_id)
    problem = Problem("number_taken", "The number is taken.", said="Invoice # must be unique.")
    store.save(
        tenant,
        create.replace(
            invoice, state=InvoiceState.FAILED, number="INV-00001", problems=(problem,)
        ),
    )

    page = ann.browser.page(f"/invoices/{invoice.invoice_id}")

    assert "Invoice # must be unique." in text(page)
    assert page.find("input", {"name": "renumber"})


@pytest.mark.usefixtures("task")
@pytest.mark.parametrize("status", ["draft", "authorised", "AUTHORISED", "PAID"])
def test_list_is_filtered(ann, tenant, client_of, status):
    sent(tenant, client_of.client_id)

    said = text(ann.browser.page(f"/invoices?status={status}"))

    assert ("INV-00001" in said) == (status.upper() == "AUTHORISED")


def test_next_day_of_a_plan_is_on_the_list(ann, tenant, client_of):
    instalments = (Instalment(date(2027, 1, 31), "Second third", Decimal(1000)),)
    make.make(caller(tenant), Plan("", client_of.client_id, "", "", "", instalments))

    said = text(ann.browser.page("/invoices"))

    assert "Second third" in said
    assert "31 Jan 2027" in said


@pytest.mark.usefixtures("task")
def test_names_are_escaped(ann, tenant, client_of):
    invoice = draft(tenant, client_of.client_id)

    said = ann.browser.get(f"/invoices/{invoice.invoice_id}").body.decode()

    assert "<FM>" not in said


@pytest.mark.usefixtures("tenant")
def test_invoice_of_another_tenant_is_not_found(ann):
    assert ann.browser.get("/invoices/01nothing").status_code == 404


def test_ready_drafts_are_sent_from_the_list(ann, tenant, client_of, task):  # noqa: ARG001
    made = draft(tenant, client_of.client_id)
    page = ann.browser.page("/invoices")
    (box,) = page.select("input[name=invoice_ids]")
    assert (box["value"], box["form"]) == (made.invoice_id, "several")

    response = ann.browser.post("/invoices/send", {"which": "ready"})

    assert location(response).startswith(f"/jobs/send-{made.invoice_id}")
    assert store.get(tenant, made.invoice_id).state is not InvoiceState.DRAFT


def test_nothing_ticked_is_told(ann, tenant):  # noqa: ARG001
    response = ann.browser.post("/invoices/send", {"which": "ticked"})

    assert location(response) == "/invoices"


def test_doubt_offers_what_can_be_said(ann, tenant, client_of, task):  # noqa: ARG001
    made = draft(tenant, client_of.client_id)
    store.save(tenant, replace(made, state=InvoiceState.UNCERTAIN))

    page = ann.browser.page(f"/invoices/{made.invoice_id}")

    said = {button["value"] for button in page.select("button[name=verdict]")}
    assert said == {"this_one", "never_arrived", "stop"}
    response = ann.browser.post(f"/invoices/{made.invoice_id}/resolve", {"verdict": "nonsense"})
    assert response.status_code == 400


@pytest.mark.usefixtures("task")
def test_all_that_xero_gets_is_shown_with_names_and_sent_as_approved(ann, tenant, client_of):
    invoice = draft(tenant, client_of.client_id)

    page = ann.browser.page(f"/invoices/{invoice.invoice_id}/preview?send_as=DRAFT")

    shown = text(page)
    assert "200 Sales" in shown
    assert "15% GST" in shown
    assert "207.00 NZD" in shown
    assert '"ContactID": "contact-1"' in page.find("pre").get_text()
    form = page.find("form", method="post", action=re.compile("/send$"))
    fields = {field["name"]: field["value"] for field in form.find_all("input")}
    assert fields["send_as"] == "DRAFT"
    assert len(fields["approval"]) == 64


@pytest.mark.usefixtures("task")
def test_what_is_not_what_was_approved_is_not_sent(ann, tenant, client_of):
    lanes.open_lane("organisation-1", tenant, wiring.current().clock.now())
    invoice = draft(tenant, client_of.client_id)
    here = f"/invoices/{invoice.invoice_id}"

    ann.browser.post(f"{here}/send", {"send_as": "DRAFT", "approval": "0" * 64})

    assert store.get(tenant, invoice.invoice_id).state is InvoiceState.FAILED
    assert "This is not what was approved" in text(ann.browser.page(here))
