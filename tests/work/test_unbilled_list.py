"""What waits to be billed: every piece of work is on an invoice or on this list."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.work import add_time, claims, clients, projects, tasks, unbilled_list
from chalicelib.work.add_time import NewTime
from chalicelib.work.materials import add as materials
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.time_records import Facts

TENANT = "t1"

pytestmark = pytest.mark.usefixtures("aws")


def project(client, name, **facts):
    made = projects.create(TENANT, client.client_id, name, currency="NZD", **facts)
    return made, tasks.create(TENANT, made.project_id, "Design", rate="120")


def track(task, minutes, day=date(2026, 11, 3)):
    return add_time.add(TENANT, NewTime(task.task_id, Facts(day, minutes)))


def use(of, **facts):
    given = {"date": date(2026, 11, 1), "name": "Cable", "quantity": "2", **facts}
    return materials.add(TENANT, NewMaterial(of.project_id, given))


def names(page):
    return [one.project.name for one in page]


@pytest.fixture
def hill():
    return clients.create(TENANT, "Hill Ltd", currency="NZD")


def test_time_and_materials_come_with_their_price_and_oldest_day(hill):
    site, task = project(hill, "Site")
    track(task, 90)
    use(site, price="10.005")
    use(site)

    (one,) = unbilled_list.listing(TENANT)

    assert (one.client, one.time.minutes, one.goods.count) == (
        clients.get(TENANT, hill.client_id),
        90,
        2,
    )
    assert str(one.amount) == "200.01 NZD"
    assert one.oldest == date(2026, 11, 1)
    assert (one.goods.unpriced, one.priced, one.complete) == (1, False, True)


def test_of_a_fixed_price_what_is_left_of_it_counts(hill):
    _, task = project(hill, "Agreed", kind="fixed_price", price="500.00")
    track(task, 600)

    (one,) = unbilled_list.listing(TENANT)

    assert (one.time.minutes, str(one.amount), one.priced) == (600, "500.00 NZD", True)


def test_what_an_invoice_bills_is_not_on_the_list(hill):
    _, task = project(hill, "Site")
    record = track(task, 90)
    claims.claim(TENANT, "i1", [record])
    assert names(unbilled_list.listing(TENANT)) == []

    claims.release(TENANT, "i1")
    assert names(unbilled_list.listing(TENANT)) == ["Site"]


def test_page_by_page_every_project_comes_once_archived_ones_last(hill):
    dale = clients.create(TENANT, "Dale Ltd", currency="NZD")
    for name, whose in (("A", hill), ("B", dale), ("C", hill), ("D", hill)):
        made, task = project(whose, name)
        if name != "C":
            track(task, 60)
        if name == "A":
            projects.change(TENANT, made.project_id, archived=True)

    found, cursor = [], None
    for _ in range(9):
        page = unbilled_list.listing(TENANT, limit=1, cursor=cursor)
        found += names(page)
        cursor = page.next
        if cursor is None:
            break

    assert (found, cursor) == (["B", "D", "A"], None)
    assert names(unbilled_list.listing(TENANT, client_id=hill.client_id)) == ["D", "A"]
    some, whole = unbilled_list.every(TENANT, None, 2)
    assert (names(some), whole) == (["B", "D"], False)
    every, whole = unbilled_list.every(TENANT, None, 9)
    assert (names(every), whole) == (["B", "D", "A"], True)


def test_a_page_ends_early_where_much_work_was_counted(hill, monkeypatch):
    monkeypatch.setattr(unbilled_list, "AT_A_TIME", 1)
    monkeypatch.setattr(unbilled_list, "MOST_PIECES", 2)
    for name in ("A", "B"):
        _, task = project(hill, name)
        for minutes in (30, 60):
            track(task, minutes)

    page = unbilled_list.listing(TENANT)

    assert names(page) == ["A"]
    assert names(unbilled_list.listing(TENANT, cursor=page.next)) == ["B"]


def test_another_tenants_work_is_on_no_list_of_ours(hill):
    _, task = project(hill, "Site")
    track(task, 60)

    assert names(unbilled_list.listing("t2")) == []
    assert names(unbilled_list.listing("t2", client_id=hill.client_id)) == []
    assert unbilled_list.listing(TENANT).items[0].amount.amount == Decimal("120.00")
