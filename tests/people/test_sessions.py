"""Sessions: what is stored, and when they end."""

from datetime import timedelta

import pytest

from chalicelib.clock import stamp
from chalicelib.errors import NotSignedIn, SecondFactorNeeded
from chalicelib.people import sessions, store
from chalicelib.people.make_tenant import make_tenant
from chalicelib.people.sessions import SessionRow, SessionState

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def ann(aws):
    tenant_id = make_tenant(name="Acme Ltd", email="ann@acme.test")["tenant_id"]
    (user,) = store.users(tenant_id)
    store.change(user, store.UserRow.totp_confirmed_at.set(stamp(aws.clock.now())))
    return store.user(tenant_id, user.user_id)


def full(user):
    return sessions.start(user, state=SessionState.FULL)


def only_row():
    (row,) = SessionRow.scan(SessionRow.sk == "session")
    return row


def test_a_session_after_the_password_alone_is_nobody_yet(ann):
    session = sessions.load(sessions.start(ann))
    assert session.caller is None
    assert session.user_id == ann.user_id


def test_no_full_session_begins_without_two_factor(ann):
    store.change(ann, store.UserRow.totp_confirmed_at.remove())
    with pytest.raises(NotSignedIn):
        full(ann)
    assert list(SessionRow.scan(SessionRow.sk == "session")) == []


def test_a_full_session_acts_for_its_user_and_tenant(ann):
    caller = sessions.load(full(ann), "192.0.2.7").caller
    assert (caller.tenant_id, caller.actor, caller.source) == (
        ann.tenant_id,
        f"user:{ann.user_id}",
        "192.0.2.7",
    )


def test_the_token_is_stored_as_a_hash_only(ann):
    token = full(ann)
    assert token not in str([row.to_simple_dict() for row in SessionRow.scan()])


@pytest.mark.parametrize("token", ["", "x", "session#x", "a" * 5000])
def test_unknown_tokens_are_nobody(token):
    assert sessions.load(token) is None


def test_a_hash_is_no_token(ann):
    assert sessions.load(sessions.load(full(ann)).id_hash) is None


def test_a_session_ends_after_twelve_idle_hours(aws, ann):
    token = full(ann)
    aws.clock.advance(hours=12)
    assert sessions.load(token) is None


def test_use_puts_idle_expiry_off(aws, ann):
    token = full(ann)
    for _ in range(5):
        aws.clock.advance(hours=11)
        assert sessions.load(token)


def test_a_session_in_use_ends_after_seven_days(aws, ann):
    token = full(ann)
    for _ in range(7 * 4 - 1):
        aws.clock.advance(hours=6)
        assert sessions.load(token)
    aws.clock.advance(hours=6)
    assert sessions.load(token) is None


def test_being_seen_is_written_at_most_every_ten_minutes(aws, ann):
    token = full(ann)
    before = only_row().seen_at
    aws.clock.advance(minutes=9)
    sessions.load(token)
    assert only_row().seen_at == before
    aws.clock.advance(minutes=1)
    sessions.load(token)
    assert only_row().seen_at > before


def test_a_session_ended_is_not_brought_back_by_use(aws, ann):
    token = full(ann)
    row = only_row()
    sessions.end(sessions.load(token))
    assert not sessions._mark_seen(row, aws.clock.now())
    assert sessions.load(token) is None


def test_rotation_ends_the_session_before(ann):
    old = sessions.start(ann)
    new = sessions.start(ann, state=SessionState.FULL, replaces=sessions.load(old))
    assert sessions.load(old) is None
    assert sessions.load(new).csrf


def test_rotation_changes_the_csrf_token(ann):
    old = sessions.load(sessions.start(ann))
    new = sessions.load(sessions.start(ann, replaces=old))
    assert old.csrf != new.csrf


def test_a_recent_second_factor_lasts_ten_minutes(aws, ann):
    session = sessions.load(full(ann))
    now = aws.clock.now()
    assert sessions.second_factor_recent(session, now + timedelta(minutes=9, seconds=59))
    assert not sessions.second_factor_recent(session, now + timedelta(minutes=10))


def test_what_matters_demands_a_recent_second_factor(aws, ann):
    token = full(ann)
    sessions.demand_recent_factor(sessions.load(token))
    aws.clock.advance(minutes=10)
    with pytest.raises(SecondFactorNeeded):
        sessions.demand_recent_factor(sessions.load(token))


def test_a_password_is_no_second_factor(ann):
    with pytest.raises(SecondFactorNeeded):
        sessions.demand_recent_factor(sessions.load(sessions.start(ann)))
