"""The local Xero beside a mocked account, and a person who goes through its consent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests
from bs4 import BeautifulSoup

from chalicelib import wiring
from chalicelib.connection import authorise
from chalicelib.connection.model import Connection
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.people.sessions import Session, SessionState
from local.xero.faults import Fault, Kind
from local.xero.serve import Server
from tests.support.aws import AWS, mocked_account
from tests.support.standing_xero import fresh_xero

DEMO = "Demo Company (NZ)"
FIRST, SECOND = "demo@xero.test", "second@xero.test"


@dataclass
class Books:
    """The mocked account and the local Xero that it is pointed at."""

    aws: AWS
    server: Server
    browser: Callable[[], requests.Session] = requests.Session

    @property
    def world(self):
        return self.server.world

    def organisation(self, name: str = DEMO) -> str:
        return next(
            one.tenant_id for one in self.world.organisations.values() if one.name == name
        )

    def fault(self, kind: str, path: str, **facts) -> None:
        self.world.faults.add(Fault(Kind(kind), path=path, **facts))

    def calls(self, method: str, path: str) -> int:
        """How often this path was called, by any client."""
        made = self.world.calls.listed()
        return sum(call["method"] == method and call["path"] == path for call in made)

    def expire(self) -> None:
        """Half an hour passes on both sides."""
        self.aws.clock.advance(minutes=31)
        for issued in self.world.issued.values():
            issued.expires = min(issued.expires, self.world.clock.now())

    def end_grants(self) -> None:
        """Every refresh token is dead at Xero."""
        for grant in self.world.grants.values():
            grant.tokens.clear()

    def accepts(self, refresh_token: str) -> bool:
        """Whether Xero would still take this refresh token; asks nothing of it."""
        return any(refresh_token in grant.tokens for grant in self.world.grants.values())

    def consent(self, url: str, *, organisation: str = DEMO, email: str = FIRST, act="allow"):
        """The query that Xero's redirect carries back after a person signed in and chose."""
        person = self.browser()
        page = person.post(
            url, data={"action": "sign_in", "email": email, "password": "demo"}, timeout=10
        )
        assert page.ok, page.text
        answer = person.post(
            url,
            data={
                **_hidden(page.text),
                "action": act,
                "tenant_id": self.organisation(organisation),
            },
            timeout=10,
            allow_redirects=False,
        )
        assert answer.status_code == 302, answer.text
        return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def connect(self, tenant: str = "t1", session: Session | None = None, **choice) -> Connection:
        """A tenant connects, from the click to the connection."""
        session = session or session_of(tenant)
        query = self.consent(authorise.begin(session, caller_of(tenant)), **choice)
        consent = authorise.recall(session, query)
        return authorise.finish(consent, caller_of(tenant), query)


def caller_of(tenant: str) -> Caller:
    return Caller(tenant, f"user:{tenant}-ann", "Ann", EVERYTHING)


def session_of(tenant: str, browser: str = "browser-1") -> Session:
    return Session(
        id_hash=f"{tenant}-{browser}",
        csrf="csrf",
        caller=caller_of(tenant),
        user_id=f"{tenant}-ann",
        tenant_id=tenant,
        state=SessionState.FULL,
        second_factor_at=wiring.current().clock.now(),
    )


def _hidden(page: str) -> dict[str, str]:
    fields = BeautifulSoup(page, "html.parser").find_all("input", type="hidden")
    return {field["name"]: field.get("value", "") for field in fields if field.get("name")}


@contextmanager
def books(**settings: str) -> Iterator[Books]:
    """A fresh account and a fresh Xero, wired to each other; waiting takes no time."""
    with fresh_xero() as server:
        addresses = dict.fromkeys(
            ("XERO_LOGIN_URL", "XERO_IDENTITY_URL", "XERO_API_URL"), server.url
        )
        with mocked_account(**addresses, **settings) as account:
            account.wiring.sleep = lambda _seconds: None
            yield Books(account, server)
