"""Staff: one of a name, known by names of before, and by what a record says of them."""

from datetime import date

import pytest

from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.work import add_time, clients, projects, tasks, time_records
from chalicelib.work.add_time import NewTime
from chalicelib.work.rates import make as rates
from chalicelib.work.staff import store
from chalicelib.work.staff.change import change
from chalicelib.work.staff.make import make
from chalicelib.work.staff.remove import remove
from chalicelib.work.time_records import Facts

T = "tenant-1"
ANN = Caller(T, "user:ann", "Ann", EVERYTHING)


@pytest.fixture
def dev(aws):  # noqa: ARG001  the tables must be there
    return make(ANN, "Dev Patel", email="dev@acme.test", external_id="harvest-7")


@pytest.fixture
def task(aws):  # noqa: ARG001  as above
    client = clients.create(T, "Boom FM", currency="NZD")
    project = projects.create(T, client.client_id, "App")
    return tasks.create(T, project.project_id, "Drawing", rate="100")


def record(task, staff):
    facts = Facts(date(2026, 11, 3), 60, staff)
    return add_time.add(T, NewTime(task.task_id, facts))


class TestFinding:
    @pytest.mark.parametrize(
        ("said", "facts"),
        [
            ("Dev Patel", {}),
            ("  dev   PATEL. ", {}),
            ("dev@acme.test", {}),
            ("Somebody", {"email": "Dev@Acme.test"}),
            ("Somebody", {"external_id": "harvest-7"}),
        ],
    )
    def test_by_name_address_or_id_of_another_system(self, dev, said, facts):
        assert store.roll(T).find(said, **facts) == dev

    def test_by_a_name_of_before(self, dev):
        change(ANN, dev.staff_id, name="Dev Kumar")
        assert store.roll(T).find("Dev Patel").staff_id == dev.staff_id
        assert store.roll(T).find("Dev Kumar").staff_id == dev.staff_id

    def test_somebody_at_work_goes_before_an_archived_namesake(self, dev):
        change(ANN, dev.staff_id, archived=True)
        new = make(ANN, "Dev Patel")
        assert store.roll(T).find("Dev Patel") == new

    @pytest.mark.usefixtures("dev")
    @pytest.mark.parametrize("said", ["", "Bo", "bo@acme.test"])
    def test_nobody_is_made_up(self, said):
        assert store.roll(T).find(said) is None


class TestKeeping:
    @pytest.mark.usefixtures("dev")
    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"name": "DEV PATEL"}, "name"),
            ({"name": "Bo", "email": "DEV@acme.test"}, "email"),
            ({"name": "Bo", "external_id": "harvest-7"}, "external_id"),
        ],
    )
    def test_two_cannot_be_told_apart_and_the_second_is_refused(self, facts, field):
        with pytest.raises(Conflict) as refused:
            make(ANN, **facts)
        assert refused.value.field == field

    def test_a_staff_rate_is_one_for_staff(self, dev):
        card = rates.make(ANN, "task", "Design", currency="NZD", amount="1")
        with pytest.raises(InvalidInput) as refused:
            change(ANN, dev.staff_id, rate_id=card.rate_id)
        assert refused.value.field == "rate_id"

    def test_who_never_had_time_is_removed(self, dev):
        remove(ANN, dev.staff_id)
        with pytest.raises(NotFound):
            store.get(T, dev.staff_id)

    def test_who_had_time_is_archived_instead(self, dev, task):
        assert record(task, "dev patel").staff_id == dev.staff_id
        with pytest.raises(Conflict):
            remove(ANN, dev.staff_id)
        change(ANN, dev.staff_id, archived=True)
        assert list(store.listing(T)) == []

    def test_another_tenants_staff_are_not_there(self, dev, task):
        theirs = Caller("tenant-2", "user:bob", "Bob", EVERYTHING)
        with pytest.raises(NotFound):
            change(theirs, dev.staff_id, name="Bo")
        assert store.roll("tenant-2").everybody == ()
        assert task


def test_a_record_that_is_given_to_somebody_else_is_theirs(dev, task):
    bo = make(ANN, "Bo")
    made = record(task, "Dev Patel")
    changed = time_records.change(T, made.record_id, staff="Bo")
    assert (made.staff_id, changed.staff_id) == (dev.staff_id, bo.staff_id)
    assert time_records.change(T, made.record_id, staff="Nobody").staff_id is None
