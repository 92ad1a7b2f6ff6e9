"""A project's terms and phases by its forms."""

import re

import pytest

from chalicelib.work import clients, phases, projects
from tests.support.browser import location


@pytest.fixture
def project(ann):
    client = clients.create(ann.tenant_id, "Boom FM", currency="NZD")
    return projects.create(ann.tenant_id, client.client_id, "Listener app")


def text(page) -> str:
    return re.sub(r"\s+", " ", page.get_text(" "))


def test_a_projects_terms_are_kept_and_shown(ann, project):
    here = f"/projects/{project.project_id}"
    ann.browser.page(f"{here}/edit")
    fields = {
        "name": "Listener app", "currency": "NZD", "kind": "fixed_price", "status": "planned",
        "price": "9000", "budget_hours": "80:30", "purchase_order": "PO 4711",
        "contact_name": "Maya <Hill>", "contact_email": "maya@hill.test",
    }  # fmt: skip

    page = ann.browser.page(location(ann.browser.post(here, fields)))

    said = text(page)
    assert "Agreed price 9,000.00 NZD" in said
    assert "Remaining 9,000.00 NZD" in said
    assert "80:30 hours" in said
    assert "PO 4711" in said
    assert "Maya <Hill>" in said
    form = ann.browser.page(f"{here}/edit")
    assert form.find("input", {"name": "budget_hours"})["value"] == "80:30"
    assert form.select_one("[name=kind] option[selected]")["value"] == "fixed_price"


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(ann, project):
    here = f"/projects/{project.project_id}"
    ann.browser.page(f"{here}/edit")
    fields = {"name": "App", "currency": "NZD", "purchase_order": "PO 1"}

    page = ann.browser.read(here, {**fields, "budget_hours": "many"}, status=400)
    assert page.find(id="budget_hours-error")
    assert page.find("input", {"name": "purchase_order"})["value"] == "PO 1"
    page = ann.browser.read(here, {**fields, "kind": "fixed_price"}, status=400)
    assert page.find(id="price-error")
    assert projects.get(ann.tenant_id, project.project_id) == project


def test_phases_are_added_moved_and_archived_by_forms(ann, project):
    here = f"/projects/{project.project_id}"
    for name in ("Design", "Build"):
        ann.browser.page(f"{here}/phases/new")
        ann.browser.post(f"{here}/phases", {"name": name, "price": "100"})
    _, build = phases.of_project(ann.tenant_id, project.project_id)

    ann.browser.post(f"/phases/{build}", {"name": "Building", "price": "", "position": "0"})
    ann.browser.post(f"/phases/{build}/archive", {"archived": "true"})

    rows = [row.get_text() for row in ann.browser.page(here).select("section tbody th")]
    assert rows == ["Building Archived", "Design"]
    wrong = {"name": "Building", "price": "1", "position": "first"}
    assert ann.browser.read(f"/phases/{build}", wrong, status=400).find(id="position-error")


def test_a_material_is_added_changed_and_deleted_by_forms(ann, project):
    here = f"/projects/{project.project_id}"
    ann.browser.page(f"{here}/materials/new")
    fields = {
        "kind": "expense", "date": "2026-11-03", "name": "Train <1st>", "quantity": "2",
        "cost": "10", "markup": "10", "billable": "yes",
    }  # fmt: skip
    wrong = ann.browser.read(f"{here}/materials", {**fields, "cost": "ten"}, status=400)
    assert wrong.find(id="cost-error")
    ann.browser.post(f"{here}/materials", fields)

    page = ann.browser.page(here)
    assert "Train <1st>" in text(page)
    assert "11.00 NZD" in text(page)
    link = page.find("a", string="Train <1st>")["href"].removeprefix("http://localhost:8000")
    assert ann.browser.page(link).find("input", {"name": "markup"})["value"] == "10"
    ann.browser.post(link, {**fields, "price": "15.5", "cost": "", "markup": ""})
    assert "15.50 NZD" in text(ann.browser.page(here))
    ann.browser.post(f"{link}/delete", {})
    assert "Train" not in text(ann.browser.page(here))
