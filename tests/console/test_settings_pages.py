"""Settings, users, API keys, jobs and static files."""

import pytest

from chalicelib.console import job_names
from chalicelib.dispatch import enqueue, kinds, store
from chalicelib.people import tenants
from tests.support.browser import location


def test_settings_are_saved_and_shown(ann):
    ann.browser.get("/settings/company")
    fields = {
        "name": "Acme <Holdings>",
        "time_zone": "Pacific/Auckland",
        "send_as": "DRAFT",
        "due_days": "7",
        "invoice_prefix": "ACME-",
        "numbering": "xero",
        "next_invoice_number": "42",
        "auto_send": "work",
    }
    assert ann.browser.post("/settings/company", fields).status_code == 302
    tenant = tenants.get(ann.tenant_id)
    assert (tenant.name, tenant.due_days, tenant.send_as) == ("Acme <Holdings>", 7, "DRAFT")
    page = ann.browser.get("/settings/company").body
    assert (tenant.numbering, tenant.auto_send) == ("xero", "work")
    assert b"Settings are saved." in page
    assert b'value="42"' in page
    assert b"Acme &lt;Holdings&gt;" in page


def test_a_setting_that_cannot_be_is_named_beside_its_field(ann):
    ann.browser.get("/settings/company")
    fields = {"name": "A", "time_zone": "Mars", "send_as": "DRAFT", "due_days": "7"}
    response = ann.browser.post("/settings/company", fields)
    assert response.status_code == 400
    assert b'aria-describedby="time_zone-error' in response.body


def test_a_notice_is_shown_once(ann):
    ann.browser.post("/sign-out")
    assert b"You are signed out." in ann.browser.get("/sign-in").body
    assert b"You are signed out." not in ann.browser.get("/sign-in").body


def test_a_revoked_key_is_gone_from_the_page(ann):
    ann.browser.get("/settings/api-keys")
    ann.browser.post("/settings/api-keys", {"name": "Tracker", "scopes": ["read"]})
    form = ann.browser.page("/settings/api-keys").select_one("td.acts form")
    ann.browser.post(form["action"].removeprefix("http://localhost:8000"))
    assert "Tracker" not in ann.browser.page("/settings/api-keys").get_text()


def test_a_keys_last_day_is_on_the_page(ann, aws):
    ann.browser.get("/settings/api-keys")
    fields = {"name": "Tracker", "scopes": ["read"], "expires_on": "2026-11-30"}
    made = ann.browser.read("/settings/api-keys", fields)
    assert "30 Nov 2026" in made.select_one("tbody tr").get_text()
    aws.clock.advance(days=8)
    ann.sign_in()
    assert "Expired" in ann.browser.page("/settings/api-keys").get_text()


@pytest.mark.parametrize("day", ["2026-11-22", "soon"])
def test_a_last_day_that_cannot_be_is_told_beside_its_field(ann, day):
    ann.browser.get("/settings/api-keys")
    fields = {"name": "Tracker", "scopes": ["read"], "expires_on": day}
    page = ann.browser.read("/settings/api-keys", fields, status=400)
    assert page.select_one("#expires_on-error")
    assert page.select_one("#expires_on")["value"] == day
    assert page.select_one("#name")["value"] == "Tracker"


def test_a_job_is_shown_to_its_own_tenant_only(ann):
    mine = enqueue.job("import-codes", "lane-1", ann.tenant_id)
    theirs = enqueue.job("import-codes", "lane-2", "somebody-else")
    for job in (mine, theirs):
        store.ask(job)
    assert ann.browser.get(f"/jobs/{mine.job_id}").status_code == 200
    assert ann.browser.get(f"/jobs/{mine.job_id}/state").json_body["open"] is True
    for path in (f"/jobs/{theirs.job_id}", f"/jobs/{theirs.job_id}/state", "/jobs/nonsense"):
        assert ann.browser.get(path).status_code == 404


def test_activity_lists_ones_own_work_and_cancels_what_can_stop(ann):
    for kind, tenant in (("import-codes", ann.tenant_id), ("send-invoices", "somebody-else")):
        store.ask(enqueue.job(kind, f"lane-{tenant}", tenant))
    page = ann.browser.page("/jobs")
    assert "Import of codes" in page.get_text()
    assert "Sending invoices" not in page.get_text()
    link = page.select_one("tbody a")["href"].removeprefix("http://localhost:8000")
    form = ann.browser.page(link).select_one("main form")
    ended = ann.browser.post(form["action"].removeprefix("http://localhost:8000"))
    shown = ann.browser.page(location(ended))
    assert shown.h1.get_text() == "Cancelled"
    assert shown.select_one("main form") is None


def test_every_kind_of_work_has_a_name():
    assert set(kinds.KINDS) <= set(job_names.NAMES)


def test_files_are_kept_for_a_year_under_their_digest(ann):
    page = ann.browser.page("/home")
    sheet = page.find("link", rel="stylesheet")["href"].removeprefix("http://localhost:8000")
    response = ann.browser.get(sheet)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"].startswith("text/css")
    assert "Set-Cookie" not in response.headers
    old = ann.browser.get("/static/0000000000000000/app.css")
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-store")


def test_no_other_file_is_served(ann):
    for name in ("render.py", "..%2Frouting.py", "%2E%2E%2Frouting.py", "nothing.css"):
        assert ann.browser.get(f"/static/x/{name}").status_code == 404


def test_an_address_of_nothing_is_not_found(browser):
    response = browser.get("/nosuch")
    assert response.status_code == 404
    assert b"There is no page at /nosuch." in response.body


def test_the_bare_address_leads_home(browser):
    assert location(browser.get("/")) == "/home"


def test_a_failure_on_our_side_reads_calmly(ann):
    import boto3

    boto3.client("dynamodb").delete_table(TableName="test-tenants")
    response = ann.browser.get("/home")
    assert response.status_code == 500
    assert b"Something went wrong on our side." in response.body
    assert b"Traceback" not in response.body
