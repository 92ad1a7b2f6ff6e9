"""Contacts that are merged away or vanish: followed where it is plain, else a person decides."""

import pytest

from chalicelib.reference.contacts.acts import ask_answer
from chalicelib.reference.contacts.ask import Wish
from chalicelib.reference.contacts.model import Choice
from chalicelib.work.model import Standing
from tests.support.clients import by_contact
from tests.support.imports import Importer


@pytest.fixture
def importer(xero):
    return Importer.connected(xero)


def ids(importer, *names):
    return [importer.contact(name)["ContactID"] for name in names]


def chosen(importer, *names):
    """Only these are clients."""
    importer.run(Wish(contact_ids=tuple(ids(importer, *names))))


def the_decision(importer):
    (found,) = importer.contacts.decisions()
    return found


class TestMerges:
    def test_a_client_follows_its_contact_through_a_chain_of_merges(self, importer):
        chosen(importer, "Boom FM")
        first, second, last = ids(importer, "Boom FM", "Bayside Club", "Rex Media Group")
        client_id = importer.client(first).client_id
        importer.books.merge_contacts(first, second)
        importer.books.merge_contacts(second, last)
        importer.xero.world.calls.clear()
        job = importer.run(Wish(contact_ids=(first,)))
        client = importer.client(last)
        assert (client.client_id, client.name) == (client_id, "Rex Media Group")
        assert client.standing is Standing.ACTIVE
        assert job.progress["updated"] == 1
        assert importer.calls() == 3
        assert list(by_contact("t1")) == [last]

    def test_a_merge_is_no_change_to_xero_and_found_by_a_whole_read(self, importer):
        importer.run(customers_only=True)
        loser = ids(importer, "Boom FM")[0]
        stays = importer.plant("Boom Group")
        importer.books.merge_contacts(loser, stays)
        importer.books.contacts.get(stays)["UpdatedDateUTC"] = importer.contact("Boom FM")[
            "UpdatedDateUTC"
        ]
        client_id = importer.client(loser).client_id
        importer.run(customers_only=True)
        assert importer.client(loser).standing is Standing.ACTIVE
        importer.run(Wish(Choice(create=False), whole=True))
        assert importer.client(stays).client_id == client_id

    def test_two_that_were_merged_into_one_are_not_merged_here(self, importer):
        chosen(importer, "Boom FM", "Bayside Club")
        loser, stays = ids(importer, "Boom FM", "Bayside Club")
        importer.books.merge_contacts(loser, stays)
        job = importer.run(Wish(contact_ids=(loser,)))
        assert len(importer.clients()) == 2
        assert importer.client(loser).standing is Standing.MERGED
        assert job.progress["skipped"] == 1
        decision = the_decision(importer)
        assert (decision.kind, decision.facts.name) == ("merged", "Bayside Club")
        assert decision.client_id == importer.client(loser).client_id
        assert decision.other_id == importer.client(stays).client_id

    def test_asking_again_changes_nothing(self, importer):
        self.test_two_that_were_merged_into_one_are_not_merged_here(importer)
        before = importer.state()
        job = importer.whole()
        assert importer.state()["decisions"].keys() == before["decisions"].keys()
        assert importer.client(ids(importer, "Boom FM")[0]).standing is Standing.MERGED
        assert "waits for your decision" not in " ".join(job.result["skipped"])

    @pytest.mark.parametrize("answer", ["archive", "take_over"])
    def test_a_person_decides_which_of_the_two_goes_on(self, importer, answer):
        self.test_two_that_were_merged_into_one_are_not_merged_here(importer)
        loser, stays = ids(importer, "Boom FM", "Bayside Club")
        lost, other = importer.client(loser), importer.client(stays)
        job = ask_answer(importer.caller, the_decision(importer).decision_id, answer)
        assert job.state == "done", job.message
        assert not list(importer.contacts.decisions())
        clients = {one.client_id: one for one in importer.clients()}
        if answer == "archive":
            assert clients[lost.client_id].archived
            assert clients[other.client_id].contact_id == stays
        else:
            assert clients[lost.client_id].contact_id == stays
            assert clients[lost.client_id].standing is Standing.ACTIVE
            assert clients[other.client_id].contact_id is None
        importer.whole()
        assert {one.kind for one in importer.contacts.decisions()} <= {"match"}

    def test_a_circle_of_merges_ends(self, importer):
        chosen(importer, "Boom FM")
        one, other = ids(importer, "Boom FM", "Bayside Club")
        importer.books.merge_contacts(one, other)
        importer.books.merge_contacts(other, one)
        importer.run(Wish(contact_ids=(one,)))
        assert the_decision(importer).kind == "gone"


class TestMissing:
    def test_a_contact_that_vanished_is_flagged_by_a_whole_read_and_no_other(self, importer):
        importer.run()
        gone = ids(importer, "Boom FM")[0]
        before = importer.client(gone)
        importer.books.vanish_contact(gone)
        importer.run()
        assert importer.client(gone).standing is Standing.ACTIVE
        importer.xero.world.calls.clear()
        job = importer.whole()
        assert importer.calls() == 2
        client = importer.client(gone)
        assert client.standing is Standing.GONE
        assert (client.name, client.archived) == (before.name, False)
        assert sum(one.standing is Standing.GONE for one in importer.clients()) == 1
        assert job.result["examples"]["No longer listed by Xero: waits for your decision."]
        assert the_decision(importer).client_id == client.client_id

    def test_it_is_flagged_once_and_well_again_when_it_is_listed_again(self, importer):
        importer.run()
        contact = importer.contact("Boom FM")
        importer.books.vanish_contact(contact["ContactID"])
        importer.whole()
        importer.xero.world.calls.clear()
        importer.whole()
        assert importer.calls() == 1
        importer.books.contacts.store(contact)
        importer.whole()
        assert importer.client(contact["ContactID"]).standing is Standing.ACTIVE
        assert not list(importer.contacts.decisions())

    def test_nobody_is_flagged_when_most_are_missing(self, importer, monkeypatch):
        monkeypatch.setattr("chalicelib.reference.import_clients.MOST_SUSPECTS", 3)
        importer.run()
        for name in ("Boom FM", "Bayside Club", "City Agency", "Rex Media Group"):
            importer.books.vanish_contact(importer.contact(name)["ContactID"])
        job = importer.whole()
        assert "no client was flagged" in job.message
        assert all(one.standing is Standing.ACTIVE for one in importer.clients())

    @pytest.mark.parametrize("answer", ["archive", "unlink"])
    def test_a_person_decides_what_becomes_of_the_client(self, importer, answer):
        importer.run()
        gone = ids(importer, "Boom FM")[0]
        client_id = importer.client(gone).client_id
        importer.books.vanish_contact(gone)
        importer.whole()
        ask_answer(importer.caller, the_decision(importer).decision_id, answer)
        client = next(one for one in importer.clients() if one.client_id == client_id)
        assert client.archived is (answer == "archive")
        assert (client.contact_id is None) is (answer == "unlink")
        importer.whole()
        assert not list(importer.contacts.decisions())
