"""What went by over the stack: every secret, by its kind, and every answer that was an error."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import requests
from bs4 import BeautifulSoup

from local.cloud.mail import Mail

KINDS = frozenset(
    {
        "password",
        "seed",
        "recovery code",
        "session",
        "CSRF token",
        "API key",
        "one-time link",
        "OAuth code",
        "state",
        "verifier",
        "access token",
        "refresh token",
        "id token",
        "client secret",
        "webhook key",
    }
)
"""Every kind of secret there is."""

COOKIES = {"session": "session", "csrf": "CSRF token"}
FIELDS = {
    "password": "password",
    "again": "password",
    "present": "password",
    "csrf": "CSRF token",
}
SHOWN = {"#key": "seed", "#recovery-codes code": "recovery code"}
QUERY = {"code": "OAuth code", "state": "state"}
API_KEY = re.compile(r"wb_[\w-]{43}")
LINK = re.compile(r"/welcome/([\w-]{20,})")
CSRF_FIELD = re.compile(r'<input type="hidden" name="csrf" value="[^"]*">')
SHORTEST = 10
"""Shorter ones, such as a wrong password typed by a test, may be part of any word."""


@dataclass
class Observed:
    """What the tests of one session sent to and got from a running copy."""

    base_url: str
    secrets: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Address and words of each answer with a status of 400 or more, without CSRF fields."""
    words: list[str] = field(default_factory=list)
    """What processes of tests wrote in place of a function."""

    def keep(self, kind: str, *values: str) -> None:
        """Add secrets of a kind."""
        self.secrets[kind] |= {value for value in values if len(value) >= SHORTEST}

    def keep_from_ledger(self, secrets: Mapping[str, list[str]]) -> None:
        """Add those that the local Xero gave and was given."""
        for kind, values in secrets.items():
            self.keep(kind, *values)

    def keep_from_mail(self, mail: list[Mail]) -> None:
        """Add those that were e-mailed."""
        for one in mail:
            self.keep("one-time link", *LINK.findall(one.text))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """See every request of this process and its answer, until the end."""
        send = requests.Session.send

        def seen(session, request, **options):
            answer = send(session, request, **options)
            if answer.url.startswith(self.base_url):
                self._note(request, answer)
            return answer

        requests.Session.send = seen
        try:
            yield
        finally:
            requests.Session.send = send

    def _note(self, request: requests.PreparedRequest, answer: requests.Response) -> None:
        self._note_cookies(answer)
        address = urlsplit(answer.url)
        self.keep("one-time link", *LINK.findall(address.path))
        if address.path == "/xero/callback":
            self._note_fields(parse_qs(address.query), QUERY)
        if isinstance(request.body, str):
            self._note_fields(parse_qs(request.body), FIELDS)
        self.keep("API key", *API_KEY.findall(answer.text))
        self.keep("one-time link", *LINK.findall(answer.text))
        if "text/html" in answer.headers.get("Content-Type", ""):
            self._note_page(answer.text)
        if answer.status_code >= 400:
            self.errors.append((answer.url, CSRF_FIELD.sub("", answer.text)))

    def _note_cookies(self, answer: requests.Response) -> None:
        for cookie in answer.cookies:
            kind = COOKIES.get(cookie.name.split("-")[1])
            if kind and cookie.value:
                self.keep(kind, cookie.value)

    def _note_fields(self, sent: Mapping[str, list[str]], kinds: Mapping[str, str]) -> None:
        for name, kind in kinds.items():
            self.keep(kind, *sent.get(name, []))

    def _note_page(self, text: str) -> None:
        if 'id="key"' not in text and 'id="recovery-codes"' not in text:
            return
        page = BeautifulSoup(text, "html.parser")
        for selector, kind in SHOWN.items():
            self.keep(kind, *(one.get_text().replace(" ", "") for one in page.select(selector)))

    def found_in(self, text: str) -> list[str]:
        """The kinds of secret that a text holds."""
        return sorted(
            kind
            for kind, values in self.secrets.items()
            if any(distinct(value) in text for value in values)
        )


def distinct(secret: str) -> str:
    """The part by which to look for it: the end of a long token, which may have been cut."""
    return secret[-40:]
