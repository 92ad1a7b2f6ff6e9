"""Clients come in once, whatever happens, and cost a write only when they changed."""

from datetime import timedelta

import pytest

from chalicelib.dispatch import drain
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import JobState, Slice
from chalicelib.errors import NotConnected
from chalicelib.reference import import_clients
from chalicelib.work import clients
from tests.support.xero import caller_of

CONTACTS = "/api.xro/2.0/Contacts"


@pytest.fixture
def made(xero):
    connection = xero.connect()
    xero.world.calls.clear()
    return connection


def import_all(xero, made):
    job = import_clients.start(caller_of("t1"))
    drain.drain(made.organisation_id, deadline=xero.aws.clock.now() + timedelta(seconds=30))
    return jobs.get(job.lane, job.name)


def books_of(xero, made):
    return xero.world.organisations[made.organisation_id].books


def active_names(xero, made):
    contacts = books_of(xero, made).contacts.all()
    return sorted(one["Name"] for one in contacts if one["ContactStatus"] == "ACTIVE")


def names_here():
    return sorted(client.name for client in clients.by_contact("t1").values())


def test_contacts_become_clients(xero, made):
    job = import_all(xero, made)
    assert job.state is JobState.DONE, job.message
    assert names_here() == active_names(xero, made)
    assert job.progress["created"] == len(names_here())
    assert job.progress["done"] == job.progress["total"]


def test_an_unchanged_import_is_one_call_and_writes_no_client(xero, made):
    import_all(xero, made)
    before = clients.by_contact("t1")
    xero.world.calls.clear()
    job = import_all(xero, made)
    assert xero.calls("GET", CONTACTS) == 1
    assert job.progress["created"] == job.progress["updated"] == 0
    assert clients.by_contact("t1") == before


def test_a_changed_contact_updates_its_client(xero, made):
    import_all(xero, made)
    contact_id, client = next(iter(clients.by_contact("t1").items()))
    books_of(xero, made).rename_contact(contact_id, "Renamed Ltd")
    job = import_all(xero, made)
    assert job.progress["updated"] == 1
    assert clients.get("t1", client.client_id).name == "Renamed Ltd"


def test_a_contact_archived_in_xero_archives_its_client(xero, made):
    import_all(xero, made)
    contact_id, client = next(iter(clients.by_contact("t1").items()))
    books_of(xero, made).archive_contact(contact_id)
    import_all(xero, made)
    assert clients.get("t1", client.client_id).archived


def test_an_archived_contact_that_is_new_is_left_out_with_the_reason(xero, made):
    contact_id = books_of(xero, made).contacts.all()[0]["ContactID"]
    books_of(xero, made).archive_contact(contact_id)
    job = import_all(xero, made)
    assert job.progress["skipped"] >= 1
    assert job.result["skipped"]["Archived in Xero."] >= 1
    assert contact_id not in clients.by_contact("t1")


@pytest.mark.parametrize(
    "name",
    [
        'Ben & Jerry\'s "R&D"; DROP',
        "&lt;b&gt;Bold&lt;/b&gt;",
        "N" * 255,
        "🦆 Quack & Söhne",
        "شركة النخيل",
    ],
)
def test_names_survive_as_they_are(xero, made, name):
    contact_id = books_of(xero, made).contacts.all()[0]["ContactID"]
    books_of(xero, made).rename_contact(contact_id, name)
    import_all(xero, made)
    assert clients.by_contact("t1")[contact_id].name == name


class TestManyContacts:
    @pytest.fixture
    def many(self, xero):
        users = tuple(xero.world.users.values())
        xero.world.add_organisation("NZ", "Many Contacts", users, contacts=2500)
        connection = xero.connect(organisation="Many Contacts")
        xero.world.calls.clear()
        return connection

    def test_come_in_pages_of_a_thousand(self, xero, many):
        total = len(books_of(xero, many).contacts.all())
        import_all(xero, many)
        assert xero.calls("GET", CONTACTS) == -(-total // 1000)
        assert names_here() == active_names(xero, many)

    def test_a_stop_at_any_page_ends_the_same(self, xero, many):
        job = import_clients.start(caller_of("t1"))
        steps = 0
        over = Slice(xero.aws.clock.now(), xero.aws.clock.now)
        while True:
            # What a worker that died would leave: the job as it was stored after the last page.
            job = jobs.get(job.lane, job.name)
            step = import_clients.handle(job, over)
            steps += 1
            if type(step).__name__ == "Done":
                break
            if steps % 2:
                jobs.update(job)
        assert steps > 3
        assert names_here() == active_names(xero, many)


@pytest.mark.usefixtures("made")
def test_one_import_at_a_time(xero):
    first = import_clients.start(caller_of("t1"))
    again = import_clients.start(caller_of("t1"))
    assert again.job_id == first.job_id
    assert xero.calls("GET", CONTACTS) == 0


@pytest.mark.usefixtures("xero")
def test_nothing_is_imported_without_a_connection():
    with pytest.raises(NotConnected):
        import_clients.start(caller_of("t1"))
