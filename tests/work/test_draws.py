"""Parts of a fixed price on invoices: never more than it together, and all given back."""

import itertools
from contextlib import suppress
from decimal import Decimal

import pytest

from chalicelib.errors import InvalidInput
from chalicelib.work import clients, draws, phases, projects
from chalicelib.work.fixed_price import Draw, Overdrawn
from tests.support.power import Power, PowerCut

TENANT = "t1"
READ = projects.get


@pytest.fixture
def project(aws):  # noqa: ARG001  the account must be there first
    client = clients.create(TENANT, "Hill Ltd")
    return projects.create(
        TENANT, client.client_id, "Website", currency="NZD", kind="fixed_price", price="1000.00"
    )


def drawn(project):
    return projects.get(TENANT, project.project_id).drawn


def draw(project, invoice, amount=None, phase=None):
    wanted = None if amount is None else Decimal(amount)
    phase_id = phase.phase_id if phase else ""
    return draws.draw(TENANT, invoice, project.project_id, phase_id, wanted).amount


def read_early(monkeypatch, before):
    """The next read answers as it would have before what was just done."""
    answers = itertools.chain([before], itertools.repeat(None))
    monkeypatch.setattr(projects, "get", lambda *ids: next(answers) or READ(*ids))


def test_parts_add_up_to_the_price_and_no_further(project):
    assert draw(project, "i1", "300.10") == Decimal("300.10")
    assert draw(project, "i2", "699.90") == Decimal("699.90")
    with pytest.raises(Overdrawn, match="Nothing is left of the price of Website"):
        draw(project, "i3", "0.01")
    assert drawn(project) == 1000


def test_the_rest_is_what_is_left(project):
    draw(project, "i1", "999.99")

    assert draw(project, "i2") == Decimal("0.01")
    with pytest.raises(Overdrawn):
        draw(project, "i3")


def test_more_than_is_left_says_how_much_that_is(project):
    draw(project, "i1", "250")

    with pytest.raises(Overdrawn, match=r"750\.00 NZD is left") as refused:
        draw(project, "i2", "750.01")

    assert refused.value.remaining == 750
    assert drawn(project) == 250


def test_drawing_again_for_an_invoice_changes_nothing(project):
    assert draw(project, "i1", "250") == 250
    assert draw(project, "i1", "300") == 250
    assert drawn(project) == 250


def test_a_phase_has_a_price_within_the_projects(project):
    small = phases.create(TENANT, project.project_id, "Small", price="100")
    large = phases.create(TENANT, project.project_id, "Large", price="950")
    open_end = phases.create(TENANT, project.project_id, "Open")

    assert draw(project, "i1", phase=small) == 100
    with pytest.raises(Overdrawn, match="Website, Small"):
        draw(project, "i2", "1", phase=small)
    assert draw(project, "i3", phase=large) == 900
    with pytest.raises(Overdrawn):
        draw(project, "i4", "1", phase=open_end)
    assert phases.get(TENANT, large.phase_id).drawn == 900


def test_what_is_given_back_can_be_billed_again(project):
    phase = phases.create(TENANT, project.project_id, "Small", price="100")
    draw(project, "i1", "400")
    draw(project, "i1", "60", phase=phase)

    assert draws.release(TENANT, "i1", Draw(project.project_id, phase.phase_id, 0)) == 60
    assert draws.release(TENANT, "i1") == 400
    assert draws.release(TENANT, "i1") == 0
    assert drawn(project) == 0
    assert phases.get(TENANT, phase.phase_id).drawn == 0
    assert draw(project, "i2") == 1000


def test_a_price_that_shrank_since_it_was_read_is_not_overdrawn(project, monkeypatch):
    before = projects.get(TENANT, project.project_id)
    projects.change(TENANT, project.project_id, price="100.00")
    read_early(monkeypatch, before)

    with pytest.raises(Overdrawn, match=r"100\.00 NZD"):
        draw(project, "i1", "500")


def test_a_price_below_what_is_drawn_is_refused(project):
    draw(project, "i1", "500")

    with pytest.raises(InvalidInput):
        projects.change(TENANT, project.project_id, price="499.99")


def test_of_two_who_read_the_same_rest_one_gets_it(project, monkeypatch):
    before = projects.get(TENANT, project.project_id)
    draw(project, "i1", "600")
    read_early(monkeypatch, before)

    with pytest.raises(Overdrawn, match=r"400\.00 NZD is left"):
        draw(project, "i2", "600")
    read_early(monkeypatch, before)
    assert draw(project, "i3") == 400
    assert drawn(project) == 1000


def test_dying_at_any_write_counts_what_is_held_and_nothing_else(project):
    power = Power()
    for write, after in itertools.product((1, 2), (False, True)):
        power.cut_at(write, after=after)
        with suppress(PowerCut):
            draw(project, "i1", "300")
            draws.release(TENANT, "i1")
        power.restore()
        held = sum(one.amount for one in draws.of_invoice(TENANT, "i1"))
        assert held == drawn(project)
        draws.release(TENANT, "i1")
        assert drawn(project) == 0
