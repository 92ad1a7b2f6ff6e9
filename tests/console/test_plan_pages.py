"""Billing plans by hand: made, looked at, skipped, paused, ended."""

from datetime import date

import pytest

from chalicelib.invoices.build import Grouping, Per, Rounding, Style
from chalicelib.people import tenants
from chalicelib.plans import store
from chalicelib.plans.schedule import BusinessDays, Every, Rule
from chalicelib.work import clients
from tests.support.browser import location

NEW = "/invoices/plans/new"
ROUND = {
    "kind": "round",
    "interval": "1",
    "every": "month",
    "start": "2027-01-31",
    "day": "31",
    "business_days": "previous",
    "bills": "amount",
    "description": "Support",
    "amount": "1,200.50",
    "grouping": "task",
    "act": "make",
}


@pytest.fixture
def client_id(ann):
    return clients.create(ann.tenant_id, "Boom <FM>", currency="NZD").client_id


@pytest.fixture
def plan(ann, client_id):
    ann.browser.post(NEW, {**ROUND, "client_id": client_id})
    return store.of_tenant(ann.tenant_id)[0]


def test_plan_that_comes_round_is_made_as_it_was_typed(ann, plan):
    assert plan.rule == Rule(
        Every.MONTH, date(2027, 1, 31), day=31, business_days=BusinessDays.PREVIOUS
    )
    assert f"{plan.amount}" == "1200.50"
    assert plan.time_zone == tenants.get(ann.tenant_id).time_zone
    page = ann.browser.page(f"/invoices/plans/{plan.plan_id}")
    assert "29 Jan 2027" in page.text
    assert "26 Feb 2027" in page.text
    assert "Boom <FM>" in page.text


def test_how_time_becomes_lines_is_chosen_and_can_be_changed(ann, client_id):
    style = {"bills": "time", "grouping": "staff", "rounding": "15:group", "notes": "yes"}
    ann.browser.post(NEW, {**ROUND, "client_id": client_id, **style})
    (made,) = store.of_tenant(ann.tenant_id)
    here = f"/invoices/plans/{made.plan_id}"
    shown = ann.browser.page(here).text

    ann.browser.post(here, {"version": "0", "grouping": "day", "rounding": "0", "notes": ""})

    assert "Up to 15 min, each line" in shown
    assert made.style == Style(Grouping.STAFF, Rounding(15, Per.GROUP), notes=True)
    assert store.get(ann.tenant_id, made.plan_id).style == Style(Grouping.DAY)


def test_days_are_shown_before_anything_is_made(ann, client_id):
    wanted = {**ROUND, "client_id": client_id, "act": "preview"}

    answer = ann.browser.post(NEW, wanted)

    assert answer.status_code == 200
    assert "29 Jan 2027" in answer.body.decode()
    assert store.of_tenant(ann.tenant_id) == []


def test_instalments_are_amounts_and_parts_of_a_total(ann, client_id):
    rows = {"date": ["2027-01-01", "2027-02-01", ""], "what": ["Start", "End", ""]}
    wanted = {**rows, "how_much": ["50 %", "500", ""], "total": "3000", "kind": "instalments"}

    ann.browser.post(NEW, {**wanted, "client_id": client_id, "act": "make"})

    (plan,) = store.of_tenant(ann.tenant_id)
    assert [f"{one.amount}" for one in plan.instalments] == ["1500.00", "500.00"]


def test_more_rows_keep_what_was_typed(ann, client_id):
    wanted = {"date": ["2027-01-01"], "what": ["Start"], "how_much": ["5"], "act": "rows"}

    answer = ann.browser.post(NEW, {**wanted, "client_id": client_id, "kind": "instalments"})

    assert answer.body.decode().count('name="how_much"') == 5
    assert 'value="Start"' in answer.body.decode()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"client_id": ""}, "client_id", "missing"),
        ({"amount": "much"}, "amount", "not a number"),
        ({"description": ""}, "description", "what the amount is for"),
        ({"start": "soon"}, "start", "YYYY-MM-DD"),
        ({"count": "many"}, "count", "whole number"),
        ({"every": "century"}, "every", "one of the list"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
    ann, client_id, typed, field, sentence
):
    answer = ann.browser.post(NEW, {**ROUND, "client_id": client_id, "reference": "R7", **typed})

    body = answer.body.decode()
    assert answer.status_code == 400
    assert f'id="{field}-error"' in body
    assert sentence in body
    assert 'value="R7"' in body


def test_day_is_skipped_and_brought_back(ann, plan):
    page = f"/invoices/plans/{plan.plan_id}"
    ann.browser.post(f"{page}/days", {"number": "1", "act": "skip"})
    assert "Skipped" in ann.browser.page(page).text

    ann.browser.post(f"{page}/days", {"number": "1", "act": "unskip"})

    assert "Skipped" not in ann.browser.page(page).text


def test_plan_is_paused_resumed_and_ended(ann, plan):
    page = f"/invoices/plans/{plan.plan_id}"
    for act, state in (("pause", "Paused"), ("resume", "Running"), ("end", "Finished")):
        answer = ann.browser.post(f"{page}/act", {"act": act})
        assert location(answer) == page
        assert state in ann.browser.page(page).text


def test_other_terms_are_kept(ann, plan):
    page = f"/invoices/plans/{plan.plan_id}"
    terms = {"version": str(plan.version), "description": "Care", "amount": "90", "end": ""}

    ann.browser.post(page, {**terms, "reference": "PO 7"})

    changed = store.get(ann.tenant_id, plan.plan_id)
    assert (changed.description, f"{changed.amount}") == ("Care", "90.00")
    assert changed.reference == "PO 7"


def test_terms_of_a_plan_that_somebody_changed_are_refused(ann, plan):
    page = f"/invoices/plans/{plan.plan_id}"
    ann.browser.post(f"{page}/act", {"act": "pause"})
    terms = {"version": str(plan.version), "description": "Care", "amount": "90", "end": ""}

    answer = ann.browser.post(page, terms)

    assert answer.status_code == 409
    assert "changed meanwhile" in answer.body.decode()
    assert 'value="Care"' in answer.body.decode()


@pytest.mark.usefixtures("plan")
def test_list_says_what_each_plan_does(ann):
    said = ann.browser.page("/invoices/plans").text

    assert "Every month, on the last day" in said
    assert "1,200.50 NZD, Support" in said
