"""Billing plans by the API."""

import json

import pytest

from chalicelib.work import clients

RULE = {"every": "month", "start": "2027-01-31", "day": 31, "business_days": "next"}


@pytest.fixture
def client_id(acme):
    return clients.create(acme.tenant_id, "Hill Ltd", currency="NZD").client_id


@pytest.fixture
def plan(acme, client_id):
    return said(acme, "POST", "/billing-plans", 201, wish(client_id))


def wish(client_id, **more):
    facts = {"client_id": client_id, "rule": RULE, "description": "Support", "amount": "200"}
    return facts | more


def said(program, method, path, status=200, body=None):
    answer = program.call(method, path, body)
    assert answer.status_code == status, answer.body
    return json.loads(answer.body)


def test_plan_says_what_comes(plan):
    assert plan["amount"] == {"amount": "200.00", "currency": "NZD"}
    assert len(plan["coming"]) == 12
    assert plan["coming"][0] == {
        "number": 0,
        "date": "2027-02-01",
        "period_start": "2026-12-31",
        "period_end": "2027-01-30",
        "skipped": False,
    }


def test_preview_stores_nothing(acme, client_id):
    shown = said(acme, "POST", "/billing-plans/preview", 200, wish(client_id))

    assert shown["coming"][1]["date"] == "2027-03-01"
    assert said(acme, "GET", "/billing-plans")["items"] == []


def test_acts_change_what_comes(acme, plan):
    one = f"/billing-plans/{plan['id']}"

    assert said(acme, "POST", f"{one}/skip", 200, {"number": 0})["coming"][0]["skipped"]
    assert not said(acme, "POST", f"{one}/unskip", 200, {"number": 0})["coming"][0]["skipped"]
    assert said(acme, "POST", f"{one}/pause")["paused"]
    assert not said(acme, "POST", f"{one}/resume")["paused"]
    assert said(acme, "POST", f"{one}/end")["coming"] == []
    assert said(acme, "POST", f"{one}/pause", 409)["code"] == "conflict"


def test_change_needs_the_version_that_was_read(acme, plan):
    one = f"/billing-plans/{plan['id']}"
    change = {"version": plan["version"], "amount": "250.00", "count": 3}

    changed = said(acme, "PATCH", one, 200, change)

    assert (changed["amount"]["amount"], len(changed["coming"])) == ("250.00", 3)
    assert said(acme, "PATCH", one, 409, change)["code"] == "conflict"


def test_how_time_becomes_lines_is_kept_and_can_be_changed(acme, client_id):
    style = {"grouping": "day", "rounding": {"minutes": 6, "per": "group"}, "notes": True}
    wanted = {"client_id": client_id, "rule": RULE, **style}

    made = said(acme, "POST", "/billing-plans", 201, wanted)
    change = {"version": made["version"], "rounding": {"minutes": 30}, "notes": None}
    changed = said(acme, "PATCH", f"/billing-plans/{made['id']}", 200, change)

    assert {name: made[name] for name in style} == style
    assert changed["rounding"] == {"minutes": 30, "per": "record"}
    assert (changed["grouping"], changed["notes"]) == ("day", None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": None, "rounding": {"minutes": 7}}, "rounding"),
        ({"amount": "0"}, "amount"),
        ({"amount": "x"}, "amount"),
        ({"description": ""}, "description"),
        ({"currency": "", "rule": None}, "instalments"),
        ({"rule": {**RULE, "interval": 0}}, "interval"),
    ],
)
def test_wrong_plan_is_refused_by_its_field(acme, client_id, change, field):
    problem = said(acme, "POST", "/billing-plans", 400, wish(client_id, **change))

    assert problem["field"] == field


def test_writing_key_makes_no_plan_that_sends(acme, program, client_id):
    writer = program(acme.tenant_id, "read", "write")

    assert writer.call("POST", "/billing-plans", wish(client_id, send=True)).status_code == 403


def test_plan_of_another_tenant_is_not_found(program, plan):
    stranger = program("tenant-2", "read", "write", "send", "admin")

    for method, rest in (("GET", ""), ("POST", "/pause"), ("POST", "/end")):
        answer = stranger.call(method, f"/billing-plans/{plan['id']}{rest}")
        assert answer.status_code == 404
