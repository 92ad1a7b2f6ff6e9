import re
from datetime import date

import pytest

from chalicelib.work import add_time, claims, clients, projects, tasks, time_records
from chalicelib.work.add_time import NewTime
from chalicelib.work.time_records import Facts
from tests.support.browser import Administrator, application, location


@pytest.fixture
def ann(aws):
    with application() as client:
        yield Administrator(client, aws).set_up()


@pytest.fixture
def project(ann):
    client = clients.create(ann.tenant_id, "Boom FM", currency="NZD")
    return projects.create(ann.tenant_id, client.client_id, "Listener app")


@pytest.fixture
def task(ann, project):
    return tasks.create(ann.tenant_id, project.project_id, "Development", rate="120")


def record(ann, task, *, minutes: int = 90, note: str = "Push messages"):
    facts = Facts(date(2026, 11, 3), minutes, "Dev", note)
    return add_time.add(ann.tenant_id, NewTime(task.task_id, facts))


def text(page) -> str:
    return re.sub(r"\s+", " ", page.get_text())


def follow(ann, response):
    assert response.status_code == 302, response.body[-1500:]
    return ann.browser.page(location(response))


@pytest.mark.parametrize("path", ["/clients", "/projects", "/clients?archived=true"])
def test_empty_lists_say_what_to_do_next(ann, path):
    page = ann.browser.page(path)
    assert page.select_one(".empty h2")


def test_a_client_is_added_by_its_form(ann):
    ann.browser.page("/clients/new")
    page = follow(ann, ann.browser.post("/clients", {"name": "Boom  FM", "email": ""}))
    assert page.h1.get_text() == "Boom FM"
    assert "Not linked to Xero" in text(page)


def test_a_refused_form_comes_back_filled_with_the_error(ann):
    ann.browser.page("/clients/new")
    response = ann.browser.post("/clients", {"name": "Boom FM", "currency": "dollars"})
    assert response.status_code == 400
    assert b"three letters" in response.body
    assert b'value="Boom FM"' in response.body


@pytest.mark.usefixtures("project")
def test_clients_are_found_by_part_of_a_name(ann):
    assert "Boom FM" in text(ann.browser.page("/clients?search=boom"))
    assert "No client found" in text(ann.browser.page("/clients?search=ridge"))


def test_an_archived_client_moves_to_its_shelf(ann, project):
    ann.browser.page(f"/clients/{project.client_id}")
    ann.browser.post(f"/clients/{project.client_id}/archive", {"archived": "true"})
    assert not ann.browser.page("/clients").select_one("tbody")
    assert "Boom FM" in ann.browser.page("/clients?archived=true").tbody.get_text()


def test_a_project_and_its_task_are_added_by_forms(ann, project):
    ann.browser.page("/projects/new")
    made = ann.browser.post(
        "/projects", {"client_id": project.client_id, "name": "Care", "currency": ""}
    )
    page = follow(ann, made)
    assert page.h1.get_text() == "Care"
    path = location(made)
    ann.browser.page(f"{path}/tasks/new")
    page = follow(ann, ann.browser.post(f"{path}/tasks", {"name": "Support", "rate": "95.125"}))
    assert "95.125 NZD" in text(page)


def test_a_project_shows_what_is_unbilled_and_leads_to_its_invoice(ann, task):
    record(ann, task)
    page = ann.browser.page(f"/projects/{task.project_id}")
    assert "180.00 NZD" in text(page)
    assert page.find("a", string="Invoice tracked time")["href"].endswith(
        f"/invoices/new?basis=tracked_time&project_id={task.project_id}"
    )
    assert "180.00 NZD" in text(ann.browser.page("/projects"))


def test_time_without_a_rate_is_said_and_not_summed(ann, project):
    bare = tasks.create(ann.tenant_id, project.project_id, "Research")
    record(ann, bare)
    assert "1:30 hours are on tasks without a rate" in text(
        ann.browser.page(f"/projects/{project.project_id}")
    )


def test_time_is_added_changed_and_deleted_by_forms(ann, task):
    path = f"/projects/{task.project_id}/time"
    ann.browser.page(f"{path}/new")
    fields = {"task_id": task.task_id, "date": "2026-11-03", "minutes": "1:15", "billable": "yes"}
    follow(ann, ann.browser.post(path, fields))
    (made,) = time_records.listing(ann.tenant_id, [task.project_id])
    assert made.minutes == 75
    here = f"/time-records/{made.record_id}"
    ann.browser.page(here)
    follow(ann, ann.browser.post(here, fields | {"minutes": "80", "billable": ""}))
    changed = time_records.get(ann.tenant_id, made.record_id)
    assert (changed.minutes, changed.billable) == (80, False)
    follow(ann, ann.browser.post(f"{here}/delete"))
    assert not time_records.listing(ann.tenant_id, [task.project_id]).items


def test_unreadable_time_is_refused_at_its_field(ann, task):
    path = f"/projects/{task.project_id}/time"
    ann.browser.page(f"{path}/new")
    response = ann.browser.post(
        path, {"task_id": task.task_id, "date": "2026-11-03", "minutes": "1.5h"}
    )
    assert response.status_code == 400
    assert b'id="minutes-error"' in response.body


def test_invoiced_time_leads_to_its_invoice_and_is_not_edited(ann, task):
    made = record(ann, task)
    claims.claim(ann.tenant_id, "i1", [made])
    page = ann.browser.page(f"/projects/{task.project_id}?show=invoiced")
    assert page.select_one('a[href$="/invoices/i1"]')
    assert not page.find("a", string="Edit", attrs={"aria-label": re.compile("time")})


def test_notes_are_shown_as_text(ann, task):
    record(ann, task, note="<script>alert(1)</script>")
    page = ann.browser.page(f"/projects/{task.project_id}")
    assert not page.find("script", string=re.compile("alert"))
    assert "<script>alert(1)</script>" in text(page)


@pytest.mark.parametrize(
    "path", ["/clients/{client_id}", "/projects/{project_id}", "/tasks/{task_id}"]
)
def test_another_tenants_pages_are_not_there(ann, task, path, aws):
    client_id = projects.get(ann.tenant_id, task.project_id).client_id
    ids = {"client_id": client_id, "project_id": task.project_id, "task_id": task.task_id}
    with application() as client:
        other = Administrator(client, aws, company="Other", email="bob@other.test").set_up()
        assert other.browser.get(path.format(**ids)).status_code == 404
