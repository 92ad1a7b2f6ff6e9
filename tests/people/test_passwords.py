"""What makes a password good enough, and changing one's own."""

import subprocess
import sys

import pytest

from chalicelib.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from chalicelib.people import links, passwords, sessions, sign_in, store
from chalicelib.people.change_password import change_password
from chalicelib.people.make_tenant import make_tenant
from chalicelib.people.model import Role, User
from tests.support.aws import FakeClock

PASSWORD = "correct horse battery staple"
NEW = "seventeen purple hippos waltz"
SOURCE = "192.0.2.7"
ROBIN = User("u", "t", "robin@harbour.test", "Robin", Role.VIEWER, FakeClock().now())


@pytest.fixture
def ann(aws) -> User:  # noqa: ARG001  the account must be there first
    token = make_tenant(name="Acme Ltd", email="ann@acme.test")["link"].rpartition("/")[2]
    return sign_in.accept(token, "Ann", PASSWORD, SOURCE)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "x" * 257,
        "password1234",
        "qwertyuiop123456",
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012",
        "robin@harbour.test",
        "harbourrobin",
        "robinrobinrobin",
        "workbillworkbill",
    ],
)
def test_short_long_and_guessable_passwords_are_refused(password):
    with pytest.raises(InvalidInput) as refused:
        passwords.check_strength(password, ROBIN)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "kayak lemon orbit", "tr0ub4dor&3xkcd", "日本語のとても長い合言葉です", NEW * 8],
)
def test_no_rule_of_composition_stands_in_the_way_of_a_good_one(password):
    passwords.check_strength(password, ROBIN)


def test_the_estimator_is_loaded_by_nobody_who_does_not_need_it():
    code = (
        "import sys, app; from chalicelib.doors import blueprints; list(blueprints());"
        "sys.exit(bool({'zxcvbn', 'tzdata', 'argon2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603  our own code
    assert done.returncode == 0


def change(user, present=PASSWORD, new=NEW):
    return change_password(user.caller(SOURCE), user, present, new)


def test_a_changed_password_is_the_only_one_that_works(ann):
    change(ann)
    assert sign_in.check_password(ann.email, NEW, SOURCE)
    with pytest.raises(Exception, match=sign_in.WRONG):
        sign_in.check_password(ann.email, PASSWORD, SOURCE)


def test_a_change_ends_all_sessions_and_an_open_link(ann):
    token, link = sessions.start(ann), links.issue(ann).rpartition("/")[2]
    change(store.user(ann.tenant_id, ann.user_id))
    assert sessions.load(token) is None
    with pytest.raises(NotFound):
        sign_in.invited(link)


@pytest.mark.parametrize(
    ("present", "new", "field"),
    [
        ("not the password", NEW, "present"),
        (PASSWORD, "short", "password"),
        (PASSWORD, PASSWORD, "password"),
    ],
)
def test_a_change_that_cannot_be_leaves_all_as_it_was(ann, present, new, field):
    token = sessions.start(ann)
    with pytest.raises(InvalidInput) as refused:
        change(ann, present, new)
    assert refused.value.field == field
    assert sessions.load(token)
    assert sign_in.check_password(ann.email, PASSWORD, SOURCE)


def test_guessing_the_present_password_is_delayed_as_at_sign_in(ann):
    for _ in range(5):
        with pytest.raises(InvalidInput):
            change(ann, "not the password")
    with pytest.raises(TooManyRequests):
        change(ann)
    with pytest.raises(TooManyRequests):
        sign_in.check_password(ann.email, PASSWORD, SOURCE)


def test_of_two_changes_from_the_same_password_one_wins(ann):
    change(ann)
    with pytest.raises(Conflict):
        change(ann, new="eleven golden walruses sing")
    assert sign_in.check_password(ann.email, NEW, SOURCE)
