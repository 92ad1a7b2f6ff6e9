"""Settings → Users: inviting, links, roles, deactivation and resets by an administrator."""

import pytest

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.people import sessions, store
from tests.support.browser import PASSWORD, Administrator, Browser, Colleague, location
from tests.support.mail import REFUSED, Unwilling

USERS = "/settings/users"
SESSION = "workbill-session-8000"


def shown_link(page):
    return page.select_one("#link").get_text()


def invite(ann, email="ben@acme.test", role="biller"):
    """Invite by the page; answers with the link that it shows."""
    ann.browser.get(USERS)
    return shown_link(ann.browser.read(USERS, {"email": email, "role": role}))


@pytest.fixture
def ben(ann, client, aws):
    """A biller, invited by Ann, enrolled and fully signed in."""
    person = Colleague(client, aws, invite(ann), "ben@acme.test").set_up()
    person.user = store.user_by_email(person.email)
    return person


def act(ann, person, **fields):
    path = f"{USERS}/{store.user_by_email(person.email).user_id}"
    ann.browser.get(path)
    return ann.browser.post(path, fields)


def test_an_invited_biller_gets_in_as_one(ann, ben):
    assert ben.browser.get("/home").status_code == 200
    assert ben.browser.get(USERS).status_code == 403
    assert "Biller" in ann.browser.page(USERS).get_text()


def test_the_link_is_shown_once_and_the_page_says_that_no_mail_goes_out(ann):
    ann.browser.get(USERS)
    made = ann.browser.read(USERS, {"email": "ben@acme.test", "role": "viewer"})
    assert "sends no e-mail" in made.get_text()
    again = ann.browser.get(USERS).body.decode()
    assert shown_link(made) not in again


class TestWithMail:
    @pytest.fixture
    def aws(self, aws_with_mail):
        return aws_with_mail

    def test_the_page_says_that_the_link_is_on_its_way(self, ann, aws):
        ann.browser.get(USERS)
        made = ann.browser.read(USERS, {"email": "ben@acme.test", "role": "viewer"})
        assert "is on its way to ben@acme.test" in made.get_text()
        assert "sends no e-mail" not in made.get_text()
        assert shown_link(made) in aws.mail()[-1].text

    def test_the_page_says_when_it_could_not_be_sent(self, ann):
        ann.browser.get(USERS)
        wiring.current().clients["ses"] = Unwilling(REFUSED)
        made = ann.browser.read(USERS, {"email": "ben@acme.test", "role": "viewer"})
        del wiring.current().clients["ses"]
        assert "could not be sent" in made.select_one(".notice.bad").get_text()
        assert shown_link(made)

    def test_too_many_links_for_one_are_told_on_the_page(self, ann, aws):
        invite(ann)
        path = f"{USERS}/{store.user_by_email('ben@acme.test').user_id}"
        ann.browser.get(path)
        for _ in range(5):
            ann.browser.read(path, {"act": "link"})
        assert "Too many tries" in ann.browser.read(path, {"act": "link"}, status=429).get_text()
        assert len(aws.mail()) == 7


def test_the_invitation_says_what_one_becomes(ann, browser):
    path = invite(ann, role="viewer").removeprefix("http://localhost:8000")
    assert b"become a viewer of" in browser.get(path).body


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "ben", "role": "biller"}, "not an e-mail address"),
        ({"email": "ben@acme.test", "role": "owner"}, "Roles are"),
        ({"email": "ANN@acme.test", "role": "biller"}, "is a user already"),
    ],
)
def test_an_invitation_that_cannot_be_is_told_beside_its_field(ann, fields, sentence):
    ann.browser.get(USERS)
    assert sentence in ann.browser.read(USERS, fields, status=400).get_text()


def test_an_address_of_another_tenant_is_refused_without_naming_it(ann, client, aws):
    Administrator(client, aws, company="Other Ltd", email="bob@other.test")
    ann.browser.get(USERS)
    fields = {"email": "bob@other.test", "role": "biller"}
    text = ann.browser.read(USERS, fields, status=400).get_text()
    assert "cannot be used here" in text
    assert "Other Ltd" not in text


def test_a_new_invitation_voids_the_one_before(ann, browser):
    first = invite(ann)
    path = f"{USERS}/{store.user_by_email('ben@acme.test').user_id}"
    ann.browser.get(path)
    second = shown_link(ann.browser.read(path, {"act": "link"}))
    statuses = [
        browser.get(link.removeprefix("http://localhost:8000")) for link in (first, second)
    ]
    assert [response.status_code for response in statuses] == [404, 200]


def test_an_expired_invitation_can_be_made_anew(ann, aws, browser):
    invite(ann)
    aws.clock.advance(hours=73)
    ann.sign_in()
    path = f"{USERS}/{store.user_by_email('ben@acme.test').user_id}"
    ann.browser.get(path)
    link = shown_link(ann.browser.read(path, {"act": "link"}))
    assert browser.get(link.removeprefix("http://localhost:8000")).status_code == 200


def test_a_password_is_reset_by_a_link_that_ends_every_session(ann, ben, client):
    path = f"{USERS}/{ben.user.user_id}"
    ann.browser.get(path)
    link = shown_link(ann.browser.read(path, {"act": "link"}))
    here = Browser(client)
    address = link.removeprefix("http://localhost:8000")
    assert b"Choose a new password" in here.get(address).body
    new = "seventeen purple hippos waltz"
    done = here.post(address, {"name": "Ben", "password": new, "again": new})
    assert location(done) == "/second-factor"
    assert sessions.load(ben.browser.cookies[SESSION]) is None
    old = Browser(client)
    old.get("/sign-in")
    fields = {"email": ben.email, "password": PASSWORD}
    assert old.post("/sign-in", fields).status_code == 401


def test_a_password_link_does_not_get_round_the_second_factor(ann, ben, client):
    path = f"{USERS}/{ben.user.user_id}"
    ann.browser.get(path)
    link = shown_link(ann.browser.read(path, {"act": "link"}))
    thief = Browser(client)
    thief.get(link.removeprefix("http://localhost:8000"))
    new = "seventeen purple hippos waltz"
    thief.post(
        link.removeprefix("http://localhost:8000"),
        {"name": "Ben", "password": new, "again": new},
    )
    assert location(thief.get("/home")).startswith("/sign-in")
    assert location(thief.get("/two-factor")).startswith("/second-factor")


def test_a_reset_two_factor_is_set_up_anew_before_anything_else(ann, ben, client):
    before = ben.secret
    assert act(ann, ben, act="two-factor").status_code == 302
    assert sessions.load(ben.browser.cookies[SESSION]) is None
    ben.browser = Browser(client)
    ben.browser.get("/sign-in")
    came = ben.browser.post("/sign-in", {"email": ben.email, "password": PASSWORD})
    assert location(came).startswith("/two-factor")
    assert location(ben.browser.get("/home")).startswith("/sign-in")
    page = ben.browser.page("/two-factor")
    assert page.select_one("#key").get_text().replace(" ", "") != before


def test_of_a_connected_tenant_nobody_does_anything_before_two_factor(ann, client, aws):
    books = Connection(ann.tenant_id, state=ConnectionState.ACTIVE, organisation_id="org-1")
    connections.claim(books, connections.get(ann.tenant_id))
    ben = Colleague(client, aws, invite(ann), "ben@acme.test")
    assert location(ben.choose_password()) == "/two-factor"
    for path in ("/home", "/clients", "/invoices", "/profile", "/settings/xero"):
        assert location(ben.browser.get(path)).startswith("/sign-in")
    page = ben.browser.page("/two-factor")
    ben.secret = page.select_one("#key").get_text().replace(" ", "")
    ben.browser.post("/two-factor", {"code": ben.code()})
    assert ben.browser.get("/invoices").status_code == 200


def test_a_change_of_role_takes_effect_at_once(ann, ben):
    assert location(act(ann, ben, act="role", role="viewer")) == f"{USERS}/{ben.user.user_id}"
    assert location(ben.browser.get("/home")).startswith("/sign-in")
    ben.sign_in()
    assert ben.browser.get("/clients/new").status_code == 403


def test_who_is_deactivated_is_out_at_once_and_learns_nothing_at_the_door(ann, ben, client):
    act(ann, ben, act="deactivate")
    assert location(ben.browser.get("/home")).startswith("/sign-in")
    answers = []
    for password in (PASSWORD, "not the password"):
        browser = Browser(client)
        browser.get("/sign-in")
        answer = browser.post("/sign-in", {"email": ben.email, "password": password})
        answers.append((answer.status_code, answer.body.replace(browser.csrf.encode(), b"")))
    assert answers[0] == answers[1]
    act(ann, ben, act="reactivate")
    ben.sign_in()


def test_the_last_administrator_is_told_why_not(ann):
    for fields in ({"act": "deactivate"}, {"act": "role", "role": "viewer"}):
        response = act(ann, ann, **fields)
        assert response.status_code == 409
        assert b"last active administrator" in response.body


@pytest.mark.parametrize("fields", [{}, {"act": "nothing"}, {"act": "role", "role": "god"}])
def test_an_act_that_there_is_not_changes_nothing(ann, ben, fields):
    assert act(ann, ben, **fields).status_code == 400
    assert store.user_by_email(ben.email).role == "biller"


def test_every_act_demands_a_recent_second_factor(ann, ben):
    ann.aws.clock.advance(minutes=11)
    for name in ("role", "deactivate", "reactivate", "link", "two-factor"):
        assert location(act(ann, ben, act=name, role="viewer")).startswith("/second-factor")
    ann.browser.get(USERS)
    invited = ann.browser.post(USERS, {"email": "c@acme.test", "role": "viewer"})
    assert location(invited).startswith("/second-factor")
    assert "Confirm that it is you" in ann.browser.page(USERS).get_text()
    assert ben.browser.get("/home").status_code == 200


def test_another_tenants_user_does_not_exist(ann, client, aws):
    bob = Administrator(client, aws, company="Other Ltd", email="bob@other.test").set_up()
    path = f"{USERS}/{store.user_by_email(bob.email).user_id}"
    assert ann.browser.get(path).status_code == 404
    for name in ("role", "deactivate", "reactivate", "link", "two-factor"):
        ann.browser.get(USERS)
        answer = ann.browser.post(path, {"act": name, "role": "viewer"})
        assert answer.status_code == 404
    assert bob.browser.get("/home").status_code == 200


def test_the_trail_says_who_did_what_to_whom(ann, ben):
    act(ann, ben, act="role", role="viewer")
    act(ann, ben, act="two-factor")
    act(ann, ben, act="link")
    act(ann, ben, act="deactivate")
    about = f"user:{ben.user.user_id}"
    done = [entry.what for entry in trail.entries(ann.tenant_id) if entry.about == about]
    assert done[-4:] == ["role changed", "two-factor reset", "password reset", "user deactivated"]
