"""A browser over the application in this process: cookies, forms, CSRF tokens and redirects."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pyotp
from bs4 import BeautifulSoup
from chalice.test import Client, HTTPResponse

from chalicelib.people.make_tenant import make_tenant
from tests.support.aws import AWS

BASE = "http://localhost:8000"
PASSWORD = "correct horse battery staple"
PROJECT = Path(__file__).parents[2]


@contextmanager
def application() -> Iterator[Client]:
    """The whole application, called without a network."""
    from app import app

    with Client(app, project_dir=str(PROJECT)) as client:
        yield client


class Browser:
    """Keeps cookies as a browser does; follows no redirect by itself."""

    def __init__(self, client: Client, base: str = BASE) -> None:
        self.client = client
        self.base = base
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def get(self, path: str) -> HTTPResponse:
        return self._took(self.client.http.get(path, headers=self._headers()))

    def post(
        self,
        path: str,
        fields: Mapping[str, str | list[str]] | None = None,
        *,
        csrf: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HTTPResponse:
        """Post a form as our own page would; ``csrf`` replaces the page's token."""
        token = self.csrf if csrf is None else csrf
        body = urlencode({**(fields or {}), "csrf": token}, doseq=True).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base}
        sent = {**self._headers(), **kind, **(headers or {})}
        return self._took(self.client.http.post(path, headers=sent, body=body))

    def read(
        self, path: str, fields: Mapping[str, str | list[str]], *, status: int = 200
    ) -> BeautifulSoup:
        """The page that answers a posted form with that status."""
        response = self.post(path, fields)
        assert response.status_code == status, response.body
        return BeautifulSoup(response.body, "html.parser")

    def page(self, path: str) -> BeautifulSoup:
        """The page at a path, after any redirects."""
        response = self.get(path)
        while response.status_code == 302:
            response = self.get(location(response))
        return BeautifulSoup(response.body, "html.parser")

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _took(self, response: HTTPResponse) -> HTTPResponse:
        for text in set_cookies(response):
            for name, morsel in SimpleCookie(text).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        if "text/html" in response.headers.get("Content-Type", ""):
            field = BeautifulSoup(response.body, "html.parser").find("input", {"name": "csrf"})
            self.csrf = str(field["value"]) if field else self.csrf
        return response


class Administrator:
    """A tenant's first administrator at a browser, from the one-time link onwards."""

    def __init__(
        self, client: Client, aws: AWS, *, company: str = "Acme Ltd", email: str = "ann@acme.test"
    ) -> None:
        self.aws = aws
        self.browser = Browser(client)
        self.email = email
        made = make_tenant(name=company, email=email)
        self.tenant_id = made["tenant_id"]
        self.recovery_codes: list[str] = []
        self.link = urlsplit(made["link"]).path
        self.secret = ""

    def set_up(self) -> "Administrator":
        """Choose a password and enrol; signed in fully afterwards."""
        self.choose_password()
        page = self.browser.page("/two-factor")
        self.secret = page.select_one("#key").get_text().replace(" ", "")
        shown = self.browser.read("/two-factor", {"code": self.code()})
        self.recovery_codes = [code.get_text() for code in shown.select("#recovery-codes code")]
        self.browser.get("/help")
        return self

    def choose_password(self) -> HTTPResponse:
        self.browser.get(self.link)
        fields = {"name": "Ann", "password": PASSWORD, "again": PASSWORD}
        return self.browser.post(self.link, fields)

    def code(self, step: int = 0) -> str:
        """What the phone shows now, or so many steps later."""
        when = int(self.aws.clock.now().timestamp()) + 30 * step
        return pyotp.TOTP(self.secret).at(when)

    def sign_in(self, *, next_path: str = "") -> "Administrator":
        """Sign in with password and the next code; the clock moves on by a step."""
        self.aws.clock.advance(seconds=30)
        self.browser.get("/sign-in")
        self.browser.post(
            "/sign-in", {"email": self.email, "password": PASSWORD, "next": next_path}
        )
        self.browser.get("/second-factor")
        response = self.browser.post("/second-factor", {"code": self.code(), "next": next_path})
        assert response.status_code == 302
        return self


class Colleague(Administrator):
    """Somebody who was invited to a tenant that there is already."""

    def __init__(self, client: Client, aws: AWS, invitation: str, email: str) -> None:
        self.aws = aws
        self.browser = Browser(client)
        self.email = email
        self.link = urlsplit(invitation).path
        self.recovery_codes = []
        self.secret = ""


def location(response: HTTPResponse) -> str:
    """Where a redirect leads, without our address."""
    return str(response.headers["Location"]).removeprefix(BASE)


def set_cookies(response: HTTPResponse) -> list[str]:
    """Every cookie that a response sets."""
    found = response.headers.get("Set-Cookie", [])
    return found if isinstance(found, list) else [found]
