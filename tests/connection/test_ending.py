"""Disconnecting, with Xero at hand and without, and connecting again."""

from datetime import timedelta

import pytest

from chalicelib.audit import trail
from chalicelib.clock import stamp
from chalicelib.connection import (
    access,
    authorise,
    disconnect,
    grants,
    keep_alive,
    particulars,
    revoke,
    store,
    tokens,
    usage,
)
from chalicelib.connection.grants import GrantRow
from chalicelib.connection.model import ConnectionState, OrganisationTaken
from chalicelib.dispatch import drain, enqueue
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import JobState, tenant_lane
from chalicelib.errors import Conflict, NotConnected
from tests.support.xero import DEMO, SECOND, caller_of, session_of

AU = "Demo Company (AU)"


def work(xero, lane):
    return drain.drain(lane, deadline=xero.aws.clock.now() + timedelta(seconds=20))


def end_offline(xero):
    """Disconnect, some time later, while Xero's identity side answers nothing."""
    xero.aws.clock.advance(seconds=1)
    xero.fault("status", "/connections", status=503, times=0)
    return disconnect.start(caller_of("t1"))


def test_disconnecting_ends_it_on_both_sides(xero):
    made = xero.connect()
    job = disconnect.start(caller_of("t1"))
    assert job.state is JobState.DONE
    assert store.get("t1").state is ConnectionState.DISCONNECTED
    assert not store.get("t1").ending
    assert store.tenant_of(made.organisation_id) is None
    assert not xero.world.connections
    assert not xero.world.grants
    assert grants.read(made.xero_userid) is None
    with pytest.raises(NotConnected):
        store.active("t1")
    with pytest.raises(NotConnected):
        disconnect.start(caller_of("t1"))


def test_what_was_connected_is_kept_as_history(xero):
    xero.connect()
    disconnect.start(caller_of("t1"))
    assert [one.organisation_name for one in store.history("t1")] == [DEMO]
    done = [entry.what for entry in trail.entries("t1")]
    assert done == ["connect", "disconnect", "disconnect confirmed"]


def test_local_access_ends_at_once_when_xero_cannot_be_reached(xero):
    made = xero.connect()
    job = end_offline(xero)
    assert job.state is JobState.WAITING
    assert store.get("t1").state is ConnectionState.DISCONNECTED
    assert lanes.get(made.organisation_id).state is lanes.LaneState.DISCONNECTED
    with pytest.raises(NotConnected):
        store.active("t1")


def test_xero_is_told_by_the_queue_once_it_can_be_reached(xero):
    made = xero.connect()
    end_offline(xero)
    xero.world.faults.clear()
    xero.aws.clock.advance(minutes=2)
    work(xero, tenant_lane("t1"))
    assert not xero.world.connections
    assert grants.read(made.xero_userid) is None
    assert store.tenant_of(made.organisation_id) is None


def test_nobody_connects_an_organisation_while_xero_is_still_to_be_told(xero):
    xero.connect()
    end_offline(xero)
    xero.world.faults.clear()
    with pytest.raises(OrganisationTaken):
        xero.connect("t2", email=SECOND)


def test_connecting_again_waits_until_xero_was_told(xero):
    xero.connect()
    end_offline(xero)
    with pytest.raises(Conflict, match="not confirmed"):
        authorise.begin(session_of("t1"), caller_of("t1"))
    xero.world.faults.clear()
    assert xero.connect().state is ConnectionState.ACTIVE
    assert len(xero.world.connections) == 1


def test_telling_xero_is_given_up_after_two_days(xero):
    made = xero.connect()
    end_offline(xero)
    began = xero.aws.clock.now()
    name = disconnect.KIND
    while jobs.get(tenant_lane("t1"), name).state.open:
        xero.aws.clock.advance(minutes=61)
        work(xero, tenant_lane("t1"))
    assert timedelta(days=1) < xero.aws.clock.now() - began < timedelta(days=3)
    assert "Remove Workbill" in jobs.get(tenant_lane("t1"), name).message
    assert store.tenant_of(made.organisation_id) is None
    assert grants.read(made.xero_userid) is None


def test_a_grant_that_another_tenant_uses_is_not_revoked(xero):
    made = xero.connect("t1")
    other = xero.connect("t2", organisation=AU)
    disconnect.start(caller_of("t1"))
    row = GrantRow.get(made.xero_userid, "grant")
    assert row.used_by == {"t2"}
    assert xero.accepts(row.refresh_token())
    assert access.call(other, lambda books: books.organisation().name) == AU
    assert [one.tenant_id for one in xero.world.connections.values()] == [other.organisation_id]


def test_a_new_consent_is_not_stored_while_the_grant_is_being_revoked(xero):
    made = xero.connect("t1")
    row = GrantRow(made.xero_userid, "grant")
    grants.update(row, [GrantRow.used_by.delete({"t1"})], GrantRow.pk.exists())
    assert revoke._reserve(row, xero.aws.clock.now())
    assert grants.adopt(made.xero_userid, "t2", "refresh", "holder", xero.aws.clock.now()) is None
    xero.aws.clock.advance(minutes=2)
    assert grants.adopt(made.xero_userid, "t2", "refresh", "holder", xero.aws.clock.now())


def test_a_dead_grant_can_still_be_disconnected(xero):
    made = xero.connect()
    xero.expire()
    xero.end_grants()
    with pytest.raises(NotConnected):
        access.call(made, lambda books: books.organisation())
    assert len(xero.world.connections) == 1
    assert disconnect.start(caller_of("t1")).state is JobState.DONE
    assert store.tenant_of(made.organisation_id) is None
    assert not xero.world.connections


def test_what_the_persons_grant_no_longer_opens_is_ended_by_the_app(xero):
    xero.connect()
    xero.fault("status", "/connections", method="DELETE", status=403)
    assert disconnect.start(caller_of("t1")).state is JobState.DONE
    assert not xero.world.connections


class TestConnectingAgain:
    def waiting(self, made):
        return enqueue.enqueue(
            enqueue.job("import-codes", made.organisation_id, made.tenant_id, name="waiting")
        )

    def test_takes_up_the_work_that_waited(self, xero):
        made = xero.connect()
        xero.expire()
        xero.end_grants()
        self.waiting(made)
        work(xero, made.organisation_id)
        assert jobs.get(made.organisation_id, "waiting").state is JobState.WAITING
        again = xero.connect()
        assert again.organisation_id == made.organisation_id
        assert lanes.get(made.organisation_id).state is lanes.LaneState.OPEN
        assert made.organisation_id in xero.aws.wakes()
        work(xero, made.organisation_id)
        assert jobs.get(made.organisation_id, "waiting").state is JobState.DONE

    def test_by_another_user_lets_the_first_grant_go(self, xero):
        made = xero.connect()
        xero.expire()
        xero.end_grants()
        with pytest.raises(NotConnected):
            access.call(made, lambda books: books.organisation())
        again = xero.connect(email=SECOND)
        assert again.xero_userid != made.xero_userid
        rows = list(GrantRow.scan(GrantRow.sk == "grant"))
        assert [row.pk for row in rows] == [again.xero_userid]

    def test_never_does_the_work_of_a_tenant_that_had_it_before(self, xero):
        made = xero.connect("t1")
        self.waiting(made)
        disconnect.start(caller_of("t1"))
        xero.connect("t2")
        assert jobs.get(made.organisation_id, "waiting").state is JobState.CANCELLED


class TestKeepAlive:
    def test_leaves_grants_alone_that_are_in_use(self, xero):
        xero.connect()
        xero.aws.clock.advance(days=19)
        assert keep_alive.keep_alive() == 0

    def test_refreshes_and_confirms_what_was_idle(self, xero):
        made = xero.connect()
        before = GrantRow.get(made.xero_userid, "grant").refresh_token()
        xero.aws.clock.advance(days=20, minutes=1)
        xero.world.calls.clear()
        assert keep_alive.keep_alive() == 1
        after = GrantRow.get(made.xero_userid, "grant").refresh_token()
        assert after != before
        assert xero.calls("GET", "/api.xro/2.0/Organisation/Actions") == 0
        work(xero, made.organisation_id)
        assert xero.calls("GET", "/api.xro/2.0/Organisation/Actions") == 1
        assert usage.standing(made).last_success_at == xero.aws.clock.now()
        assert keep_alive.keep_alive() == 0

    def test_refreshes_a_grant_that_took_the_place_of_a_remembered_one(self, xero):
        made = xero.connect()
        old = tokens.access_to(made.xero_userid)
        row = GrantRow.get(made.xero_userid, "grant")
        grants.update(row, [GrantRow.version.set(old.version + 5)], GrantRow.pk.exists())
        grants.update(
            row, [GrantRow.keep_alive_at.set(stamp(xero.aws.clock.now()))], GrantRow.pk.exists()
        )
        before = xero.calls("POST", "/connect/token")
        assert keep_alive.keep_alive() == 1
        assert xero.calls("POST", "/connect/token") == before + 1

    def test_asks_again_for_an_organisation_that_did_not_answer(self, xero):
        made = xero.connect()
        xero.aws.clock.advance(days=21)
        xero.fault("status", "/Organisation", status=503, times=0)
        keep_alive.keep_alive()
        work(xero, made.organisation_id)
        assert jobs.get(made.organisation_id, particulars.KIND).state.open
        xero.world.faults.faults.clear()
        xero.aws.clock.advance(hours=1)
        work(xero, made.organisation_id)
        assert usage.standing(made).last_success_at == xero.aws.clock.now()

    def test_tries_again_when_xero_could_not_be_reached(self, xero):
        xero.connect()
        xero.aws.clock.advance(days=21)
        xero.fault("status", "/connect/token", status=503, times=tokens.TRIES)
        assert keep_alive.keep_alive() == 1
        assert keep_alive.keep_alive() == 1
        assert keep_alive.keep_alive() == 0

    def test_tries_again_before_xero_forgets_that_it_answered(self, xero):
        made = xero.connect("t1")
        self.pass_both(xero, days=21)
        xero.fault("drop", "/connect/token", when="after", times=tokens.TRIES)
        keep_alive.keep_alive()
        for _ in range(30):
            self.pass_both(xero, minutes=1)
            work(xero, tenant_lane("t1"))
        self.pass_both(xero, minutes=30)
        keep_alive.keep_alive()
        assert store.get("t1").state is ConnectionState.ACTIVE
        assert xero.accepts(grants.read(made.xero_userid).refresh_token())

    def pass_both(self, xero, **parts):
        xero.aws.clock.advance(**parts)
        xero.world.clock.advance(timedelta(**parts))

    def test_notices_a_disconnect_made_in_xero(self, xero):
        made = xero.connect()
        xero.world.disconnect("test-client", tenant_id=made.organisation_id)
        xero.aws.clock.advance(days=21)
        keep_alive.keep_alive()
        work(xero, made.organisation_id)
        assert store.get("t1").state is ConnectionState.DISCONNECTED

    def test_drops_what_an_unfinished_consent_left_behind(self, xero):
        made = xero.connect()
        row = GrantRow(made.xero_userid, "grant")
        grants.update(row, [GrantRow.used_by.add({"t9"})], GrantRow.pk.exists())
        disconnect.start(caller_of("t1"))
        assert grants.read(made.xero_userid) is not None
        xero.aws.clock.advance(days=21)
        keep_alive.keep_alive()
        assert grants.read(made.xero_userid) is None
        assert not xero.world.grants
