"""What every page shares, for each route that there is."""

import re
from dataclasses import replace

from bs4 import BeautifulSoup

from chalicelib.people import sessions, store
from chalicelib.people.model import Role
from chalicelib.people.sessions import SessionState
from tests.support.browser import Administrator, location
from tests.support.pages import CLOSED, GETS, OPEN, POSTS, filled


def led_to_sign_in(browser, method, path):
    response = browser.get(filled(path)) if method == "GET" else browser.post(filled(path))
    return response.status_code == 302 and location(response).startswith("/sign-in?next=")


def html_pages(browser):
    """Every page that answers with one, each with its path."""
    for path in GETS:
        response = browser.get(path)
        if "text/html" in response.headers.get("Content-Type", ""):
            yield path, response, BeautifulSoup(response.body, "html.parser")


def test_strangers_are_led_to_sign_in(browser):
    assert [page for page in CLOSED if not led_to_sign_in(browser, *page)] == []


def test_the_password_alone_opens_nothing(client, aws):
    ann = Administrator(client, aws)
    ann.choose_password()
    assert [page for page in CLOSED if not led_to_sign_in(ann.browser, *page)] == []


def test_every_page_may_hold_only_our_own_files_and_is_stored_nowhere(ann):
    for path, response, _ in html_pages(ann.browser):
        assert response.headers["Cache-Control"] == "no-store", path
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        inline = r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|<style"
        assert not re.search(inline, response.body.decode()), path


def test_every_page_links_to_help_and_has_one_heading(ann):
    for path, _, page in html_pages(ann.browser):
        assert page.find("a", href="https://support.example/"), path
        assert len(page.find_all("h1")) == 1, path
        assert page.html["lang"] == "en", path
        assert page.title.string.strip(), path


def test_every_field_of_every_page_has_a_label(ann):
    for path, _, page in html_pages(ann.browser):
        for field in page.select("input:not([type=hidden], [type=submit]), select, textarea"):
            label = page.find("label", attrs={"for": field.get("id") or True})
            named = (field.get("id") and label) or field.find_parent("label")
            assert named or field.get("aria-label"), f"{path}: {field}"


def test_a_viewer_changes_nothing_and_sees_no_settings_of_the_tenant(ann):
    viewer = as_role(ann, Role.VIEWER)
    closed = [path for path in POSTS if path not in OPEN | {"/profile"}]
    statuses = {path: viewer.post(filled(path)).status_code for path in closed}
    assert {path: status for path, status in statuses.items() if status != 403} == {}
    assert viewer.get("/settings/users").status_code == 403
    assert viewer.get("/home").status_code == 200


def test_a_biller_may_bill_and_not_administer(ann):
    biller = as_role(ann, Role.BILLER)
    for path in ("/settings/users", "/settings/company", "/settings/api-keys"):
        assert biller.get(path).status_code == 403
    assert biller.get("/clients/new").status_code == 200


def as_role(person, role):
    """The person's browser after the session began again in another role."""
    user = store.user_by_email(person.email)
    store.change(user, store.UserRow.role.set(role.value))
    token = sessions.start(replace(user, role=role), state=SessionState.FULL)
    person.browser.cookies["workbill-session-8000"] = token
    person.browser.get("/help")
    return person.browser
