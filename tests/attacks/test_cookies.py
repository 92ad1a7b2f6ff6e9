"""Cookies are for our pages only: out of reach of scripts, other sites, and other hosts."""

import pytest
from bs4 import BeautifulSoup

from tests.support.aws import mocked_account
from tests.support.browser import PASSWORD, Administrator, Browser, application, set_cookies

HTTPS = "https://bill.example"


def walk(client, account, base):
    """Every answer from the one-time link to signing out."""
    ann = Administrator(client, account)
    browser = Browser(client, base)
    password = {"name": "Ann", "password": PASSWORD, "again": PASSWORD}
    yield browser.get(ann.link)
    yield browser.post(ann.link, password)
    page = browser.get("/two-factor")
    yield page
    key = BeautifulSoup(page.body, "html.parser").select_one("#key")
    ann.secret = key.get_text().replace(" ", "")
    yield browser.post("/two-factor", {"code": ann.code()})
    yield browser.get("/home")
    yield browser.get("/xero/callback?error=access_denied&state=x")
    yield browser.get("/settings/xero")
    yield browser.post("/sign-out")
    yield browser.get("/sign-in")


@pytest.fixture(params=["http://localhost:8000", HTTPS])
def answers(request):
    with mocked_account(PUBLIC_BASE_URL=request.param) as account, application() as client:
        yield request.param, list(walk(client, account, request.param))


def test_every_cookie_is_for_our_pages_only(answers):
    base, given = answers
    cookies = [text for answer in given for text in set_cookies(answer)]
    kinds = {text.partition("=")[0].removeprefix("__Host-").split("-")[1] for text in cookies}
    assert kinds == {"session", "csrf", "notice"}
    for text in cookies:
        flags = text.split("; ")[1:]
        assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(flags), text
        assert "Domain" not in text
        assert ("Secure" in flags) == text.startswith("__Host-workbill-") == (base == HTTPS), text


def test_every_answer_holds_browsers_to_https(answers):
    for answer in answers[1]:
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
