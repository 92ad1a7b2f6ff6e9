"""Tokens are refreshed by one at a time, stored before use, and lost by nobody's fault."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from chalicelib import wiring
from chalicelib.connection import access, disconnect, grants, sealing, store, tokens
from chalicelib.connection.grants import GrantRow
from chalicelib.connection.model import ConnectionState
from chalicelib.dispatch import lane as lanes
from chalicelib.errors import NotConnected
from chalicelib.xero.errors import GrantEnded, XeroForbidden, XeroUnavailable
from tests.support.xero import DEMO, SECOND, caller_of

TOKEN = "/connect/token"


@pytest.fixture
def made(xero):
    connection = xero.connect()
    xero.world.calls.clear()
    tokens.forget(connection.xero_userid)
    return connection


def row_of(connection):
    return GrantRow.get(connection.xero_userid, "grant", consistent_read=True)


def name_of(connection):
    return access.call(connection, lambda books: books.organisation().name)


def test_a_valid_token_is_not_refreshed(xero, made):
    assert name_of(made) == DEMO
    assert xero.calls("POST", TOKEN) == 0


def test_a_decrypted_token_serves_without_the_stores(made):
    first = tokens.access_to(made.xero_userid)
    GrantRow(made.xero_userid, "grant").delete()
    assert tokens.access_to(made.xero_userid) is first


def test_an_expired_token_is_refreshed_before_the_call(xero, made):
    xero.expire()
    assert name_of(made) == DEMO
    assert xero.calls("POST", TOKEN) == 1
    assert xero.calls("GET", "/api.xro/2.0/Organisation") == 1


def test_a_token_that_xero_calls_expired_is_refreshed_and_the_call_repeated_once(xero, made):
    xero.fault("token_expired", "/Organisation")
    assert name_of(made) == DEMO
    assert xero.calls("POST", TOKEN) == 1
    assert xero.calls("GET", "/api.xro/2.0/Organisation") == 2


def test_a_token_that_others_refreshed_is_not_the_last_word(xero, made):
    user = made.xero_userid
    ours = tokens.access_to(user)
    tokens.forget(user)
    tokens.access_to(user, refused=ours.version)
    tokens._kept[user] = ours
    for issued in xero.world.issued.values():
        issued.expires = xero.world.clock.now()

    assert name_of(made) == DEMO
    assert store.get(made.tenant_id).state is ConnectionState.ACTIVE
    assert xero.calls("POST", TOKEN) == 2


def test_a_token_of_a_grant_that_was_let_go_is_not_taken_for_one_of_the_next(xero, made):
    user = made.xero_userid
    ours = tokens.access_to(user)
    disconnect.start(caller_of(made.tenant_id))
    assert grants.read(user) is None
    xero.aws.clock.advance(seconds=5)
    again = xero.connect()
    tokens._kept[user] = ours
    xero.world.calls.clear()
    xero.fault("token_expired", "/Organisation", times=1)

    assert name_of(again) == DEMO
    assert xero.calls("POST", TOKEN) == 0


def test_a_token_refused_although_it_is_fresh_is_judged(xero, made):
    xero.fault("token_expired", "/Organisation", times=0)

    with pytest.raises(NotConnected):
        name_of(made)

    assert xero.calls("POST", TOKEN) == 1


def test_the_rotated_refresh_token_is_stored(xero, made):
    before = row_of(made).refresh_token()
    xero.expire()
    name_of(made)
    after = row_of(made).refresh_token()
    assert after != before
    assert xero.accepts(after)


def test_many_at_once_refresh_once(xero, made):
    wiring.current().sleep = threading.Event().wait
    xero.expire()

    def use(_number):
        tokens.forget(made.xero_userid)
        return name_of(made)

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(use, range(24))) == {DEMO}
    assert xero.calls("POST", TOKEN) == 1


def test_who_read_a_refresh_half_done_does_not_refresh_again(xero, made):
    xero.expire()
    row, now = row_of(made), xero.aws.clock.now()
    assert grants.take_lease(row, "winner", now)
    assert grants.renew(row, "winner", row.refresh_token(), now)
    half_done = row_of(made)
    grants.add_access(row, "winner", "access", now)
    assert not grants.take_lease(half_done, "loser", now)


def test_nobody_spends_a_new_consent_before_its_access_token_is_stored(xero, made):
    now = xero.aws.clock.now()
    adopted = grants.adopt(made.xero_userid, "t1", "refresh", "consent", now)
    assert not grants.take_lease(row_of(made), "other", now)
    grants.add_access(adopted, "consent", "access", now)
    assert grants.take_lease(row_of(made), "other", now)


def test_a_lost_answer_is_asked_for_again_with_the_old_token(xero, made):
    xero.expire()
    xero.fault("drop", TOKEN, when="after")
    assert name_of(made) == DEMO
    assert xero.accepts(row_of(made).refresh_token())


def test_answers_lost_until_giving_up_cost_no_token(xero, made):
    xero.expire()
    xero.fault("drop", TOKEN, when="after", times=tokens.TRIES)
    with pytest.raises(XeroUnavailable):
        name_of(made)
    assert store.get("t1").state is ConnectionState.ACTIVE
    assert name_of(made) == DEMO


def test_a_fault_of_xeros_discards_nothing(xero, made):
    before = row_of(made).refresh_token()
    xero.expire()
    xero.fault("status", TOKEN, status=503, times=tokens.TRIES)
    with pytest.raises(XeroUnavailable):
        name_of(made)
    assert row_of(made).refresh_token() == before
    assert name_of(made) == DEMO


def test_a_process_that_died_while_refreshing_is_followed_by_another(xero, made):
    xero.expire()
    row = row_of(made)
    now = xero.aws.clock.now()
    assert grants.take_lease(row, "died", now)
    with pytest.raises(XeroUnavailable):
        tokens.access_to(made.xero_userid)
    xero.aws.clock.advance(seconds=41)
    assert name_of(made) == DEMO


def test_a_slow_process_cannot_put_its_token_over_a_newer_consent(xero, made):
    xero.expire()
    slow = row_of(made)
    assert grants.take_lease(slow, "slow", xero.aws.clock.now())
    again = xero.connect()
    newer = row_of(again).refresh_token()
    assert not grants.renew(slow, "slow", "older", xero.aws.clock.now())
    assert row_of(again).refresh_token() == newer
    assert name_of(again) == DEMO


def test_a_dead_grant_asks_for_reconnecting_and_holds_the_lane(xero, made):
    xero.expire()
    xero.end_grants()
    with pytest.raises(NotConnected, match="Reconnect"):
        name_of(made)
    assert store.get("t1").state is ConnectionState.NEEDS_RECONNECT
    assert lanes.get(made.organisation_id).state is lanes.LaneState.DISCONNECTED
    assert grants.read(made.xero_userid) is None
    with pytest.raises(GrantEnded):
        tokens.access_to(made.xero_userid)


def test_a_dead_grant_is_said_to_every_tenant_that_used_it(xero, made):
    xero.connect("t2", organisation="Demo Company (AU)")
    xero.expire()
    xero.end_grants()
    with pytest.raises(NotConnected):
        name_of(made)
    assert store.get("t2").state is ConnectionState.NEEDS_RECONNECT


def test_a_disconnect_in_xero_is_noticed_by_the_next_call(xero, made):
    xero.world.disconnect("test-client", tenant_id=made.organisation_id)
    with pytest.raises(NotConnected, match="disconnected in Xero"):
        name_of(made)
    found = store.get("t1")
    assert found.state is ConnectionState.DISCONNECTED
    assert "disconnected in Xero" in found.problem


def test_a_refusal_for_the_persons_role_leaves_the_connection(xero, made):
    xero.fault("status", "/Organisation", status=403, times=1)
    with pytest.raises(XeroForbidden):
        name_of(made)
    assert store.get("t1").state is ConnectionState.ACTIVE


def test_missing_scopes_ask_for_new_consent_and_refresh_nothing(xero, made):
    for grant in xero.world.grants.values():
        grant.scopes.remove("accounting.settings.read")
    xero.expire()
    tokens.access_to(made.xero_userid)
    xero.world.calls.clear()
    with pytest.raises(NotConnected, match="Permissions need updating"):
        name_of(made)
    assert xero.calls("POST", TOKEN) == 0
    assert store.get("t1").state is ConnectionState.NEEDS_RECONNECT


def test_two_users_grants_are_apart(xero, made):
    other = xero.connect("t2", email=SECOND, organisation="Demo Company (UK)")
    assert other.xero_userid != made.xero_userid
    assert row_of(made).used_by == {"t1"}
    assert row_of(other).used_by == {"t2"}


@pytest.mark.usefixtures("xero")
class TestSealing:
    def test_a_ciphertext_of_another_user_does_not_open(self):
        sealed = sealing.seal("secret", "user-1", "refresh")
        with pytest.raises(ClientError):
            sealing.unseal(sealed, "user-2", "refresh")

    def test_a_refresh_token_does_not_open_as_an_access_token(self):
        sealed = sealing.seal("secret", "user-1", "refresh")
        with pytest.raises(ClientError):
            sealing.unseal(sealed, "user-1", "access")

    def test_more_than_the_key_service_takes_is_refused_by_ourselves(self):
        assert sealing.seal("x" * 4096, "user-1", "access")
        with pytest.raises(sealing.TokenTooLong):
            sealing.seal("x" * 4097, "user-1", "access")


def test_an_access_token_too_long_to_keep_costs_no_refresh_token(xero, made):
    xero.expire()
    before = row_of(made)
    row = row_of(made)
    holder = "holder"
    assert grants.take_lease(row, holder, xero.aws.clock.now())
    assert grants.renew(row, holder, "next-refresh-token", xero.aws.clock.now())
    with pytest.raises(sealing.TokenTooLong):
        grants.add_access(row, holder, "x" * 5000, xero.aws.clock.now())
    after = row_of(made)
    assert after.refresh_token() == "next-refresh-token"
    assert after.version == before.version + 1
