import itertools
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.errors import Conflict
from chalicelib.work import add_time, claims, clients, projects, tasks, time_records
from chalicelib.work.add_time import NewTime
from chalicelib.work.model import Task
from chalicelib.work.time_records import Facts

TENANT = "t1"


pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def task():
    return make_task()


def make_task(tenant: str = TENANT) -> Task:
    client = clients.create(tenant, "Ridgeway University")
    project = projects.create(tenant, client.client_id, "Website", currency="NZD")
    return tasks.create(tenant, project.project_id, "Design", rate="120")


def records(task: Task, count: int, tenant: str = TENANT):
    day = date(2026, 11, 2)
    wanted = [
        NewTime(task.task_id, Facts(day + timedelta(days=n % 20), 30 + n), external_id=str(n))
        for n in range(count)
    ]
    return [outcome.made for outcome in add_time.add_many(tenant, wanted)]


def unbilled(task: Task, tenant: str = TENANT) -> set[str]:
    found = time_records.unbilled(tenant, [task.project_id], limit=1000)
    return {record.record_id for record in found}


def ids(found) -> set[str]:
    return {record.record_id for record in found}


def test_claimed_records_leave_the_unbilled(task):
    made = records(task, 3)
    assert claims.claim(TENANT, "i1", made[:2]) == []
    assert unbilled(task) == {made[2].record_id}
    assert set(claims.claimed(TENANT, "i1")) == ids(made[:2])


def test_more_than_one_transaction_is_claimed_whole(task):
    made = records(task, 120)
    assert claims.claim(TENANT, "i1", made) == []
    assert set(claims.claimed(TENANT, "i1")) == ids(made)


def test_what_another_invoice_has_is_refused_by_name(task):
    made = records(task, 4)
    claims.claim(TENANT, "i1", made[:2])
    assert claims.claim(TENANT, "i2", made) == [made[0].record_id, made[1].record_id]
    assert set(claims.claimed(TENANT, "i2")) == ids(made[2:])
    assert set(claims.claimed(TENANT, "i1")) == ids(made[:2])


def test_claiming_again_changes_nothing(task):
    made = records(task, 3)
    claims.claim(TENANT, "i1", made[:1])
    assert claims.claim(TENANT, "i1", made) == []
    assert claims.claim(TENANT, "i1", made) == []
    assert set(claims.claimed(TENANT, "i1")) == ids(made)


def test_one_given_twice_is_claimed_once(task):
    made = records(task, 1)
    assert claims.claim(TENANT, "i1", [*made, *made]) == []


def test_a_record_changed_since_it_was_read_is_refused(task):
    made = records(task, 2)
    time_records.change(TENANT, made[0].record_id, minutes=90)
    assert claims.claim(TENANT, "i1", made) == [made[0].record_id]


def test_time_that_is_not_billable_is_refused(task):
    made = records(task, 2)
    changed = time_records.change(TENANT, made[0].record_id, billable=False)
    assert claims.claim(TENANT, "i1", [changed, made[1]]) == [made[0].record_id]


def test_a_record_of_another_tenant_is_refused(task):
    made = records(task, 1)
    assert claims.claim("t2", "i1", made) == [made[0].record_id]
    assert unbilled(task) == ids(made)


def test_released_records_are_unbilled_as_before(task):
    made = records(task, 70)
    claims.claim(TENANT, "i1", made)
    assert claims.release(TENANT, "i1") == 70
    assert {r.record_id: r for r in time_records.by_ids(TENANT, ids(made))} == {
        r.record_id: r for r in made
    }
    assert unbilled(task) == ids(made)
    assert claims.claimed(TENANT, "i1") == []


def test_a_second_release_finds_nothing(task):
    claims.claim(TENANT, "i1", records(task, 2))
    claims.release(TENANT, "i1")
    assert claims.release(TENANT, "i1") == 0


def test_a_release_leaves_other_invoices_alone(task):
    made = records(task, 2)
    claims.claim(TENANT, "i1", made[:1])
    claims.claim(TENANT, "i10", made[1:])
    claims.release(TENANT, "i1")
    assert claims.claimed(TENANT, "i10") == [made[1].record_id]


def test_invoiced_time_neither_changes_nor_goes(task):
    made = records(task, 1)
    claims.claim(TENANT, "i1", made)
    with pytest.raises(Conflict):
        time_records.change(TENANT, made[0].record_id, minutes=1)
    with pytest.raises(Conflict):
        time_records.delete(TENANT, made[0].record_id)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "release", "change"]),
        st.integers(0, 2),
        st.sets(st.integers(0, 5)),
    ),
    max_size=8,
)


TENANTS = itertools.count()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_no_record_is_ever_on_two_invoices_or_lost(acts):
    tenant = f"tenant-{next(TENANTS)}"
    task = make_task(tenant)
    made = records(task, 6, tenant)
    invoices = ["a", "b", "c"]
    for act, number, chosen in acts:
        if act == "claim":
            claims.claim(tenant, invoices[number], [made[n] for n in sorted(chosen)])
        elif act == "release":
            claims.release(tenant, invoices[number])
        else:
            for n in chosen:
                touch(tenant, made[n].record_id)
        held = [claims.claimed(tenant, invoice) for invoice in invoices]
        everywhere = sorted(itertools.chain(*held, unbilled(task, tenant)))
        assert everywhere == sorted(ids(made))


def touch(tenant: str, record_id: str) -> None:
    try:
        time_records.change(tenant, record_id, note="looked at")
    except Conflict:
        return
