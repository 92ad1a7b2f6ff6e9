"""Time is billed at the price of its day, by the rate that is sold, and then never changes."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.dispatch.model import JobState
from chalicelib.invoices import create, store
from chalicelib.invoices.model import Basis
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.reference import choices
from chalicelib.reference import store as reference
from chalicelib.reference.layers import Codes, Kind, Place
from chalicelib.reference.model import Account, Mapping
from chalicelib.work import linked, projects, tasks, unbilled
from chalicelib.work.add_time import NewTime, add_many
from chalicelib.work.rates.make import make
from chalicelib.work.rates.set_price import set_price
from chalicelib.work.staff import make as staff
from chalicelib.work.time_records import Facts

TENANT, ORGANISATION = "tenant-1", "organisation-1"
JULY = date(2026, 7, 1)


@pytest.fixture
def rate(business):
    return make(business.caller, "task", "Design", currency="NZD", amount="100")


@pytest.fixture
def project(business):
    return projects.create(TENANT, business.client_id, "Website", currency="NZD")


@pytest.fixture
def task(project, rate):
    return tasks.create(TENANT, project.project_id, "Drawing", rate_id=rate.rate_id)


def track(task, *days, staff="Ann"):
    add_many(TENANT, [NewTime(task.task_id, Facts(day, 60, staff)) for day in days])


def bill(business, **facts):
    wanted = NewInvoice(basis=Basis.TRACKED_TIME, client_id=business.client_id, **facts)
    job = create.start(business.caller, wanted)
    if job.state is not JobState.DONE:
        return job
    return store.get(TENANT, job.result["invoice_id"])


def test_a_change_within_the_period_makes_two_lines(business, rate, task):
    set_price(business.caller, rate.rate_id, "110", JULY)
    track(task, date(2026, 6, 29), date(2026, 6, 30), JULY)

    invoice = bill(business)

    assert [(line.quantity, line.unit_price) for line in invoice.lines] == [
        (Decimal(2), Decimal(100)),
        (Decimal(1), Decimal(110)),
    ]
    assert invoice.totals.sub_total == Decimal("310.00")


def test_unbilled_time_is_counted_at_the_prices_it_will_be_billed_at(
    business, rate, task, project
):
    set_price(business.caller, rate.rate_id, "110", JULY)
    track(task, date(2026, 6, 30), JULY)

    waiting = unbilled.of_project(TENANT, project)

    assert waiting.amount.amount == bill(business).totals.sub_total == Decimal("210.00")


def test_a_change_never_touches_what_is_drafted(business, rate, task):
    track(task, JULY)
    invoice = bill(business)

    set_price(business.caller, rate.rate_id, "200", None)

    assert store.get(TENANT, invoice.invoice_id) == invoice
    track(task, JULY)
    assert bill(business).lines[0].unit_price == Decimal(200)


def test_the_rate_of_who_did_the_work_counts_where_nothing_nearer_does(business, project):
    senior = make(business.caller, "staff", "Senior", currency="NZD", amount="180")
    staff.make(business.caller, "Ann Lee", email="ann@acme.test", rate_id=senior.rate_id)
    bare = tasks.create(TENANT, project.project_id, "Talk")
    track(bare, JULY, staff="ann@acme.test")

    assert bill(business).lines[0].unit_price == Decimal(180)


def test_time_recorded_before_somebody_was_on_the_list_is_theirs(business, project):
    bare = tasks.create(TENANT, project.project_id, "Talk")
    track(bare, JULY, staff="Ann Lee")
    senior = make(business.caller, "staff", "Senior", currency="NZD", amount="180")
    staff.make(business.caller, "Ann Lee", rate_id=senior.rate_id)

    assert bill(business).lines[0].unit_price == Decimal(180)


def test_another_currency_than_the_rates_is_refused_with_a_sentence(business):
    senior = make(business.caller, "staff", "Senior", currency="NZD", amount="180")
    staff.make(business.caller, "Ann", rate_id=senior.rate_id)
    abroad = projects.create(TENANT, business.client_id, "Abroad", currency="AUD")
    bare = tasks.create(TENANT, abroad.project_id, "Talk")
    track(bare, JULY)

    refused = bill(business, project_ids=(abroad.project_id,))

    assert refused.state is JobState.FAILED
    assert "is in NZD and states no price in AUD" in refused.message
    set_price(business.caller, senior.rate_id, "165", None, "AUD")
    assert bill(business, project_ids=(abroad.project_id,)).lines[0].unit_price == Decimal(165)


def test_each_lines_codes_come_from_the_rate_it_is_sold_at(business, rate, task, project):
    reference.put(TENANT, [Account("210", "Other", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE")])
    choices.put(TENANT, Place(Kind.RATE, rate.rate_id), Codes("210", "NONE"))
    plain = tasks.create(TENANT, project.project_id, "Talk", rate="50")
    track(task, JULY)
    track(plain, JULY)

    lines = {line.unit_price: line for line in bill(business).lines}

    assert (lines[Decimal(100)].account_code, lines[Decimal(100)].tax_type) == ("210", "NONE")
    assert (lines[Decimal(50)].account_code, lines[Decimal(50)].tax_type) == ("200", "OUTPUT2")


def test_a_clients_exception_holds_on_the_invoice_whatever_the_rate(business, rate, task):
    choices.put(TENANT, Place(Kind.CLIENT, business.client_id), Codes(tax_type="NONE"))
    choices.put(TENANT, Place(Kind.RATE, rate.rate_id), Codes(tax_type="OUTPUT2"))
    track(task, JULY)

    invoice = bill(business)

    assert invoice.lines[0].tax_type == "NONE"
    assert invoice.totals.total_tax == 0


def test_what_is_chosen_later_changes_no_draft(business, task):
    track(task, JULY)
    invoice = bill(business)

    choices.put(TENANT, Place(Kind.CLIENT, business.client_id), Codes(tax_type="NONE"))

    assert store.get(TENANT, invoice.invoice_id) == invoice


def test_the_contacts_own_tax_counts_only_if_chosen(business, task):
    linked.take(TENANT, ORGANISATION, business.client_id, lambda _client: {"tax_type": "NONE"})
    track(task, JULY)
    assert bill(business).lines[0].tax_type == "OUTPUT2"

    choices.put_tenant(TENANT, Mapping("200", "OUTPUT2", contact_tax=True))
    track(task, JULY)

    assert bill(business).lines[0].tax_type == "NONE"
