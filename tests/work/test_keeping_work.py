from decimal import Decimal

import pytest

from chalicelib.connection.model import Connection
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.work import clients, projects, tasks
from chalicelib.work.currencies import clean_currency

pytestmark = pytest.mark.usefixtures("aws")
T = "t1"


@pytest.fixture
def client():
    return clients.create(T, "Boom FM", currency="NZD")


@pytest.fixture
def project(client):
    return projects.create(T, client.client_id, "App")


def test_a_second_client_of_the_same_name_is_refused(client):
    with pytest.raises(Conflict, match="Boom FM"):
        clients.create(T, "BOOM  F.M.")
    clients.change(T, client.client_id, archived=True)
    assert clients.create(T, "BOOM FM").client_id != client.client_id


def test_of_two_namesakes_the_one_linked_to_xero_is_found(client):
    linked = clients.create(T, "Boom  FM", client_id="zzz")
    clients.change(T, linked.client_id, contact_id="c1")
    assert clients.find(T, "boom fm").client_id == "zzz"
    clients.change(T, linked.client_id, archived=True)
    assert clients.find(T, "boom fm").client_id == client.client_id


def test_lists_are_in_order_of_names_and_paged():
    names = ["café", "Bar", "Éclair", "alpha", "Delta"]
    for name in names:
        clients.create(T, name)
    seen, cursor = [], None
    while True:
        page = clients.listing(T, limit=2, cursor=cursor)
        seen += [one.name for one in page]
        cursor = page.next
        if cursor is None:
            break
    assert seen == ["alpha", "Bar", "café", "Delta", "Éclair"]


@pytest.mark.parametrize("cursor", ["x", "####", "WzFd", "WyJhIl0", "é"])
def test_a_made_up_cursor_is_refused(cursor):
    with pytest.raises(InvalidInput):
        clients.listing(T, cursor=cursor)


def test_a_cursor_of_another_tenant_shows_nothing_of_it():
    for name in ("A", "B", "C"):
        clients.create("t2", name)
    theirs = clients.listing("t2", limit=1).next
    assert clients.listing(T, cursor=theirs).items == []


def test_a_search_ignores_case_and_accents():
    clients.create(T, "Ngāi Tāhu Café")
    clients.create(T, "Boom FM")
    assert [one.name for one in clients.listing(T, search="CAFÉ")] == ["Ngāi Tāhu Café"]
    assert len(clients.listing(T, search=" ").items) == 2


def test_a_rename_moves_the_client_in_its_list(client):
    clients.create(T, "Middle")
    clients.change(T, client.client_id, name="Zoom FM")
    assert [one.name for one in clients.listing(T)] == ["Middle", "Zoom FM"]
    assert clients.find(T, "boom fm") is None


def test_what_has_something_under_it_is_archived_not_deleted(client, project):
    task = tasks.create(T, project.project_id, "Design")
    for delete, one in (
        (clients.delete, client.client_id),
        (projects.delete, project.project_id),
    ):
        with pytest.raises(Conflict, match="Archive"):
            delete(T, one)
    tasks.delete(T, task.task_id)
    with pytest.raises(NotFound):
        tasks.get(T, task.task_id)


def test_a_client_of_xero_is_not_deleted(client):
    clients.change(T, client.client_id, contact_id="c1")
    with pytest.raises(Conflict):
        clients.delete(T, client.client_id)
    assert clients.get(T, client.client_id).contact_id == "c1"


def test_nothing_is_made_under_what_is_not_there():
    with pytest.raises(NotFound):
        projects.create(T, "none", "App", currency="NZD")
    with pytest.raises(NotFound):
        tasks.create(T, "none", "Design")


def test_nothing_of_another_tenant_is_found(client, project):
    with pytest.raises(NotFound):
        clients.get("t2", client.client_id)
    with pytest.raises(NotFound):
        projects.change("t2", project.project_id, name="Mine")
    with pytest.raises(NotFound):
        projects.create("t2", client.client_id, "Mine", currency="NZD")


def test_a_project_takes_the_currency_of_its_client_then_of_the_organisation(client):
    assert projects.create(T, client.client_id, "App").currency == "NZD"
    bare = clients.create(T, "City Agency")
    assert Connection(T).base_currency == ""
    with pytest.raises(InvalidInput) as refused:
        projects.create(T, bare.client_id, "App")
    assert refused.value.field == "currency"
    assert projects.create(T, bare.client_id, "App", currency="aud").currency == "AUD"


def test_a_project_keeps_its_currency_once_it_has_tasks(project):
    assert projects.change(T, project.project_id, currency="USD").currency == "USD"
    tasks.create(T, project.project_id, "Design")
    with pytest.raises(Conflict):
        projects.change(T, project.project_id, currency="EUR")


def test_projects_of_a_client_are_listed_alone(client, project):
    other = clients.create(T, "City Agency", currency="NZD")
    projects.create(T, other.client_id, "Booking")
    assert [p.name for p in projects.listing(T, client_id=client.client_id)] == ["App"]
    assert projects.ids(T, client.client_id) == [project.project_id]
    assert len(projects.ids(T)) == 2


@pytest.mark.parametrize(
    ("rate", "kept"), [("120", "120.0000"), ("0", "0.0000"), ("99.1234", "99.1234"), ("", None)]
)
def test_a_rate_has_four_decimals(project, rate, kept):
    task = tasks.create(T, project.project_id, "Design", rate=rate)
    assert tasks.get(T, task.task_id).rate == (None if kept is None else Decimal(kept))


@pytest.mark.parametrize("rate", ["-1", "1.00001", "NaN", "Infinity", "1e30", "abc"])
def test_a_rate_that_cannot_be_agreed_is_refused(project, rate):
    with pytest.raises(InvalidInput) as refused:
        tasks.create(T, project.project_id, "Design", rate=rate)
    assert refused.value.field == "rate"


@pytest.mark.parametrize("text", ["NZ", "NZDX", "N1D", "€€€"])
def test_a_currency_is_three_letters(text):
    with pytest.raises(InvalidInput):
        clean_currency(text)
