"""Passwords and one-time links."""

import threading
from datetime import timedelta

import pytest

from chalicelib.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyRequests,
)
from chalicelib.people import links, passwords, sign_in, store
from chalicelib.people.make_tenant import make_tenant
from chalicelib.people.model import User
from tests.support.cheap_hashes import cheap_hashes

PASSWORD = "correct horse battery staple"
SOURCE = "192.0.2.7"

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def token(aws):  # noqa: ARG001  the account must be there first
    return make_tenant(name="Acme Ltd", email="Ann@Acme.test")["link"].rpartition("/")[2]


@pytest.fixture
def ann(token) -> User:
    return sign_in.accept(token, "Ann", PASSWORD, SOURCE)


def test_right_password_finds_the_user_whatever_the_case_of_the_address(ann):
    assert sign_in.check_password(" ANN@acme.test ", PASSWORD, SOURCE).user_id == ann.user_id


@pytest.mark.usefixtures("ann")
def test_wrong_password_and_unknown_address_are_told_the_same():
    with pytest.raises(NotSignedIn) as wrong:
        sign_in.check_password("ann@acme.test", "not the password", SOURCE)
    with pytest.raises(NotSignedIn) as unknown:
        sign_in.check_password("bob@acme.test", "not the password", SOURCE)
    assert str(wrong.value) == str(unknown.value)


@pytest.mark.usefixtures("ann")
def test_an_unknown_address_costs_the_same_requests(aws):
    known, unknown = Requests(aws), Requests(aws)
    with known, pytest.raises(NotSignedIn):
        sign_in.check_password("ann@acme.test", "not the password", "192.0.2.8")
    with unknown, pytest.raises(NotSignedIn):
        sign_in.check_password("bob@acme.test", "not the password", "192.0.2.9")
    assert known.made == unknown.made
    assert known.made


class Requests:
    """Notes the operations that the rows' client makes meanwhile."""

    def __init__(self, aws):
        self.made = []
        store.UserRow.exists()
        self.events = aws.wiring.clients["dynamodb"].meta.events

    def __enter__(self):
        self.events.register("before-call.dynamodb", self._note, unique_id=id(self))

    def __exit__(self, *_):
        self.events.unregister("before-call.dynamodb", unique_id=id(self))

    def _note(self, model, **_):
        self.made.append(model.name)


@pytest.mark.usefixtures("product_costs")
def test_nobodys_hash_costs_as_much_as_a_new_one():
    fresh = passwords.make_hash(PASSWORD)
    assert passwords.NOBODYS_HASH.split("$")[:4] == fresh.split("$")[:4]


@pytest.mark.usefixtures("product_costs")
def test_passwords_are_kept_as_argon2id_hashes_of_the_advised_cost(token):
    ann = sign_in.accept(token, "Ann", PASSWORD, SOURCE)

    stored = store.user(ann.tenant_id, ann.user_id).password_hash
    # The second choice of RFC 9106, section 4: 64 MiB, three passes, four lanes.
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not passwords.is_outdated(stored)
    assert sign_in.check_password(ann.email, PASSWORD, SOURCE).user_id == ann.user_id
    with pytest.raises(NotSignedIn):
        sign_in.check_password(ann.email, PASSWORD[:-1], SOURCE)


@pytest.mark.usefixtures("product_costs")
def test_a_hash_of_other_costs_is_made_anew_at_the_next_sign_in(token):
    with cheap_hashes():
        ann = sign_in.accept(token, "Ann", PASSWORD, SOURCE)

    sign_in.check_password(ann.email, PASSWORD, SOURCE)

    stored = store.user(ann.tenant_id, ann.user_id).password_hash
    assert "$m=65536,t=3,p=4$" in stored


@pytest.mark.usefixtures("token")
def test_an_invited_user_without_a_password_cannot_sign_in():
    with pytest.raises(NotSignedIn):
        sign_in.check_password("ann@acme.test", "", SOURCE)


@pytest.mark.usefixtures("ann")
def test_tries_at_one_account_are_delayed_ever_longer(aws):
    for number in range(5):
        with pytest.raises(NotSignedIn):
            sign_in.check_password("ann@acme.test", "wrong", f"192.0.2.{number}")
    waits = []
    for number in range(6):
        with pytest.raises(TooManyRequests) as refused:
            sign_in.check_password("ann@acme.test", "wrong", f"192.0.2.{number}")
        waits.append(refused.value.retry_after)
        aws.clock.advance(seconds=refused.value.retry_after)
        with pytest.raises(NotSignedIn):
            sign_in.check_password("ann@acme.test", "wrong", f"192.0.2.{number}")
    assert waits == [2, 4, 8, 16, 32, 64]


@pytest.mark.usefixtures("ann")
def test_a_right_password_is_refused_while_the_delay_runs(aws):
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            sign_in.check_password("ann@acme.test", "wrong", SOURCE)
    with pytest.raises(TooManyRequests) as refused:
        sign_in.check_password("ann@acme.test", PASSWORD, SOURCE)
    aws.clock.advance(seconds=refused.value.retry_after)
    assert sign_in.check_password("ann@acme.test", PASSWORD, SOURCE)


def test_unknown_addresses_are_throttled_like_known_ones():
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            sign_in.check_password("nobody@acme.test", "wrong", SOURCE)
    with pytest.raises(TooManyRequests):
        sign_in.check_password("nobody@acme.test", "wrong", SOURCE)


def test_one_source_trying_many_accounts_is_delayed():
    for number in range(30):
        with pytest.raises(NotSignedIn):
            sign_in.check_password(f"user{number}@acme.test", "wrong", SOURCE)
    with pytest.raises(TooManyRequests):
        sign_in.check_password("another@acme.test", "wrong", SOURCE)


@pytest.mark.usefixtures("ann")
def test_signing_in_well_does_not_use_up_a_source():
    for _ in range(40):
        sign_in.check_password("ann@acme.test", PASSWORD, SOURCE)


@pytest.mark.usefixtures("ann")
def test_tries_are_forgotten_after_a_day(aws):
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            sign_in.check_password("ann@acme.test", "wrong", SOURCE)
    aws.clock.advance(hours=25)
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            sign_in.check_password("ann@acme.test", "wrong", SOURCE)


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 300, "aaaaaaaaaaaaaaaa", "ann@acme.test", "annannannann"],
)
def test_weak_passwords_are_refused_and_leave_the_link_unused(token, password):
    with pytest.raises(InvalidInput):
        sign_in.accept(token, "Ann", password, SOURCE)
    assert links.look(token)


@pytest.mark.usefixtures("ann")
def test_a_link_works_once(token):
    with pytest.raises(NotFound):
        sign_in.accept(token, "Mallory", PASSWORD, SOURCE)


def test_a_link_ends_after_72_hours(aws, token):
    aws.clock.advance(hours=72)
    with pytest.raises(NotFound):
        links.use(token)


def test_of_many_uses_at_once_one_succeeds(token):
    results = []

    def use():
        try:
            results.append(links.use(token))
        except NotFound:
            results.append(None)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert sum(result is not None for result in results) == 1


def test_links_are_kept_as_hashes_only(token):
    assert token not in str([row.to_simple_dict() for row in links.LinkRow.scan()])


@pytest.mark.usefixtures("ann")
def test_an_address_belongs_to_one_user_of_all_tenants():
    with pytest.raises(Conflict):
        make_tenant(name="Other Ltd", email="ANN@acme.test ")


@pytest.mark.usefixtures("ann")
def test_a_refused_tenant_leaves_nothing_behind():
    before = len(list(store.UserRow.scan()))
    with pytest.raises(Conflict):
        make_tenant(name="Other Ltd", email="ann@acme.test")
    assert len(list(store.UserRow.scan())) == before


@pytest.mark.parametrize("email", ["", "ann", "ann@acme", "a b@acme.test", "x" * 300 + "@a.test"])
def test_what_is_not_an_address_is_refused(email):
    with pytest.raises(InvalidInput):
        make_tenant(name="Acme Ltd", email=email)


@pytest.mark.usefixtures("token")
def test_links_and_counts_expire_by_themselves_in_the_table(aws):
    row = next(iter(links.LinkRow.scan(links.LinkRow.sk == "link")))
    assert row.expires_at == aws.clock.now() + timedelta(hours=72)
