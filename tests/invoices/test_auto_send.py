"""Invoices that are sent by the tenant's rule, as soon as they are made."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.errors import InvalidInput
from chalicelib.invoices import create, store
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis, InvoiceState
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people import tenants
from chalicelib.people.caller import Scope
from chalicelib.work import add_time, projects, tasks
from chalicelib.work.add_time import NewTime
from chalicelib.work.time_records import Facts
from tests.invoices.conftest import TENANT

DAY = date(2026, 11, 20)


@pytest.fixture
def project_id(business):
    made = projects.create(TENANT, business.client_id, "Website", currency="NZD")
    task = tasks.create(TENANT, made.project_id, "Design", rate="100")
    add_time.add(TENANT, NewTime(task.task_id, Facts(DAY, 60, "Dev", "")))
    return made.project_id


@pytest.fixture
def rule(business):
    tenants.change(business.caller.tenant_id, auto_send="work")


def state_of(caller, **wish):
    job = create.start(caller, NewInvoice(**wish))
    return store.get(TENANT, job.result["invoice_id"]).state


def of_work(project_id, **wish):
    return {"basis": Basis.TRACKED_TIME, "project_ids": (project_id,), **wish}


def test_without_a_rule_a_draft_waits_for_a_click(business, project_id):
    assert state_of(business.caller, **of_work(project_id)) is InvoiceState.DRAFT


@pytest.mark.usefixtures("rule")
def test_an_invoice_of_work_is_on_its_way_by_the_rule(business, project_id):
    assert state_of(business.caller, **of_work(project_id)) is InvoiceState.QUEUED


@pytest.mark.usefixtures("rule")
def test_a_word_of_ones_own_goes_before_the_rule(business, project_id):
    assert state_of(business.caller, **of_work(project_id, send=False)) is InvoiceState.DRAFT


@pytest.mark.usefixtures("rule")
def test_the_rule_sends_nothing_for_who_may_not_send(business, project_id):
    writer = replace(business.caller, scopes=business.caller.scopes - {Scope.SEND})

    assert state_of(writer, **of_work(project_id)) is InvoiceState.DRAFT


@pytest.mark.usefixtures("rule")
def test_what_is_written_by_hand_waits_for_a_click(business):
    lines = (Line("Care", quantity=1, unit_price=100, account_code="200", tax_type="OUTPUT2"),)
    wish = {"basis": Basis.BLANK, "client_id": business.client_id, "lines": lines}

    assert state_of(business.caller, **wish) is InvoiceState.DRAFT


def test_a_rule_that_is_none_of_ours_is_refused(business):
    with pytest.raises(InvalidInput, match="never, work"):
        tenants.change(business.caller.tenant_id, auto_send="always")
