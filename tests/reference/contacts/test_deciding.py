"""A contact that may be a client waits for a person, who decides once; nothing is merged."""

import pytest

from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict, InvalidInput, NotConnected, NotFound
from chalicelib.reference.contacts.acts import (
    ask_accept_exact,
    ask_answer,
    ask_link,
    ask_unlink,
)
from chalicelib.reference.contacts.ask import Wish
from chalicelib.work import clients, projects
from tests.support.clients import by_contact
from tests.support.imports import Importer
from tests.support.xero import caller_of


@pytest.fixture
def importer(xero):
    return Importer.connected(xero)


@pytest.fixture
def waiting(importer):
    """Boom FM is here under another spelling, and an import has met the contact."""
    client = clients.create("t1", "boom f.m.", currency="NZD")
    importer.run()
    return client


def decisions(importer):
    return {one.facts.name: one for one in importer.contacts.decisions()}


def settled(job):
    assert job.state is JobState.DONE, job.message
    return job


def test_a_near_identical_name_is_proposed_and_never_merged(importer, waiting):
    decision = decisions(importer)["Boom FM"]
    assert [one.client_id for one in decision.candidates] == [waiting.client_id]
    assert [str(kind) for kind in decision.candidates[0].evidence] == ["name"]
    assert importer.contact("Boom FM")["ContactID"] not in by_contact("t1")
    assert clients.get("t1", waiting.client_id) == waiting
    assert sum("boom" in one.name.casefold() for one in importer.clients()) == 1


def test_near_identical_names_in_xero_are_clients_each(importer):
    importer.run()
    acmes = [one for one in importer.clients() if one.name.startswith("Acme")]
    assert sorted(one.name for one in acmes) == ["Acme Ltd", "Acme Ltd.", "Acme, Ltd"]
    assert len({one.contact_id for one in acmes}) == 3


def test_one_client_that_three_contacts_may_be_is_asked_about_three_times(importer):
    client = clients.create("t1", "ACME LTD")
    job = importer.run()
    assert sorted(decisions(importer)) == ["Acme Ltd", "Acme Ltd.", "Acme, Ltd"]
    assert job.result["skipped"][
        "Waits for your decision: it may be a client that is here already."
    ]
    settled(ask_accept_exact(importer.caller))
    assert len(decisions(importer)) == 3
    ask_answer(
        importer.caller, decisions(importer)["Acme Ltd."].decision_id, "same", client.client_id
    )
    importer.whole()
    assert sorted(one.name for one in importer.clients() if "Acme" in one.name) == [
        *("Acme Ltd", "Acme Ltd.", "Acme, Ltd"),
    ]
    assert clients.get("t1", client.client_id).name == "Acme Ltd."
    assert not decisions(importer)


def test_the_same_becomes_linked_and_in_step(importer, waiting):
    decision = decisions(importer)["Boom FM"]
    settled(ask_answer(importer.caller, decision.decision_id, "same", waiting.client_id))
    client = clients.get("t1", waiting.client_id)
    assert client.name == "Boom FM"
    assert client.contact_id == importer.contact("Boom FM")["ContactID"]
    assert client.email
    assert not decisions(importer)
    before = importer.state()
    importer.whole()
    assert importer.state()["clients"] == before["clients"]


def test_none_of_them_is_remembered_and_becomes_a_client_of_its_own(importer, waiting):
    decision = decisions(importer)["Boom FM"]
    settled(ask_answer(importer.caller, decision.decision_id, "none"))
    made = importer.client(importer.contact("Boom FM")["ContactID"])
    assert made.client_id != waiting.client_id
    assert clients.get("t1", waiting.client_id) == waiting
    importer.whole()
    assert not decisions(importer)
    assert importer.client(made.contact_id).client_id == made.client_id


def test_who_is_left_out_stays_out_until_somebody_chooses_it(importer, waiting):
    settled(ask_answer(importer.caller, decisions(importer)["Boom FM"].decision_id, "leave_out"))
    contact_id = importer.contact("Boom FM")["ContactID"]
    job = importer.whole()
    assert job.result["skipped"]["Left out, since somebody unlinked it."] == 1
    assert contact_id not in by_contact("t1")
    importer.run(Wish(contact_ids=(contact_id,)))
    assert decisions(importer)["Boom FM"]
    ask_answer(importer.caller, decisions(importer)["Boom FM"].decision_id, "none")
    assert importer.client(contact_id).client_id != waiting.client_id


def test_a_question_goes_away_with_its_reason(importer, waiting):
    clients.change("t1", waiting.client_id, name="Something else")
    importer.whole()
    assert not decisions(importer)
    assert importer.client(importer.contact("Boom FM")["ContactID"])


def test_certain_ones_are_linked_by_one_click_and_no_others(importer):
    sure = clients.create("t1", "Boom FM")
    clients.create("t1", "rex media group")
    number = importer.contact("City Agency")["AccountNumber"]
    also = clients.create("t1", "CITY agency", account_number=number)
    importer.run()
    job = settled(ask_accept_exact(importer.caller))
    assert job.message == "2 clients are linked."
    assert list(decisions(importer)) == ["Rex Media Group"]
    assert {sure.client_id, also.client_id} < {one.client_id for one in by_contact("t1").values()}
    assert ask_accept_exact(importer.caller).message == "0 clients are linked."


def test_answers_have_to_fit(importer, waiting):
    decision_id = decisions(importer)["Boom FM"].decision_id
    for answer, client_id in (("archive", ""), ("same", ""), ("same", "nobody"), ("perhaps", "")):
        with pytest.raises(InvalidInput):
            ask_answer(importer.caller, decision_id, answer, client_id)
    with pytest.raises(NotFound):
        ask_answer(importer.caller, "match.nothing", "none")
    assert decisions(importer)["Boom FM"].candidates[0].client_id == waiting.client_id


@pytest.mark.usefixtures("xero")
def test_without_a_connection_nothing_is_decided():
    with pytest.raises(NotConnected):
        ask_accept_exact(caller_of("t1"))


class TestLinking:
    def test_a_client_is_linked_unlinked_and_linked_again(self, importer):
        client = clients.create("t1", "Walkers")
        contact_id = importer.contact("Boom FM")["ContactID"]
        settled(ask_link(importer.caller, client.client_id, contact_id))
        assert clients.get("t1", client.client_id).name == "Boom FM"
        settled(ask_link(importer.caller, client.client_id, contact_id))
        settled(ask_unlink(importer.caller, client.client_id))
        loose = clients.get("t1", client.client_id)
        assert (loose.contact_id, loose.standing, loose.name) == (None, None, "Boom FM")
        importer.whole()
        assert contact_id not in by_contact("t1")
        settled(ask_link(importer.caller, client.client_id, contact_id))
        assert importer.client(contact_id).client_id == client.client_id
        importer.whole()
        assert importer.client(contact_id).client_id == client.client_id

    def test_what_xero_has_the_say_in_is_refused_while_linked(self, importer):
        importer.run()
        client = importer.client(importer.contact("Boom FM")["ContactID"])
        for change in ({"name": "X"}, {"email": "x@y.z"}, {"tax_number": "1"}, {"phones": ()}):
            with pytest.raises(Conflict) as refusal:
                clients.change("t1", client.client_id, **change)
            assert refusal.value.field in change
        assert clients.change("t1", client.client_id, currency="EUR").currency == "EUR"
        ask_unlink(importer.caller, client.client_id)
        assert clients.change("t1", client.client_id, name="X").name == "X"

    def test_a_contact_is_one_clients_and_a_client_has_one_contact(self, importer):
        chosen = [importer.contact(name)["ContactID"] for name in ("Boom FM", "City Agency")]
        importer.run(Wish(contact_ids=tuple(chosen)))
        mine, other = (importer.client(one) for one in chosen)
        loose = clients.create("t1", "Walkers")
        for client_id, contact_id in (
            (loose.client_id, chosen[0]),
            (mine.client_id, other.contact_id),
        ):
            with pytest.raises(Conflict):
                ask_link(importer.caller, client_id, contact_id)
        assert {one.client_id for one in by_contact("t1").values()} == {
            mine.client_id,
            other.client_id,
        }

    def test_no_client_is_linked_to_a_contact_that_takes_no_invoice(self, importer):
        client = clients.create("t1", "Walkers")
        for contact_id, said in (
            (importer.contact("Old Mill Bakery")["ContactID"], "archived"),
            ("4ed1b1d2-1111-4222-8333-444455556666", "does not list"),
        ):
            job = ask_link(importer.caller, client.client_id, contact_id)
            assert job.state is JobState.FAILED
            assert said in job.message
        assert clients.get("t1", client.client_id).contact_id is None

    def test_another_tenants_client_is_not_there(self, importer):
        other = clients.create("t2", "Theirs")
        for act in (
            lambda: ask_link(importer.caller, other.client_id, "c"),
            lambda: ask_unlink(importer.caller, other.client_id),
        ):
            with pytest.raises(NotFound):
                act()

    def test_a_client_with_work_keeps_it_when_it_is_linked(self, importer):
        client = clients.create("t1", "Walkers", currency="NZD")
        projects.create("t1", client.client_id, "Path")
        ask_link(importer.caller, client.client_id, importer.contact("Boom FM")["ContactID"])
        assert clients.get("t1", client.client_id).in_use
        assert [one.name for one in projects.listing("t1", client_id=client.client_id)] == [
            "Path"
        ]
