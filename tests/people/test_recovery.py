"""Recovery codes: single use, hashed, and throttled like any second factor."""

import threading

import pyotp
import pytest

from chalicelib.errors import Conflict, InvalidInput, TooManyRequests
from chalicelib.people import recovery, store, two_factor
from chalicelib.people.make_tenant import make_tenant
from chalicelib.people.store import UserRow

SOURCE = "192.0.2.7"


def enrolled(aws, email):
    tenant_id = make_tenant(name="Acme Ltd", email=email)["tenant_id"]
    (user,) = store.users(tenant_id)
    seed = two_factor.begin(user)
    user = store.user(tenant_id, user.user_id)
    two_factor.confirm(user, pyotp.TOTP(seed).at(aws.clock.now()), SOURCE)
    return store.user(tenant_id, user.user_id)


@pytest.fixture
def ann(aws):
    return enrolled(aws, "ann@acme.test")


@pytest.fixture
def codes(ann):
    return recovery.renew(ann.caller(), ann)


def test_there_are_ten_of_80_random_bits_each(codes):
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 16 for code in codes)


def test_codes_are_stored_as_hashes_only(codes):
    stored = str([row.to_simple_dict(force=True) for row in UserRow.scan()])
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]


def test_each_works_once(ann, codes):
    assert [recovery.use(ann, code, SOURCE) for code in codes] == list(range(9, -1, -1))
    with pytest.raises(InvalidInput):
        recovery.use(ann, codes[0], SOURCE)


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize("code", ["", "-", "0000-0000-0000-0000", "x" * 5000])
def test_what_is_none_of_them_is_refused(ann, code):
    with pytest.raises(InvalidInput):
        recovery.use(ann, code, SOURCE)


def test_it_does_not_matter_how_a_code_is_typed(ann, codes):
    recovery.use(ann, f" {codes[0].upper().replace('-', ' ')} ", SOURCE)
    recovery.use(ann, codes[1].replace("-", "").replace("0", "O").replace("1", "l"), SOURCE)


def test_of_many_uses_of_one_code_at_once_one_succeeds(ann, codes):
    results = []

    def use(number):
        try:
            results.append(recovery.use(ann, codes[0], f"192.0.2.{number}"))
        except (InvalidInput, TooManyRequests):
            results.append(None)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result for result in results if result is not None] == [9]


def test_new_codes_replace_the_old_ones(ann, codes):
    recovery.renew(ann.caller(), ann)
    with pytest.raises(InvalidInput):
        recovery.use(ann, codes[0], SOURCE)
    assert store.user(ann.tenant_id, ann.user_id).recovery_codes_left == 10


def test_guessing_is_delayed_together_with_codes_of_the_phone(ann, codes):
    for _ in range(5):
        with pytest.raises(InvalidInput):
            two_factor.verify(ann, "000000", SOURCE)
    with pytest.raises(TooManyRequests):
        recovery.use(ann, codes[0], SOURCE)


def test_somebody_elses_code_is_worth_nothing(aws, codes):
    bob = enrolled(aws, "bob@other.test")
    recovery.renew(bob.caller(), bob)
    with pytest.raises(InvalidInput):
        recovery.use(bob, codes[0], SOURCE)


def test_a_reset_takes_the_codes_along(ann, codes):
    two_factor.reset(ann.caller(), ann)
    with pytest.raises(InvalidInput):
        recovery.use(ann, codes[0], SOURCE)
    with pytest.raises(Conflict):
        recovery.renew(ann.caller(), ann)
