"""Going over to another organisation, and back."""

from datetime import timedelta

import pytest

from chalicelib.audit import trail
from chalicelib.connection import authorise, disconnect, features, grants, pending, store, switch
from chalicelib.connection.features import Feature
from chalicelib.connection.grants import GrantRow
from chalicelib.connection.model import ConnectionState, OrganisationTaken
from chalicelib.dispatch import drain, enqueue
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import JobState, tenant_lane
from chalicelib.errors import Conflict, NotAllowed
from chalicelib.people.caller import Caller, Scope
from chalicelib.reference import import_codes, mapping
from chalicelib.reference import store as reference
from chalicelib.reference.model import Mapping
from tests.support.xero import DEMO, SECOND, caller_of, session_of

AU, UK = "Demo Company (AU)", "Demo Company (UK)"
ANN = caller_of("t1")


@pytest.fixture
def first(xero):
    return xero.connect()


def choose(xero, organisation=AU, **facts):
    xero.aws.clock.advance(seconds=1)
    return xero.connect(organisation=organisation, **facts)


def work(xero, lane=None):
    stop = xero.aws.clock.now() + timedelta(seconds=20)
    drain.drain(lane or tenant_lane("t1"), deadline=stop)


def linked(xero):
    names = {one.tenant_id: one.name for one in xero.world.organisations.values()}
    return sorted(names[one.tenant_id] for one in xero.world.connections.values())


def accepts(xero, user):
    row = grants.read(user)
    return row is not None and xero.accepts(row.refresh_token())


class TestAsking:
    def test_nothing_changes_before_a_person_confirms(self, xero, first):
        waiting = choose(xero)
        assert (waiting.state, waiting.organisation_name) == (ConnectionState.PENDING, AU)
        assert store.get("t1") == first
        assert pending.get("t1") == waiting
        assert store.tenant_of(waiting.organisation_id) is None
        assert linked(xero) == [AU, DEMO]
        assert trail.entries("t1")[-1].result == "asked"

    def test_a_question_of_a_tenant_that_is_disconnected(self, xero, first):
        disconnect.start(ANN)
        assert choose(xero).state is ConnectionState.PENDING
        assert store.get("t1").organisation_id == first.organisation_id

    def test_the_same_organisation_is_not_asked_about(self, xero, first):
        again = xero.connect()
        assert again.organisation_id == first.organisation_id
        assert pending.get("t1") is None

    def test_a_new_choice_takes_the_place_of_the_question(self, xero, first):
        choose(xero)
        second = choose(xero, UK)
        assert pending.get("t1") == second
        assert linked(xero) == [DEMO, UK]
        authorise.begin(session_of("t1"), ANN)
        assert pending.get("t1") is None
        assert linked(xero) == [DEMO]
        assert accepts(xero, first.xero_userid)


class TestDeclining:
    def test_keeps_what_there_is_and_closes_the_other(self, xero, first):
        choose(xero)
        switch.decline(ANN)
        assert store.get("t1") == first
        assert linked(xero) == [DEMO]
        assert accepts(xero, first.xero_userid)
        assert trail.entries("t1")[-1].result == "declined"
        with pytest.raises(Conflict):
            switch.decline(ANN)

    def test_lets_the_grant_of_another_person_go(self, xero, first):
        waiting = choose(xero, UK, email=SECOND)
        switch.decline(ANN)
        assert grants.read(waiting.xero_userid) is None
        assert accepts(xero, first.xero_userid)
        assert linked(xero) == [DEMO]

    def test_nobodys_word_is_a_no_after_an_hour(self, xero, first):
        waiting = choose(xero)
        xero.aws.clock.advance(minutes=61)
        assert pending.get("t1") is None
        with pytest.raises(Conflict, match="nothing to confirm"):
            switch.confirm(ANN, waiting.organisation_id)
        work(xero)
        assert linked(xero) == [DEMO]
        assert store.get("t1") == first

    def test_is_told_by_the_queue_when_xero_is_away(self, xero, first):
        choose(xero)
        xero.fault("status", "/connections", status=503, times=0)
        switch.decline(ANN)
        assert linked(xero) == [AU, DEMO]
        xero.world.faults.clear()
        xero.aws.clock.advance(minutes=2)
        work(xero)
        assert linked(xero) == [DEMO]
        assert store.get("t1") == first

    def test_leaves_alone_what_another_tenant_connected_meanwhile(self, xero, first):
        choose(xero)
        other = xero.connect("t2", organisation=AU)
        switch.decline(ANN)
        assert store.get("t2") == other
        assert linked(xero) == [AU, DEMO]
        assert accepts(xero, first.xero_userid)


class TestConfirming:
    def test_goes_over_and_ends_the_one_before(self, xero, first):
        features.switch(ANN, Feature.CREATE_CONTACTS, on=True)
        waiting = choose(xero)
        made = switch.confirm(ANN, waiting.organisation_id)
        assert store.get("t1") == made
        assert (made.state, made.organisation_name) == (ConnectionState.ACTIVE, AU)
        assert features.enabled("t1", Feature.CREATE_CONTACTS)
        assert store.tenant_of(made.organisation_id) == "t1"
        assert store.tenant_of(first.organisation_id) is None
        assert linked(xero) == [AU]
        assert accepts(xero, made.xero_userid)
        assert [one.organisation_name for one in store.history("t1")] == [DEMO]
        assert lanes.get(first.organisation_id).state is lanes.LaneState.DISCONNECTED
        assert lanes.get(made.organisation_id).state is lanes.LaneState.OPEN
        assert pending.get("t1") is None

    def test_by_another_person_lets_the_first_grant_go(self, xero, first):
        waiting = choose(xero, UK, email=SECOND)
        made = switch.confirm(ANN, waiting.organisation_id)
        assert grants.read(first.xero_userid) is None
        assert accepts(xero, made.xero_userid)
        assert linked(xero) == [UK]

    def test_the_hour_that_passes_afterwards_closes_nothing(self, xero, first):  # noqa: ARG002
        waiting = choose(xero)
        made = switch.confirm(ANN, waiting.organisation_id)
        xero.aws.clock.advance(minutes=61)
        work(xero)
        assert store.get("t1") == made
        assert linked(xero) == [AU]

    def test_waits_until_xero_has_confirmed_the_end_of_the_one_before(self, xero, first):
        waiting = choose(xero)
        xero.aws.clock.advance(seconds=1)
        xero.fault("status", "/connections", status=503, times=0)
        with pytest.raises(Conflict, match="not confirmed"):
            switch.confirm(ANN, waiting.organisation_id)
        assert store.get("t1").state is ConnectionState.DISCONNECTED
        xero.world.faults.clear()
        made = switch.confirm(ANN, waiting.organisation_id)
        assert store.get("t1") == made
        assert linked(xero) == [AU]
        assert store.tenant_of(first.organisation_id) is None

    def test_waits_for_a_worker_that_is_in_the_books_before(self, xero, first):
        waiting = choose(xero)
        lane = lanes.take(first.organisation_id, "worker", xero.aws.clock.now())
        with pytest.raises(Conflict, match="just at work"):
            switch.confirm(ANN, waiting.organisation_id)
        assert lanes.release(lane)
        assert switch.confirm(ANN, waiting.organisation_id).organisation_name == AU

    def test_takes_nothing_that_another_tenant_has_by_now(self, xero, first):
        waiting = choose(xero)
        xero.connect("t2", organisation=AU)
        with pytest.raises(OrganisationTaken):
            switch.confirm(ANN, waiting.organisation_id)
        assert store.get("t1") == first

    def test_answers_one_question_only(self, xero, first):
        choose(xero)
        with pytest.raises(Conflict):
            switch.confirm(ANN, first.organisation_id)
        biller = Caller("t1", "user:bo", "Bo", frozenset({Scope.READ, Scope.SEND}))
        for answer in (lambda: switch.confirm(biller, "x"), lambda: switch.decline(biller)):
            with pytest.raises(NotAllowed):
                answer()

    def test_calls_off_what_waited_and_does_it_nowhere(self, xero, first):
        enqueue.enqueue(enqueue.job("import-codes", first.organisation_id, "t1", name="waiting"))
        waiting = choose(xero)
        made = switch.confirm(ANN, waiting.organisation_id)
        job = jobs.get(first.organisation_id, "waiting")
        assert job.state is JobState.CANCELLED
        assert "another organisation" in job.message
        assert "import-codes" not in {one.kind for one in jobs.open_jobs(made.organisation_id)}


def test_each_organisation_keeps_its_codes_and_mapping(xero):
    home = xero.connect()
    import_codes.start(ANN)
    mapping.set_defaults(ANN, Mapping("200", "OUTPUT2"))
    there = switch.confirm(ANN, choose(xero).organisation_id)
    assert mapping.get("t1").account_code == ""
    assert reference.accounts("t1") == []
    import_codes.start(ANN)
    mapping.set_defaults(ANN, Mapping("200", "OUTPUT"))

    back = switch.confirm(ANN, choose(xero, DEMO).organisation_id)

    assert back.organisation_id == home.organisation_id
    assert mapping.get("t1").tax_type == "OUTPUT2"
    assert "OUTPUT2" in {rate.tax_type for rate in reference.tax_rates("t1")}
    assert [one.organisation_id for one in store.history("t1")] == [
        there.organisation_id,
        home.organisation_id,
    ]
    assert GrantRow.get(back.xero_userid, "grant").used_by == {"t1"}
