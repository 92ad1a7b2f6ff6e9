"""Contacts come in as clients once, whatever happens, and cost a write only when they changed."""

import pytest

from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, JobState, Slice
from chalicelib.errors import InvalidInput, NotConnected
from chalicelib.reference import import_clients
from chalicelib.reference.contacts.ask import KIND, Wish, start
from chalicelib.work import clients
from chalicelib.work.model import Standing
from tests.support.clients import by_contact
from tests.support.imports import Importer, consumed
from tests.support.xero import caller_of


@pytest.fixture
def importer(xero):
    return Importer.connected(xero)


def active_names(importer):
    contacts = importer.books.contacts.all()
    return sorted(one["Name"] for one in contacts if one["ContactStatus"] == "ACTIVE")


def test_contacts_become_clients(importer):
    job = importer.run()
    assert job.state is JobState.DONE, job.message
    assert sorted(client.name for client in importer.clients()) == active_names(importer)
    assert job.progress["created"] == len(importer.clients())
    assert job.progress["done"] == job.progress["total"]
    assert job.progress["done"] == job.progress["created"] + job.progress["skipped"]


def test_an_unchanged_import_is_one_call_and_no_item_written(importer):
    importer.run()
    importer.xero.world.calls.clear()
    with consumed() as written:
        job = importer.run()
    assert importer.calls() == 1
    assert written["work"] == written["reference"] == 0
    assert written["jobs"] > 0
    assert job.progress["created"] == job.progress["updated"] == 0
    assert "Nothing has changed" in job.message


def test_reading_everything_again_writes_no_item_but_how_far_it_was_read(importer):
    importer.run()
    with consumed() as written:
        job = importer.whole()
    assert (written["work"], written["reference"]) == (0, 1)
    assert job.progress["unchanged"] + job.progress["skipped"] == job.progress["total"]


def test_one_changed_contact_writes_its_client_alone(importer):
    importer.run()
    importer.books.rename_contact(importer.contact("Boom FM")["ContactID"], "Boom Radio")
    job = importer.run()
    assert job.progress["updated"] == 1
    assert clients.find("t1", "Boom Radio").contact_id
    assert not clients.find("t1", "Boom FM")


def test_a_client_has_all_that_its_contact_says(importer):
    importer.books.update_contact(
        importer.contact("Ridgeway University"),
        {
            "DefaultCurrency": "EUR",
            "SalesDefaultAccountCode": "200",
            "AccountsReceivableTaxType": "ZERORATED",
            "ContactNumber": "CRM-77",
            "CompanyNumber": "1234567",
            "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "555", "PhoneAreaCode": "021"}],
        },
    )
    importer.run()
    client = clients.find("t1", "Ridgeway University")
    details = client.details
    assert (client.currency, client.account_code, client.tax_type) == (
        *("EUR", "200"),
        "ZERORATED",
    )
    assert (details.contact_number, details.company_number) == ("CRM-77", "1234567")
    assert details.account_number == "AC00000"
    assert details.address("POBOX").lines == ("P O Box 3000",)
    assert details.address("STREET") is None
    assert {(one.kind, one.area, one.number) for one in details.phones} >= {
        ("MOBILE", "021", "555")
    }
    assert details.persons[0].in_emails
    assert (details.payment_terms.day, details.payment_terms.kind) == (20, "OFFOLLOWINGMONTH")


class TestChoosing:
    def test_only_who_is_there_is_updated_when_none_are_to_be_made(self, importer):
        job = importer.run(create=False)
        assert job.progress["created"] == 0
        assert not importer.clients()
        assert sum(job.result["skipped"].values()) == job.progress["skipped"]

    def test_what_is_there_stays_as_it_is_when_none_are_to_be_updated(self, importer):
        importer.run()
        importer.books.rename_contact(importer.contact("Boom FM")["ContactID"], "Boom Radio")
        job = importer.run(update=False)
        assert clients.find("t1", "Boom FM")
        assert job.result["examples"] == {
            "Changed in Xero, and clients that are here are not updated.": ["Boom Radio"]
        }

    def test_what_a_narrower_choice_passed_over_comes_in_with_a_wider_one(self, importer):
        importer.run(customers_only=True)
        narrow = len(importer.clients())
        importer.run(create=True)
        assert 0 < narrow < len(importer.clients()) == len(active_names(importer))

    def test_customers_with_an_address_are_those(self, importer):
        job = importer.run(customers_only=True, with_email=True)
        contacts = importer.books.contacts.by_id
        for client in importer.clients():
            assert contacts[client.contact_id]["IsCustomer"]
            assert client.email
        assert job.result["skipped"]["Not a customer in Xero."] > 0

    def test_a_selection_brings_in_those_and_costs_a_call_for_forty(self, importer):
        wanted = [one["ContactID"] for one in importer.books.contacts.all()][:3]
        job = importer.run(Wish(contact_ids=tuple(wanted)))
        assert importer.calls() == 1
        assert set(by_contact("t1")) == set(wanted)
        assert job.progress["total"] == 3
        assert importer.contacts.reading() is None

    def test_a_selection_is_not_lost_behind_another_import(self, importer):
        first = start(importer.caller)
        wanted = importer.contact("Boom FM")["ContactID"]
        second = start(importer.caller, Wish(contact_ids=(wanted,)))
        assert first.job_id != second.job_id
        importer.work()
        importer.xero.aws.clock.advance(seconds=11)
        importer.work()
        assert importer.client(wanted).name == "Boom FM"

    def test_more_than_a_thousand_are_refused(self, importer):
        with pytest.raises(InvalidInput):
            start(importer.caller, Wish(contact_ids=tuple(str(n) for n in range(1001))))


@pytest.mark.usefixtures("importer")
def test_one_import_of_a_kind_at_a_time():
    first = start(caller_of("t1"))
    assert start(caller_of("t1")).job_id == first.job_id


@pytest.mark.usefixtures("xero")
def test_nothing_is_imported_without_a_connection():
    with pytest.raises(NotConnected):
        start(caller_of("t1"))


def test_an_import_for_books_that_were_left_changes_nothing(importer):
    job = enqueue.job(KIND, "organisation-of-before", "t1")
    now = importer.xero.aws.clock.now
    assert import_clients.handle(job, Slice(now(), now)) == Done(import_clients.ELSEWHERE)
    assert importer.calls() == 0


class TestStanding:
    def test_a_contact_archived_in_xero_archives_its_client_and_back(self, importer):
        importer.run()
        contact_id = importer.contact("Boom FM")["ContactID"]
        importer.books.archive_contact(contact_id)
        importer.run()
        client = importer.client(contact_id)
        assert (client.standing, client.archived) == (Standing.ARCHIVED, True)
        importer.books.restore_contact(contact_id)
        importer.run()
        client = importer.client(contact_id)
        assert (client.standing, client.archived) == (Standing.ACTIVE, False)

    def test_who_a_person_archived_here_stays_archived(self, importer):
        importer.run()
        contact_id = importer.contact("Boom FM")["ContactID"]
        clients.change("t1", importer.client(contact_id).client_id, archived=True)
        importer.books.archive_contact(contact_id)
        importer.run()
        importer.books.restore_contact(contact_id)
        importer.run()
        assert importer.client(contact_id).archived

    def test_who_a_person_brought_back_here_stays_though_archived_in_xero(self, importer):
        importer.run()
        contact_id = importer.contact("Boom FM")["ContactID"]
        importer.books.archive_contact(contact_id)
        importer.run()
        clients.change("t1", importer.client(contact_id).client_id, archived=False)
        importer.books.rename_contact(contact_id, "Boom Radio")
        importer.run()
        client = importer.client(contact_id)
        assert (client.name, client.archived) == ("Boom Radio", False)
        assert client.standing is Standing.ARCHIVED

    def test_a_contact_removed_at_the_persons_request_takes_its_particulars_along(self, importer):
        importer.run()
        contact_id = importer.contact("Ridgeway University")["ContactID"]
        importer.books.erase_contact(contact_id)
        importer.run()
        client = importer.client(contact_id)
        assert (client.standing, client.archived) == (Standing.REMOVED, True)
        assert (client.email, client.details.persons, client.details.first_name) == ("", (), "")

    @pytest.mark.parametrize(
        ("act", "reason"),
        [
            ("archive_contact", "Archived in Xero."),
            ("erase_contact", "Removed in Xero at the person's request."),
        ],
    )
    def test_no_client_is_made_of_who_cannot_be_billed(self, importer, act, reason):
        contact_id = importer.contact("Boom FM")["ContactID"]
        getattr(importer.books, act)(contact_id)
        job = importer.run()
        assert job.result["skipped"][reason] >= 1
        assert contact_id not in by_contact("t1")
        assert not clients.find("t1", "Boom FM")
