"""Roles, deactivation, and the last administrator."""

from contextlib import contextmanager

import pytest

from chalicelib.clock import stamp
from chalicelib.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from chalicelib.people import links, roster, sessions, sign_in, store
from chalicelib.people.caller import EVERYTHING, Caller, Scope
from chalicelib.people.make_tenant import make_tenant
from chalicelib.people.model import Role, User
from chalicelib.people.sessions import SessionState

PASSWORD = "correct horse battery staple"
SOURCE = "192.0.2.7"

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def ann(aws) -> User:  # noqa: ARG001  the account must be there first
    token = make_tenant(name="Acme Ltd", email="ann@acme.test")["link"].rpartition("/")[2]
    return sign_in.accept(token, "Ann", PASSWORD, SOURCE)


@pytest.fixture
def ben(ann) -> User:
    return colleague(ann, "ben@acme.test")


def colleague(user, email, role=Role.ADMINISTRATOR):
    """Another user of the same tenant, with a password."""
    other = User(f"id-of-{email}", user.tenant_id, email, "", role, user.created_at)
    for row in store.rows_of(other):
        row.save()
    token = links.issue(other).rpartition("/")[2]
    return sign_in.accept(token, email.partition("@")[0].title(), PASSWORD, SOURCE)


def again(user):
    return store.user(user.tenant_id, user.user_id)


def full(user):
    store.change(user, store.UserRow.totp_confirmed_at.set(stamp(user.created_at)))
    return sessions.start(user, state=SessionState.FULL)


@contextmanager
def meanwhile(aws, act):
    """Let somebody else act just before the next transaction is written."""
    store.UserRow.exists()
    events = aws.wiring.clients["dynamodb"].meta.events
    waiting = [act]

    def before(**_):
        if waiting:
            waiting.pop()()

    name = "before-call.dynamodb.TransactWriteItems"
    events.register(name, before, unique_id="meanwhile")
    yield
    events.unregister(name, unique_id="meanwhile")


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        (Role.ADMINISTRATOR, {"read", "write", "send", "admin"}),
        (Role.BILLER, {"read", "write", "send"}),
        (Role.VIEWER, {"read"}),
    ],
)
def test_a_role_decides_what_a_session_may_do(ann, role, scopes):
    user = colleague(ann, "ben@acme.test", role)
    assert sessions.load(full(user)).caller.scopes == {Scope(scope) for scope in scopes}


@pytest.mark.parametrize("role", ["", "owner", "Administrator"])
def test_a_role_that_is_none_is_refused(ann, ben, role):
    with pytest.raises(InvalidInput):
        roster.change_role(ann.caller(), ben.user_id, role)


def test_another_tenants_user_is_not_there(ann, ben):
    stranger = Caller("another-tenant", "user:eve", "Eve", EVERYTHING)
    for act in (roster.deactivate, roster.reactivate):
        with pytest.raises(NotFound):
            act(stranger, ben.user_id)
    with pytest.raises(NotFound):
        roster.change_role(stranger, ann.user_id, "viewer")


def test_a_change_of_role_ends_the_users_sessions_and_nobody_elses(ann, ben):
    anns, bens = full(ann), [full(ben), sessions.start(ben)]
    roster.change_role(ann.caller(), ben.user_id, "viewer")
    assert [sessions.load(token) for token in bens] == [None, None]
    assert sessions.load(anns)


def test_deactivation_ends_sessions_and_links_and_refuses_the_password_like_any_other(ann, ben):
    token, link = full(ben), links.issue(ben).rpartition("/")[2]
    roster.deactivate(ann.caller(), ben.user_id)
    assert sessions.load(token) is None
    with pytest.raises(NotFound):
        sign_in.invited(link)
    with pytest.raises(NotSignedIn, match=sign_in.WRONG):
        sign_in.check_password(ben.email, PASSWORD, SOURCE)
    with pytest.raises(Conflict):
        links.issue(again(ben))


def test_reactivation_lets_in_again_with_the_same_password(ann, ben):
    roster.deactivate(ann.caller(), ben.user_id)
    roster.reactivate(ann.caller(), ben.user_id)
    assert full(sign_in.check_password(ben.email, PASSWORD, SOURCE))


def test_a_sign_in_under_way_does_not_survive_a_change_of_role(ann, ben):
    roster.change_role(ann.caller(), ben.user_id, "viewer")
    with pytest.raises(NotSignedIn):
        full(ben)


def test_a_session_that_outlived_a_change_is_found_out_within_ten_minutes(aws, ben):
    token = full(ben)
    store.change(ben, store.UserRow.epoch.add(1))
    aws.clock.advance(minutes=10)
    assert sessions.load(token) is None


def test_the_last_administrator_stays_one(ann):
    viewer = colleague(ann, "vic@acme.test", Role.VIEWER)
    for role in ("biller", "viewer"):
        with pytest.raises(Conflict, match="last active administrator"):
            roster.change_role(ann.caller(), ann.user_id, role)
    with pytest.raises(Conflict, match="last active administrator"):
        roster.deactivate(viewer.caller(), ann.user_id)
    assert again(ann).administers


def test_who_has_not_used_the_link_yet_is_no_administrator_to_rely_on(ann):
    invited = User("new", ann.tenant_id, "new@acme.test", "", ann.role, ann.created_at)
    for row in store.rows_of(invited):
        row.save()
    with pytest.raises(Conflict):
        roster.deactivate(ann.caller(), ann.user_id)


def test_a_deactivated_administrator_is_none_to_rely_on(ann, ben):
    roster.deactivate(ann.caller(), ben.user_id)
    with pytest.raises(Conflict):
        roster.change_role(ann.caller(), ann.user_id, "viewer")


def test_of_two_who_demote_each_other_at_once_one_stays(aws, ann, ben):
    with (
        meanwhile(aws, lambda: roster.change_role(ben.caller(), ann.user_id, "viewer")),
        pytest.raises(Conflict, match="last active administrator"),
    ):
        roster.change_role(ann.caller(), ben.user_id, "viewer")
    assert [user.administers for user in (again(ann), again(ben))] == [False, True]


def test_of_two_who_deactivate_each_other_at_once_one_stays(aws, ann, ben):
    roster.change_role(ann.caller(), ben.user_id, "administrator")
    with (
        meanwhile(aws, lambda: roster.deactivate(ben.caller(), ann.user_id)),
        pytest.raises(Conflict, match="last active administrator"),
    ):
        roster.deactivate(ann.caller(), ben.user_id)
    assert [user.active for user in (again(ann), again(ben))] == [False, True]
