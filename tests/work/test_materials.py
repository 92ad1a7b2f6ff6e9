"""Materials: what a unit is billed at, each added once, and none changed while it is billed."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.work import claims, clients, phases, projects
from chalicelib.work.materials import add, find
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.materials.change import change, delete
from chalicelib.work.outcome import Added
from chalicelib.work.rates.prices import Prices

TENANT = "t1"


@pytest.fixture
def project(aws):  # noqa: ARG001  the account must be there first
    client = clients.create(TENANT, "Hill Ltd")
    return projects.create(TENANT, client.client_id, "Website", currency="NZD")


def wanted(project, external_id=None, **facts):
    given = {"date": date(2026, 11, 2), "name": "Cable", "quantity": "12.5", **facts}
    return NewMaterial(project.project_id, given, external_id=external_id)


def added(project, **facts):
    return add.add(TENANT, wanted(project, **facts))


def unbilled(project):
    return find.unbilled(TENANT, [project.project_id]).items


@pytest.mark.parametrize(
    ("facts", "price"),
    [
        ({"price": "4.1234"}, "4.1234"),
        ({"cost": "3.3333", "markup": "15"}, "3.8333"),
        ({"cost": "0.01", "markup": "12.5"}, "0.0113"),
        ({"cost": "3"}, "3.0000"),
        ({"cost": "3", "markup": "50", "price": "9"}, "9.0000"),
        ({}, None),
    ],
)
def test_its_own_price_goes_before_cost_and_markup(project, facts, price):
    made = find.get(TENANT, added(project, **facts).material_id)

    assert Prices(TENANT).of_material(made).amount == (price and Decimal(price))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "1.00001"}, "quantity"),
        ({"quantity": "9999999999", "price": "2"}, "quantity"),
        ({"name": " "}, "name"),
        ({"price": "1.23456"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"cost": "-1"}, "cost"),
        ({"markup": "10"}, "cost"),
        ({"cost": "1", "markup": "10.001"}, "markup"),
        ({"kind": "gift"}, "kind"),
        ({"date": date(1999, 12, 31)}, "date"),
        ({"note": "x" * 4001}, "note"),
    ],
)
def test_what_cannot_be_names_its_field(project, facts, field):
    with pytest.raises(InvalidInput) as refused:
        added(project, **facts)

    assert refused.value.field == field
    assert unbilled(project) == []


def test_one_that_is_sent_again_is_there_once(project):
    sent = [wanted(project, "a"), wanted(project, "b"), wanted(project, "a")]

    states = [one.state for one in add.add_many(TENANT, sent)]
    again = [one.state for one in add.add_many(TENANT, sent)]

    assert states == [Added.CREATED, Added.CREATED, Added.UNCHANGED]
    assert again == [Added.UNCHANGED] * 3
    assert len(unbilled(project)) == 2


def test_what_its_sender_changed_is_taken_over_and_a_correction_here_stays(project):
    (first,) = (one.made for one in add.add_many(TENANT, [wanted(project, "a")]))
    change(TENANT, first.material_id, name="Copper cable")

    assert add.add(TENANT, wanted(project, "a")).name == "Copper cable"
    assert add.add(TENANT, wanted(project, "a", quantity="20")).quantity == 20


def test_a_bad_one_holds_up_no_other(project):
    outcomes = add.add_many(TENANT, [wanted(project, quantity="x"), wanted(project)])

    assert [one.state for one in outcomes] == [Added.REFUSED, Added.CREATED]
    assert outcomes[0].error.field == "quantity"


def test_the_same_id_with_other_contents_is_refused(project):
    outcomes = add.add_many(TENANT, [wanted(project, "a"), wanted(project, "a", quantity="1")])

    assert [one.state for one in outcomes] == [Added.CREATED, Added.REFUSED]


def test_a_billed_one_neither_changes_nor_goes(project):
    made = add.add(TENANT, wanted(project, "a"))
    claims.claim(TENANT, "i1", [made])

    assert unbilled(project) == []
    for act in (
        lambda: change(TENANT, made.material_id, name="Rope"),
        lambda: delete(TENANT, made.material_id),
        lambda: add.add(TENANT, wanted(project, "a", quantity="1")),
    ):
        with pytest.raises(Conflict, match="on an invoice"):
            act()


def test_time_and_materials_of_one_invoice_are_claimed_and_released_together(project):
    first, second = added(project), added(project, name="Rope")
    assert claims.claim(TENANT, "i1", [first]) == []
    assert claims.claim(TENANT, "i2", [first, second]) == [first.material_id]
    assert claims.claimed_materials(TENANT, "i1") == [first.material_id]
    assert claims.claimed(TENANT, "i1") == []

    assert claims.release(TENANT, "i1") == 1
    assert claims.release_some(TENANT, "i2", [first.material_id, second.material_id]) == 1
    assert sorted(one.name for one in unbilled(project)) == ["Cable", "Rope"]


def test_what_is_not_billable_waits_for_no_invoice(project):
    made = added(project, billable=False)

    assert unbilled(project) == []
    assert claims.claim(TENANT, "i1", [made]) == [made.material_id]
    assert len(find.listing(TENANT, [project.project_id]).items) == 1


def test_its_phase_is_of_its_own_project(project):
    phase = phases.create(TENANT, project.project_id, "First")
    other = projects.create(TENANT, project.client_id, "Other", currency="NZD")
    made = added(project)

    assert change(TENANT, made.material_id, phase_id=phase.phase_id).phase_id == phase.phase_id
    with pytest.raises(InvalidInput):
        add.add(TENANT, NewMaterial(other.project_id, wanted(other).facts, phase.phase_id))


def test_another_tenants_material_does_not_exist(project):
    made = added(project)

    with pytest.raises(NotFound):
        find.get("t2", made.material_id)
    assert claims.claim("t2", "i1", [made]) == [made.material_id]
    with pytest.raises(NotFound):
        add.add("t2", wanted(project))
