"""The way in: link, password, second factor; and the way out."""

import pytest

from chalicelib.people import sessions, store
from tests.support.browser import PASSWORD, Administrator, Browser, location

NAME = "workbill-session-8000"


def test_a_new_administrator_gets_from_the_link_to_home(client, aws):
    ann = Administrator(client, aws)
    assert b"Acme Ltd" in ann.browser.get(ann.link).body
    assert location(ann.choose_password()) == "/two-factor"
    ann.set_up_again = ann.browser.page("/two-factor")
    ann.secret = ann.set_up_again.select_one("#key").get_text().replace(" ", "")
    done = ann.browser.read("/two-factor", {"code": ann.code()})
    assert done.find("a", string="I have kept them")["href"].endswith("/home")
    assert "First steps" in ann.browser.page("/home").get_text()


def test_opening_the_link_leaves_it_unused(client, aws):
    ann = Administrator(client, aws)
    for _ in range(3):
        assert ann.browser.get(ann.link).status_code == 200


def test_a_used_link_says_so(ann):
    response = ann.browser.get(ann.link)
    assert response.status_code == 404
    assert b"Ask for a new one" in response.body


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "password": PASSWORD, "again": PASSWORD}, b"Your name"),
        ({"name": "Ann", "password": "short", "again": "short"}, b"12 to 256"),
        ({"name": "Ann", "password": PASSWORD, "again": "other"}, b"differ"),
    ],
)
def test_a_form_not_filled_well_is_shown_again(client, aws, fields, sentence):
    ann = Administrator(client, aws)
    ann.browser.get(ann.link)
    response = ann.browser.post(ann.link, fields)
    assert response.status_code == 400
    assert sentence in response.body
    assert PASSWORD.encode() not in response.body


def test_password_and_code_lead_to_the_page_that_was_asked_for(ann):
    ann.browser.post("/sign-out")
    asked = ann.browser.get("/settings/company")
    assert location(asked) == "/sign-in?next=/settings/company"
    ann.sign_in(next_path="/settings/company")
    assert ann.browser.get("/settings/company").status_code == 200


@pytest.mark.usefixtures("ann")
def test_a_wrong_password_and_an_unknown_address_read_the_same(client):
    pages = []
    for email in ("ann@acme.test", "nobody@acme.test"):
        browser = Browser(client)
        browser.get("/sign-in")
        response = browser.post("/sign-in", {"email": email, "password": "wrong wrong wrong"})
        assert response.status_code == 401
        pages.append(
            response.body.replace(email.encode(), b"").replace(browser.csrf.encode(), b"")
        )
    assert pages[0] == pages[1]


def test_tries_too_many_are_asked_to_wait(ann):
    for _ in range(5):
        ann.browser.post("/second-factor", {"code": "000000"})
    response = ann.browser.post("/second-factor", {"code": ann.code(1)})
    assert response.status_code == 429
    assert b"Wait" in response.body


def test_a_code_used_before_is_refused(ann):
    response = ann.browser.post("/second-factor", {"code": ann.code()})
    assert response.status_code == 400


def test_signing_out_ends_the_session_on_our_side(ann):
    token = ann.browser.cookies[NAME]
    ann.browser.get("/home")
    assert location(ann.browser.post("/sign-out")) == "/sign-in"
    assert NAME not in ann.browser.cookies
    assert sessions.load(token) is None


def test_what_matters_asks_for_the_second_factor_and_comes_back(ann):
    ann.aws.clock.advance(minutes=11)
    ann.browser.get("/settings/api-keys")
    asked = ann.browser.post(
        "/settings/api-keys",
        {"name": "K", "scopes": ["admin"]},
        headers={"Referer": "http://localhost:8000/settings/api-keys"},
    )
    assert location(asked) == "/second-factor?next=/settings/api-keys"
    ann.browser.get("/second-factor?next=/settings/api-keys")
    given = ann.browser.post("/second-factor", {"code": ann.code(), "next": "/settings/api-keys"})
    assert location(given) == "/settings/api-keys"
    ann.browser.get("/settings/api-keys")
    made = ann.browser.post("/settings/api-keys", {"name": "K", "scopes": ["admin"]})
    assert made.status_code == 200


def test_nobody_enrols_a_second_time(ann):
    assert location(ann.browser.get("/two-factor")) == "/home"
    assert ann.browser.post("/two-factor", {"code": ann.code(1)}).status_code == 409


def test_an_enrolled_user_cannot_get_round_the_code_by_enrolling(ann, client):
    seed = store.user_by_email(ann.email).totp_seed
    thief = Browser(client)
    thief.get("/sign-in")
    thief.post("/sign-in", {"email": ann.email, "password": PASSWORD})
    thief.get("/second-factor")
    assert location(thief.get("/two-factor")).startswith("/second-factor")
    assert thief.post("/two-factor", {"code": "000000"}).status_code == 409
    assert store.user_by_email(ann.email).totp_seed == seed
