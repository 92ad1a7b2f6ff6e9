"""The list of unbilled work, its file, and the way from a line to the work behind it."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.dispatch.model import JobState
from chalicelib.invoices import create, discard, store
from chalicelib.invoices.model import Basis
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.work import add_time, clients, projects, tasks, time_records
from chalicelib.work.add_time import NewTime
from chalicelib.work.materials import add as materials
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.time_records import Facts


class Work:
    """A project with time and a material of one client."""

    def __init__(self, tenant_id, client="Hill Ltd", name="Site") -> None:
        self.tenant_id = tenant_id
        self.caller = Caller(tenant_id, "user:ann", "Ann", EVERYTHING)
        self.client = clients.create(tenant_id, client, currency="NZD")
        project = projects.create(tenant_id, self.client.client_id, name, currency="NZD")
        self.project_id = project.project_id
        self.task = tasks.create(tenant_id, self.project_id, "Design", rate="120")
        self.records = [self.track(90, "Icons"), self.track(30, "Fonts")]
        facts = {"date": date(2026, 11, 2), "name": "Cable", "quantity": "2", "price": "10"}
        self.material = materials.add(tenant_id, NewMaterial(self.project_id, facts))

    def track(self, minutes, note):
        facts = Facts(date(2026, 11, 3), minutes, "Ann", note)
        return add_time.add(self.tenant_id, NewTime(self.task.task_id, facts))

    def bill(self):
        wanted = NewInvoice(basis=Basis.PROJECT, project_ids=(self.project_id,))
        job = create.start(self.caller, wanted)
        assert job.state is JobState.DONE, job.message
        return store.get(self.tenant_id, job.result["invoice_id"])


@pytest.fixture
def work(ann):
    return Work(ann.tenant_id)


def text(page):
    return re.sub(r"\s+", " ", page.get_text(" "))


def table(response):
    assert response.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.body.decode("utf-8-sig"), newline="")))


def test_unbilled_work_is_listed_by_client_with_a_way_to_bill_it(ann, work):
    page = ann.browser.page("/unbilled")

    said = text(page)
    assert "Hill Ltd 260.00 NZD" in said
    assert "Site 2:00 1 2 Nov 2026 260.00 NZD" in said
    links = {one["href"].partition(":8000")[2] for one in page.select("main a")}
    assert f"/invoices/new?project_id={work.project_id}" in links
    assert f"/projects/{work.project_id}?show=unbilled" in links

    of_client = f"/unbilled?client_id={work.client.client_id}"
    assert of_client in str(ann.browser.page(f"/clients/{work.client.client_id}"))
    assert "Unbilled work for Hill Ltd" in text(ann.browser.page(of_client))

    work.bill()
    assert "Nothing is unbilled" in text(ann.browser.page("/unbilled"))


def test_the_file_holds_the_same_and_no_formula(ann, work):
    Work(ann.tenant_id, client='=HYPERLINK("http://evil.test")', name="@SUM(A1)")

    rows = table(ann.browser.get("/unbilled/export"))

    assert [(row["Client"], row["Project"]) for row in rows] == [
        ("Hill Ltd", "Site"),
        ('\'=HYPERLINK("http://evil.test")', "'@SUM(A1)"),
    ]
    assert [(row["Hours"], row["Amount"], row["Currency"]) for row in rows] == [
        ("2.0000", "260.00", "NZD")
    ] * 2
    of_client = ann.browser.get(f"/unbilled/export?client_id={work.client.client_id}")
    assert [row["Project"] for row in table(of_client)] == ["Site"]


def test_a_line_leads_to_its_work_and_each_piece_says_where_it_is(ann, work):
    invoice = work.bill()
    here = f"/invoices/{invoice.invoice_id}"

    links = [
        one["href"].partition(":8000")[2] for one in ann.browser.page(here).select("table a")
    ]
    assert links == [f"{here}/lines/1", f"{here}/lines/2"]
    time, goods = (text(ann.browser.page(link)) for link in links)
    assert "Time: 2:00 on this line" in time
    assert time.count("On this invoice") == 2
    assert "Icons" in time
    assert "Cable Site 2 On this invoice" in goods
    assert f'{here}"' in str(ann.browser.page(f"/projects/{work.project_id}?show=invoiced"))


def test_work_that_a_kept_line_let_go_says_so(ann, work):
    invoice = work.bill()
    numbered = store.save(ann.tenant_id, _numbered(invoice))
    discard.start(work.caller, invoice.invoice_id)
    time_records.delete(ann.tenant_id, work.records[0].record_id)

    said = text(ann.browser.page(f"/invoices/{numbered.invoice_id}/lines/1"))

    assert "1 piece of work of this line is there no more." in said
    assert "Unbilled again" in said
    assert ann.browser.get(f"/invoices/{numbered.invoice_id}/lines/9").status_code == 404


def _numbered(invoice):
    from dataclasses import replace

    assert invoice.totals.total == Decimal("260.00")
    return replace(invoice, number="INV-1")
