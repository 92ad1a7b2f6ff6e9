"""The second factor: enrolment, codes used once, and throttling."""

import threading
from base64 import b64decode
from dataclasses import replace

import pyotp
import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import Conflict, InvalidInput, TooManyRequests
from chalicelib.people import seeds, store, two_factor
from chalicelib.people.make_tenant import make_tenant

SOURCE = "192.0.2.7"
FULL_WIDTH = "\uff11\uff12\uff13\uff14\uff15\uff16"


@pytest.fixture
def phone(aws):
    return Phone(aws)


class Phone:
    """A user with an authenticator app; enrolled when asked to."""

    def __init__(self, aws):
        self.aws = aws
        tenant_id = make_tenant(name="Acme Ltd", email="ann@acme.test")["tenant_id"]
        self.place = (tenant_id, store.users(tenant_id)[0].user_id)
        self.seed = two_factor.begin(self.user)

    @property
    def user(self):
        return store.user(*self.place)

    def code(self, steps=0):
        return pyotp.TOTP(self.seed).at(int(self.aws.clock.now().timestamp()) + 30 * steps)

    def enrol(self):
        two_factor.confirm(self.user, self.code(), SOURCE)
        self.aws.clock.advance(seconds=30)
        return self

    def verify(self, code):
        two_factor.verify(self.user, code, SOURCE)


def test_a_right_code_finishes_enrolment(phone):
    two_factor.confirm(phone.user, phone.code(), SOURCE)
    assert phone.user.has_two_factor


def test_a_wrong_code_does_not_finish_enrolment(phone):
    with pytest.raises(InvalidInput):
        two_factor.confirm(phone.user, "000000", SOURCE)
    assert not phone.user.has_two_factor


def test_enrolment_begun_twice_keeps_its_key(phone):
    assert two_factor.begin(phone.user) == phone.seed


def test_the_key_is_never_shown_again_after_enrolment(phone):
    with pytest.raises(Conflict):
        two_factor.begin(phone.enrol().user)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_phone_may_be_one_step_off(phone, steps):
    phone.enrol().aws.clock.advance(seconds=60)
    phone.verify(phone.code(steps))


@pytest.mark.parametrize("steps", [-2, 2])
def test_two_steps_off_is_too_far(phone, steps):
    phone.enrol().aws.clock.advance(seconds=90)
    with pytest.raises(InvalidInput):
        phone.verify(phone.code(steps))


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (2, "about a minute fast"),
        (5, "about 2 minutes fast"),
        (10, "about 5 minutes fast"),
        (-2, "about a minute old"),
        (-10, "about 5 minutes old"),
    ],
)
def test_a_clock_that_is_off_is_told_from_a_wrong_code(phone, steps, sentence):
    phone.enrol().aws.clock.advance(minutes=10)
    with pytest.raises(InvalidInput, match=sentence):
        phone.verify(phone.code(steps))


@pytest.mark.parametrize("steps", [-11, 11])
def test_a_code_of_another_hour_is_just_wrong(phone, steps):
    phone.enrol().aws.clock.advance(minutes=10)
    with pytest.raises(InvalidInput, match="is not right"):
        phone.verify(phone.code(steps))


def test_codes_of_a_clock_that_is_off_count_as_failures(phone):
    phone.enrol()
    for steps in range(3, 8):
        with pytest.raises(InvalidInput):
            phone.verify(phone.code(steps))
    with pytest.raises(TooManyRequests):
        phone.verify(phone.code())


def test_a_code_works_once(phone):
    phone.enrol().verify(phone.code())
    with pytest.raises(InvalidInput):
        phone.verify(phone.code())


def test_the_code_of_enrolment_does_not_sign_in(phone):
    code = phone.code()
    two_factor.confirm(phone.user, code, SOURCE)
    with pytest.raises(InvalidInput):
        phone.verify(code)


def test_a_code_older_than_an_accepted_one_is_refused(phone):
    older = phone.enrol().code()
    phone.verify(phone.code(1))
    with pytest.raises(InvalidInput):
        phone.verify(older)


def test_of_many_uses_of_one_code_at_once_one_succeeds(phone):
    code, user = phone.enrol().code(), phone.user
    taken = []

    def use():
        step = two_factor._step_of(phone.seed, code)
        taken.append(two_factor._take_step(user, step, None))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 1


def test_guessing_codes_is_delayed(phone):
    phone.enrol()
    for _ in range(5):
        with pytest.raises(InvalidInput):
            phone.verify("000000")
    with pytest.raises(TooManyRequests):
        phone.verify(phone.code())


def test_blanks_in_a_code_do_not_matter(phone):
    code = phone.enrol().code()
    phone.verify(f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", FULL_WIDTH])
def test_what_is_no_code_is_refused(phone, code):
    with pytest.raises(InvalidInput):
        phone.enrol().verify(code)


def test_the_seed_is_stored_encrypted(phone):
    stored = phone.user.totp_seed
    assert phone.seed not in stored
    assert phone.seed.encode() not in b64decode(stored)


def test_a_seed_moved_to_another_user_does_not_open(phone):
    make_tenant(name="Other Ltd", email="mallory@other.test")
    thief = replace(store.user_by_email("mallory@other.test"), totp_seed=phone.user.totp_seed)
    with pytest.raises(ClientError):
        seeds.unlock(thief)


def test_the_picture_says_the_typed_key(phone):
    address = two_factor.address(phone.user, phone.seed)
    assert pyotp.parse_uri(address).secret == phone.seed
    assert two_factor.picture(address).startswith("data:image/svg+xml")
