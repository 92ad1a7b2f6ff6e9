"""The connection, codes, mapping, imports and jobs by the API."""

import json

import pytest
from chalice.test import Client

from app import app
from chalicelib.dispatch import drain
from chalicelib.people.make_tenant import make_tenant
from tests.support.browser import PROJECT
from tests.support.xero import books


@pytest.fixture
def xero():
    with books() as both:
        yield both


@pytest.fixture
def client(xero):
    assert not xero.world.connections
    with Client(app, project_dir=str(PROJECT)) as client:
        yield client


@pytest.fixture
def acme(program, xero):
    """A program of a tenant that is connected."""
    tenant_id = make_tenant(name="Acme Ltd", email="ann@acme.test")["tenant_id"]
    xero.connect(tenant_id)
    return program(tenant_id, "read", "write", "send", "admin")


def read(acme, path):
    response = acme.call("GET", path)
    assert response.status_code == 200, response.body
    return json.loads(response.body)


def test_the_connection_names_organisation_and_state(acme, xero):
    found = read(acme, "/connection")
    assert found["state"] == "active"
    assert found["organisation_id"] == xero.organisation()
    assert found["base_currency"] == "NZD"
    assert "xero_userid" not in found


def test_the_connection_says_what_the_page_says(acme):
    found = read(acme, "/connection")
    allowed = {limit["name"]: limit["allowed"] for limit in found["limits"]}
    assert allowed["CreateApprovedInvoice"] is True
    assert found["next_keep_alive"] == "2026-12-13"
    assert found["newly_asked"] == []
    assert found["pending"] is None
    standings = {one["name"]: one["standing"] for one in found["features"]}
    assert standings == {"create_contacts": "off", "attach_timesheets": "off"}


def test_features_are_switched_by_name(acme):
    wanted = {"features": {"create_contacts": True}}
    found = json.loads(acme.call("PATCH", "/connection", wanted).body)
    assert found["newly_asked"] == ["accounting.contacts"]
    assert found["features"][0]["standing"] == "needs_permission"
    assert found["state"] == "active"
    for wrong in ({"features": {"fly": True}}, {"feature": {}}, {"features": {"x": "yes"}}):
        assert acme.call("PATCH", "/connection", wrong).status_code == 400


def test_the_connection_is_checked(acme, xero):
    xero.world.organisations[xero.organisation()].books.refuse_acts("CreateApprovedInvoice")
    job = json.loads(acme.call("POST", "/connection/check").body)
    assert job["state"] == "done"
    allowed = {one["name"]: one["allowed"] for one in read(acme, "/connection")["limits"]}
    assert allowed["CreateApprovedInvoice"] is False


@pytest.mark.parametrize("answer", ["confirm", "decline"])
def test_another_organisation_waits_for_an_answer(acme, xero, answer):
    xero.aws.clock.advance(seconds=1)
    waiting = xero.connect(acme.tenant_id, organisation="Demo Company (AU)")
    found = read(acme, "/connection")
    assert found["organisation_name"] == "Demo Company (NZ)"
    assert found["pending"]["organisation_name"] == "Demo Company (AU)"
    path = "/connection/pending"
    if answer == "confirm":
        other = {"organisation_id": "another"}
        assert acme.call("POST", f"{path}/confirm", other).status_code == 409
        body = {"organisation_id": waiting.organisation_id}
        after = json.loads(acme.call("POST", f"{path}/confirm", body).body)
        assert after["organisation_name"] == "Demo Company (AU)"
        assert [one["organisation_name"] for one in after["earlier"]] == ["Demo Company (NZ)"]
    else:
        after = json.loads(acme.call("DELETE", path).body)
        assert after["organisation_name"] == "Demo Company (NZ)"
        assert after["earlier"] == []
    assert after["pending"] is None
    assert acme.call("DELETE", path).status_code == 409


def test_disconnecting_answers_a_job_and_ends_the_connection(acme):
    response = acme.call("DELETE", "/connection")
    job = json.loads(response.body)
    assert response.status_code == 202
    assert response.headers["Location"] == f"/api/v1/jobs/{job['id']}"
    assert job["state"] == "done"
    assert read(acme, "/connection")["state"] == "disconnected"
    assert acme.call("DELETE", "/connection").status_code == 409


def test_codes_come_in_and_defaults_are_chosen_from_them(acme):
    assert acme.call("POST", "/imports/codes").status_code == 202
    accounts = {one["code"]: one for one in read(acme, "/accounts")["items"]}
    assert accounts["200"]["usable"]
    assert accounts["200"]["class"] == "REVENUE"
    rates = {one["tax_type"]: one for one in read(acme, "/tax-rates")["items"]}
    assert rates["OUTPUT2"]["usable"]
    chosen = {"account_code": "200", "tax_type": "OUTPUT2"}
    kept = json.loads(acme.call("PUT", "/mapping", chosen).body)
    assert kept.items() >= chosen.items()
    assert read(acme, "/mapping") == kept
    refused = acme.call("PUT", "/mapping", {"account_code": "nowhere"})
    assert refused.status_code == 400
    assert json.loads(refused.body)["field"] == "account_code"


def test_lists_are_cut_down_to_what_may_be_used(acme):
    acme.call("POST", "/imports/codes")

    def codes(query):
        return {one["code"] for one in read(acme, f"/accounts{query}")["items"]}

    assert codes("?use=lines") == {"200", "260", "270"}
    assert codes("?use=payments") >= {"090", "855"}
    assert codes("?status=archived") == {"201"}
    assert {one["tax_type"] for one in read(acme, "/tax-rates?use=lines")["items"]} == {
        "OUTPUT2", "NONE", "ZERORATED",
    }  # fmt: skip
    refused = acme.call("GET", "/accounts?use=anything")
    assert (refused.status_code, json.loads(refused.body)["field"]) == (400, "use")


def test_tracking_currencies_themes_and_the_organisation_can_be_read(acme):
    assert acme.call("GET", "/organisation").status_code == 404
    acme.call("POST", "/imports/codes")
    region = read(acme, "/tracking-categories?status=ACTIVE")["items"][0]
    assert (region["name"], region["usable"]) == ("Region", True)
    options = {one["name"]: one["usable"] for one in region["options"]}
    assert (options["North"], options["West Coast"]) == (True, False)
    assert read(acme, "/currencies")["items"][0] == {
        "code": "NZD", "name": "New Zealand Dollar", "base": True,
    }  # fmt: skip
    assert read(acme, "/branding-themes")["items"][0]["default"]
    found = read(acme, "/organisation")
    assert (found["time_zone"], found["pays_tax"]) == ("Pacific/Auckland", True)
    assert found["sales_terms"] == {"day": 20, "type": "OFFOLLOWINGMONTH"}
    assert found["locked_until"] is None


def test_an_import_is_a_job_that_can_be_followed(acme, xero):
    job = json.loads(acme.call("POST", "/imports/clients").body)
    assert job["state"] == "queued"
    drain.drain(xero.organisation(), deadline=xero.aws.clock.now().replace(year=2027))
    found = read(acme, f"/jobs/{job['id']}")
    assert found["state"] == "done"
    assert found["progress"]["created"] > 0
    assert [one["id"] for one in read(acme, "/imports")["items"]] == [job["id"]]


def test_jobs_are_listed_in_pages_newest_first(acme, xero):
    for _ in range(3):
        acme.call("POST", "/imports/codes")
        xero.aws.clock.advance(seconds=1)
    first = read(acme, "/jobs?limit=2")
    rest = read(acme, f"/jobs?limit=2&cursor={first['next']}")
    listed = first["items"] + rest["items"]
    times = [one["created_at"] for one in listed]
    assert sorted(one["kind"] for one in listed) == ["import-codes"] * 3 + ["refresh-codes"]
    assert times == sorted(times, reverse=True)
    assert acme.call("GET", "/jobs?cursor=rubbish").status_code == 400
    assert acme.call("GET", "/jobs?limit=0").status_code == 400


def test_an_import_can_be_cancelled_until_it_has_ended(acme, xero):
    job = json.loads(acme.call("POST", "/imports/clients").body)
    assert job["cancellable"]
    ended = json.loads(acme.call("POST", f"/jobs/{job['id']}/cancel").body)
    assert (ended["state"], ended["cancellable"]) == ("cancelled", False)
    drain.drain(xero.organisation(), deadline=xero.aws.clock.now().replace(year=2027))
    assert xero.calls("GET", "/api.xro/2.0/Contacts") == 0
    assert acme.call("POST", f"/jobs/{job['id']}/cancel").status_code == 200
    done = json.loads(acme.call("POST", "/imports/codes").body)
    assert acme.call("POST", f"/jobs/{done['id']}/cancel").status_code == 409


def test_a_job_of_another_tenant_is_not_found(acme, program):
    job = json.loads(acme.call("POST", "/imports/codes").body)
    other = make_tenant(name="Other Ltd", email="bob@other.test")["tenant_id"]
    assert program(other, "read").call("GET", f"/jobs/{job['id']}").status_code == 404
    cancelled = program(other, "write").call("POST", f"/jobs/{job['id']}/cancel")
    assert cancelled.status_code == 404
    assert read(program(other, "read"), "/accounts")["items"] == []


def test_what_needs_xero_says_so_when_not_connected(program):
    tenant_id = make_tenant(name="New Ltd", email="cy@new.test")["tenant_id"]
    response = program(tenant_id, "write").call("POST", "/imports/clients")
    assert response.status_code == 409
    assert json.loads(response.body)["code"] == "not_connected"


def test_usage_tells_calls_and_bytes_against_the_limits(acme, xero):
    acme.call("POST", "/imports/codes")
    found = read(acme, "/usage")
    assert (found["organisation_id"], found["tier"]) == (xero.organisation(), "core")
    assert found["limits"]["calls_per_day"] == 5_000
    assert found["limits"]["calls_kept_for_people"] == 500
    today = found["days"][0]
    assert today["in_all"]["calls"] == 5_000 - found["today"]["calls_left"]
    assert set(today["purposes"]) == {"import", "keep-alive"}
    assert 0 < found["charged_this_month"] < today["in_all"]["received"]
    assert found["rests_until"] is None


def test_usage_of_a_tenant_that_never_connected_is_empty(program):
    tenant_id = make_tenant(name="New Ltd", email="cy@new.test")["tenant_id"]
    found = read(program(tenant_id, "read"), "/usage")
    assert found["organisation_id"] is None
    assert found["today"]["calls_left"] is None
    assert sum(day["in_all"]["calls"] for day in found["days"]) == 0
