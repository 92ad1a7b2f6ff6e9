"""Every act about people and keys is in the trail: who, what, when, from where, how it ended."""

import re

import pytest

from chalicelib.audit import trail
from chalicelib.people import store
from tests.support.browser import PASSWORD, Colleague

DOORS = {"/sign-in", "/second-factor", "/second-factor/recovery"}
USERS, PROFILE, KEYS = "/settings/users", "/profile", "/settings/api-keys"


ENROLLED = {
    ("password", "done"),
    ("two-factor set up", "done"),
    ("recovery codes made", "done"),
}


@pytest.fixture
def aws(aws_with_mail):
    return aws_with_mail


def post(person, path, **fields):
    """Send a form, with the token of a page seen just before."""
    person.browser.get(path if path in DOORS else "/help")
    return person.browser.post(path, fields)


def link(page):
    return re.search(rb'id="link">http://localhost:8000([^<]+)<', page.body)[1].decode()


def test_what_people_do_is_recorded_with_who_what_when_whence_and_how_it_ended(ann, client, aws):
    ben_link = link(post(ann, USERS, email="ben@acme.test", role="biller"))
    ben = Colleague(client, aws, ben_link, "ben@acme.test").set_up()
    ben_at = f"{USERS}/{store.user_by_email('ben@acme.test').user_id}"
    post(ann, ben_at, act="role", role="viewer")
    post(ann, ben_at, act="link")
    post(ann, ben_at, act="two-factor")
    post(ann, ben_at, act="deactivate")
    post(ann, ben_at, act="reactivate")
    post(ann, KEYS, name="Tracker", scopes="read")
    key_id = re.search(rb"/settings/api-keys/(\w+)/revoke", ann.browser.get(KEYS).body)[1]
    post(ann, f"{KEYS}/{key_id.decode()}/revoke")
    post(ann, PROFILE, act="recovery-codes")
    post(ann, PROFILE, act="end-others")
    post(ann, "/sign-out")
    post(ann, "/sign-in", email=ann.email, password="not this one")
    post(ann, "/sign-in", email=ann.email, password=PASSWORD)
    post(ann, "/second-factor", code="000000")
    post(ann, "/second-factor/recovery", code=ann.recovery_codes[0])
    ann.sign_in()

    entries = trail.entries(ann.tenant_id)

    def by(person):
        actor = f"user:{store.user_by_email(person.email).user_id}"
        return {(one.what, one.result) for one in entries if one.actor == actor}

    assert by(ben) == ENROLLED
    assert by(ann) == ENROLLED | {
        ("user invited", "done"),
        ("mail", "done"),
        ("role changed", "done"),
        ("password reset", "done"),
        ("two-factor reset", "done"),
        ("user deactivated", "done"),
        ("user reactivated", "done"),
        ("api-key made", "done"),
        ("api-key revoked", "done"),
        ("other sessions ended", "done"),
        ("sign-out", "done"),
        ("sign-in", "refused"),
        ("second factor", "refused"),
        ("recovery code", "refused"),
        ("sign-in", "done"),
    }
    people = [one for one in entries if one.name != "The operator"]
    assert {one.source for one in people} == {"127.0.0.1"}
    assert [one.at for one in entries] == sorted(one.at for one in entries)
    assert entries[-1].at.startswith("2026-11-23T09:00:")
