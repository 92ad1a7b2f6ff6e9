"""A session that an attacker knows beforehand is worth nothing after sign-in."""

from chalicelib.people import sessions
from chalicelib.people.make_tenant import make_tenant
from tests.support.browser import PASSWORD, Administrator, Browser, location

NAME = "workbill-session-8000"


def test_the_session_changes_at_each_step(client, aws):
    ann = Administrator(client, aws)
    ann.choose_password()
    first = ann.browser.cookies[NAME]
    ann.secret = ann.browser.page("/two-factor").select_one("#key").get_text().replace(" ", "")
    ann.browser.post("/two-factor", {"code": ann.code()})
    assert ann.browser.cookies[NAME] != first
    assert sessions.load(first) is None


def test_a_session_given_by_somebody_else_is_not_kept_at_sign_in(ann, client):
    planted = "planted-by-an-attacker"
    victim = Browser(client)
    victim.cookies[NAME] = planted
    victim.get("/sign-in")
    victim.post("/sign-in", {"email": ann.email, "password": PASSWORD})
    assert victim.cookies[NAME] != planted
    assert sessions.load(planted) is None


def test_somebody_elses_one_time_link_ends_the_session_here(ann):
    link = make_tenant(name="Other Ltd", email="bob@other.test")["link"]
    path = link.removeprefix("http://localhost:8000")
    ann.browser.get(path)
    fields = {"name": "Bob", "password": PASSWORD, "again": PASSWORD}
    assert ann.browser.post(path, fields).status_code == 302
    assert location(ann.browser.get("/home")).startswith("/sign-in")
