"""What a project says of how it is billed, and the phases that it is made of."""

from decimal import Decimal

import pytest
from pynamodb.models import Model

from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.work import clients, keys, phases, projects, tasks
from chalicelib.work.model import ProjectKind, ProjectStatus
from chalicelib.work.store import PhaseRow, ProjectRow

TENANT = "t1"

pytestmark = pytest.mark.usefixtures("aws")

FACTS = {
    "kind": "fixed_price",
    "price": "12000.50",
    "status": "on_hold",
    "budget_minutes": 4800,
    "purchase_order": "PO 4711",
    "contact_name": "Maya Hill",
    "contact_email": "maya@hill.test",
}


@pytest.fixture
def project(aws):  # noqa: ARG001  the account must be there first
    return made(**FACTS)


def made(**facts):
    client = clients.create(TENANT, "Hill Ltd") if not clients.find(TENANT, "Hill Ltd") else None
    client = client or clients.find(TENANT, "Hill Ltd")
    return projects.create(TENANT, client.client_id, "Website", currency="NZD", **facts)


def drawn(row: Model, cents: int) -> None:
    """As if an invoice had billed that much of the price."""
    row.update(actions=[type(row).drawn_cents.set(cents)])


def test_everything_said_is_kept(project):
    kept = projects.get(TENANT, project.project_id)

    assert kept.kind is ProjectKind.FIXED_PRICE
    assert kept.status is ProjectStatus.ON_HOLD
    assert (kept.price, kept.budget_minutes) == (Decimal("12000.50"), 4800)
    assert (kept.purchase_order, kept.contact_email) == ("PO 4711", "maya@hill.test")
    assert (kept.drawn, kept.remaining) == (0, Decimal("12000.50"))
    assert projects.change(TENANT, project.project_id, price=None, kind="time_and_materials")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "fixed_price"}, "price"),
        ({"kind": "gratis"}, "kind"),
        ({"status": "lost"}, "status"),
        ({"price": "-1"}, "price"),
        ({"price": "1.001"}, "price"),
        ({"price": "much"}, "price"),
        ({"budget_minutes": 60, "budget_amount": "1"}, "budget_amount"),
        ({"budget_minutes": -1}, "budget_minutes"),
        ({"contact_email": "maya"}, "contact_email"),
        ({"purchase_order": "x" * 256}, "purchase_order"),
        ({"code": "x" * 51}, "code"),
    ],
)
def test_what_cannot_be_names_its_field(facts, field):
    with pytest.raises(InvalidInput) as refused:
        made(**facts)

    assert refused.value.field == field
    assert projects.listing(TENANT).items == []


def test_a_price_stays_above_what_is_on_invoices(project):
    drawn(ProjectRow(TENANT, f"project#{project.project_id}"), 500_000)

    with pytest.raises(InvalidInput, match="5000 of the price is on invoices"):
        projects.change(TENANT, project.project_id, price="4999.99")
    with pytest.raises(Conflict, match="stays a fixed price"):
        projects.change(TENANT, project.project_id, kind="time_and_materials")
    assert projects.change(TENANT, project.project_id, price="5000.00").remaining == 0


def test_a_price_that_is_billed_at_that_moment_is_not_changed(project, monkeypatch):
    def billed_meanwhile(value):
        drawn(ProjectRow(TENANT, f"project#{project.project_id}"), 500_000)
        return Decimal(value)

    monkeypatch.setitem(projects.CHECKS, "price", billed_meanwhile)
    with pytest.raises(Conflict):
        projects.change(TENANT, project.project_id, price="10.00")


@pytest.mark.usefixtures("project")
def test_projects_are_found_by_status():
    assert [one.name for one in projects.listing(TENANT, status="on_hold")] == ["Website"]
    assert projects.listing(TENANT, status="completed").items == []


def test_phases_come_in_their_order(project):
    design, build = (
        phases.create(TENANT, project.project_id, name, price="100.00")
        for name in ("Design", "Build")
    )
    phases.change(TENANT, build.phase_id, position=0)

    found = phases.of_project(TENANT, project.project_id)

    assert list(found) == [build.phase_id, design.phase_id]
    assert found[design.phase_id].price == 100


def test_a_task_belongs_to_a_phase_of_its_own_project(project):
    phase = phases.create(TENANT, project.project_id, "Design")
    task = tasks.create(TENANT, project.project_id, "Sketch", phase_id=phase.phase_id)
    other = made()

    assert tasks.get(TENANT, task.task_id).phase_id == phase.phase_id
    with pytest.raises(InvalidInput):
        tasks.create(TENANT, other.project_id, "Sketch", phase_id=phase.phase_id)
    assert tasks.change(TENANT, task.task_id, phase_id=None).phase_id is None


def test_a_phase_in_use_is_archived_and_an_idle_one_goes(project):
    idle, used = (phases.create(TENANT, project.project_id, name) for name in ("Idle", "Used"))
    tasks.create(TENANT, project.project_id, "Sketch", phase_id=used.phase_id)

    phases.delete(TENANT, idle.phase_id)
    with pytest.raises(Conflict):
        phases.delete(TENANT, used.phase_id)
    with pytest.raises(NotFound):
        phases.get(TENANT, idle.phase_id)
    assert phases.change(TENANT, used.phase_id, archived=True).archived


def test_a_phases_price_stays_above_what_is_on_invoices(project):
    phase = phases.create(TENANT, project.project_id, "Design", price="100.00")
    drawn(PhaseRow(TENANT, keys.phase_sk(phase.phase_id)), 6_000)

    with pytest.raises(InvalidInput):
        phases.change(TENANT, phase.phase_id, price="59.99")
    with pytest.raises(Conflict):
        phases.delete(TENANT, phase.phase_id)


def test_another_tenants_phase_does_not_exist(project):
    phase = phases.create(TENANT, project.project_id, "Design")

    with pytest.raises(NotFound):
        phases.get("t2", phase.phase_id)
    with pytest.raises(NotFound):
        phases.change("t2", phase.phase_id, name="Mine")
