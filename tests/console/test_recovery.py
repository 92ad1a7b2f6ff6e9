"""Signing in with a recovery code."""

import pytest

from chalicelib.audit import trail
from chalicelib.people import sessions
from tests.support.browser import PASSWORD, Browser, location

RECOVERY = "/second-factor/recovery"
SESSION = "workbill-session-8000"


@pytest.fixture
def lost(ann, client):
    """Ann's browser after the password, without her phone."""
    browser = Browser(client)
    browser.get("/sign-in")
    browser.post("/sign-in", {"email": ann.email, "password": PASSWORD})
    browser.get(RECOVERY)
    return browser


def test_a_recovery_code_signs_in_and_says_how_many_are_left(ann, lost):
    before = lost.cookies[SESSION]
    came = lost.post(RECOVERY, {"code": ann.recovery_codes[3], "next": "/clients"})
    assert location(came) == "/clients"
    assert lost.cookies[SESSION] != before
    assert sessions.load(before) is None
    assert b"9 recovery codes left" in lost.get("/clients").body


def test_a_used_code_does_not_sign_in_again(ann, lost, client):
    lost.post(RECOVERY, {"code": ann.recovery_codes[3]})
    thief = Browser(client)
    thief.get("/sign-in")
    thief.post("/sign-in", {"email": ann.email, "password": PASSWORD})
    thief.get(RECOVERY)
    assert thief.post(RECOVERY, {"code": ann.recovery_codes[3]}).status_code == 400
    assert location(thief.get("/home")).startswith("/sign-in")


def test_a_code_without_the_password_opens_nothing(ann, browser):
    browser.get("/sign-in")
    came = browser.post(RECOVERY, {"code": ann.recovery_codes[0]})
    assert location(came).startswith("/sign-in")


def test_guessing_is_delayed(ann, lost):
    for _ in range(5):
        assert lost.post(RECOVERY, {"code": "0000-0000-0000-0000"}).status_code == 400
    assert lost.post(RECOVERY, {"code": ann.recovery_codes[0]}).status_code == 429


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example"])
def test_no_one_is_led_away_from_here(ann, lost, elsewhere):
    assert elsewhere not in lost.get(f"{RECOVERY}?next={elsewhere}").body.decode()
    came = lost.post(RECOVERY, {"code": ann.recovery_codes[0], "next": elsewhere})
    assert location(came) == "/home"


def test_codes_are_on_the_page_that_made_them_only(ann):
    for path in ("/home", "/profile", "/settings/users", RECOVERY):
        body = ann.browser.get(path).body.decode()
        assert not [code for code in ann.recovery_codes if code in body]


def test_the_trail_tells_a_recovery_code_from_a_phone(ann, lost):
    lost.post(RECOVERY, {"code": "wrong"})
    lost.post(RECOVERY, {"code": ann.recovery_codes[0]})
    refused, done = trail.entries(ann.tenant_id)[-2:]
    assert (refused.what, refused.result) == ("recovery code", "refused")
    assert (done.what, done.facts) == ("sign-in", {"recovery_codes_left": 9})
