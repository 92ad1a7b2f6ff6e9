"""The way in, on the deployed stack: slower with each guess, and out again."""

import pytest

from local.demo.person import LostError, Person


@pytest.fixture
def person(demo):
    person = Person()
    person.open(f"{demo['base_url']}/sign-in")
    return person


def guess(person, email):
    with pytest.raises(LostError, match=r"401|429") as refused:
        person.press("Sign in", email=email, password="not this one")
    return str(refused.value)


def test_guessing_a_password_is_slowed_down(person):
    answers = [guess(person, "nobody@nowhere.test") for _ in range(7)]

    assert [answer[:3] for answer in answers[:5]] == ["401"] * 5
    assert answers[-1].startswith("429")


def test_signing_out_ends_the_session(connected, demo):
    connected.person.open(f"{demo['base_url']}/home")
    connected.person.press("Sign out")
    connected.person.open(f"{demo['base_url']}/home")

    assert "/sign-in" in connected.person.address

    connected.sign_in()
    assert "/home" in connected.person.address
