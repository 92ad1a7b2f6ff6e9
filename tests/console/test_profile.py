"""The profile: one's own password, two-factor and sessions."""

import pytest

from chalicelib.people import sessions, store
from tests.support.browser import PASSWORD, Administrator, Browser, location

PROFILE = "/profile"
SESSION = "workbill-session-8000"
NEW = "seventeen purple hippos waltz"


def act(person, **fields):
    person.browser.get(PROFILE)
    return person.browser.post(PROFILE, fields)


def change(person, **fields):
    given = {"present": PASSWORD, "password": NEW, "again": NEW, **fields}
    return act(person, act="password", **given)


@pytest.fixture
def elsewhere(ann, client):
    """Ann's browser on another machine, fully signed in."""
    here, ann.browser = ann.browser, Browser(client)
    ann.sign_in()
    there, ann.browser = ann.browser, here
    return there


def test_a_changed_password_keeps_this_browser_in_under_a_new_token(ann, elsewhere):
    before = ann.browser.cookies[SESSION]
    assert location(change(ann)) == PROFILE
    assert ann.browser.cookies[SESSION] != before
    assert ann.browser.get("/home").status_code == 200
    assert sessions.load(before) is None
    assert location(elsewhere.get("/home")).startswith("/sign-in")


def test_a_changed_password_is_no_second_factor(ann):
    ann.aws.clock.advance(minutes=11)
    change(ann)
    assert location(act(ann, act="two-factor")).startswith("/second-factor")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"present": "wrong wrong wrong"}, b"not your present password"),
        ({"again": "another"}, b"differ"),
        ({"password": "password1234", "again": "password1234"}, b"too easy to guess"),
    ],
)
def test_a_change_that_cannot_be_is_told_beside_its_field(ann, fields, sentence):
    response = change(ann, **fields)
    assert response.status_code == 400
    assert sentence in response.body
    assert PASSWORD.encode() not in response.body


def test_guessing_with_a_stolen_session_is_delayed(ann):
    for _ in range(5):
        change(ann, present="wrong wrong wrong")
    response = change(ann)
    assert response.status_code == 429
    assert b"Too many tries" in response.body


def test_sessions_are_listed_with_where_they_are(ann, elsewhere):
    page = ann.browser.page(PROFILE)
    assert len(page.select(".sessions li")) == 2
    assert "This one" in page.get_text()
    assert elsewhere.cookies[SESSION] not in str(page)


def test_one_session_is_ended(ann, elsewhere):
    other = sessions.load(elsewhere.cookies[SESSION]).id_hash
    assert location(act(ann, act="end-session", session=other)) == PROFILE
    assert location(elsewhere.get("/home")).startswith("/sign-in")
    assert ann.browser.get("/home").status_code == 200


def test_ending_the_session_here_signs_out(ann):
    here = sessions.load(ann.browser.cookies[SESSION]).id_hash
    assert location(act(ann, act="end-session", session=here)) == "/sign-in"
    assert SESSION not in ann.browser.cookies


def test_all_other_sessions_are_ended(ann, elsewhere):
    act(ann, act="end-others")
    assert location(elsewhere.get("/home")).startswith("/sign-in")
    assert ann.browser.get("/home").status_code == 200


def test_nobody_ends_somebody_elses_session(ann, client, aws):
    bob = Administrator(client, aws, company="Other Ltd", email="bob@other.test").set_up()
    theirs = sessions.load(bob.browser.cookies[SESSION]).id_hash
    assert act(ann, act="end-session", session=theirs).status_code == 404
    assert bob.browser.get("/home").status_code == 200


def test_a_new_phone_takes_a_recent_code_and_ends_the_old_one(ann, elsewhere):
    before = ann.secret
    assert location(act(ann, act="two-factor")).startswith("/two-factor")
    for browser in (ann.browser, elsewhere):
        assert location(browser.get("/home")).startswith("/sign-in")
    page = ann.browser.page("/two-factor")
    ann.secret = page.select_one("#key").get_text().replace(" ", "")
    assert ann.secret != before
    ann.browser.post("/two-factor", {"code": ann.code()})
    assert ann.browser.get("/home").status_code == 200


def test_new_recovery_codes_take_a_recent_code_and_replace_the_old_ones(ann):
    ann.browser.get(PROFILE)
    page = ann.browser.read(PROFILE, {"act": "recovery-codes"})
    codes = [code.get_text() for code in page.select("#recovery-codes code")]
    assert len(codes) == 10
    assert not set(codes) & set(ann.recovery_codes)
    assert codes[0] not in ann.browser.get(PROFILE).body.decode()
    ann.browser.get("/second-factor/recovery")
    refused = ann.browser.post("/second-factor/recovery", {"code": ann.recovery_codes[0]})
    assert refused.status_code == 400
    ann.aws.clock.advance(minutes=11)
    assert location(act(ann, act="recovery-codes")).startswith("/second-factor")


def test_how_many_recovery_codes_are_left_is_shown(ann):
    assert "10 left" in ann.browser.page(PROFILE).get_text()
    ann.browser.get("/second-factor/recovery")
    ann.browser.post("/second-factor/recovery", {"code": ann.recovery_codes[0]})
    assert "9 left" in ann.browser.page(PROFILE).get_text()


def test_an_act_that_there_is_not_changes_nothing(ann):
    before = store.user_by_email(ann.email)
    assert act(ann, act="nothing").status_code == 400
    assert store.user_by_email(ann.email) == before
