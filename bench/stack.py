"""A deployed stack of its own, connected to an organisation with many contacts."""

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from local.cloud.running import RunningCopy, free_ports
from local.demo.counted import Account
from local.demo.journey import Journey
from local.xero.books.books import Books
from local.xero.serve import DEFAULTS

CONTACTS = 10_000
NEVER = str(24 * 60)
"""Minutes between looks at statuses: nothing but what is measured may call."""

COUNTRY = "NZ"
ORGANISATION = "Many Contacts Ltd"
PERSON = {"email": "demo@xero.test", "password": "demo"}
DURATION = re.compile(r"\tDuration: ([\d.]+) ms")
SCOPES = "openid offline_access accounting.contacts"


@dataclass
class Stack:
    """The running copy, somebody signed in to it, and the organisation it is connected to."""

    copy: RunningCopy
    journey: Journey
    organisation_id: str

    def last_call(self) -> int:
        """The number of the last call that the local Xero had."""
        return int(self._ask("calls", since=0, grouped="yes")["last"])

    def calls_since(self, number: int, path: str = "") -> list[dict[str, Any]]:
        """The calls after that one whose path has this part."""
        calls: list[dict[str, Any]] = self._ask("calls", since=number, path=path)["calls"]
        return calls

    def order(self, path: str, body: dict[str, Any]) -> Any:
        """Have the local Xero changed."""
        return _order(self.copy.xero_url, path, body)

    def facts(self) -> dict[str, str]:
        """Where the organisation is to be found, for a process of its own."""
        return {"XERO_URL": self.copy.xero_url, "ORGANISATION": self.organisation_id}

    def token(self) -> str:
        """An access token of another app's user, by a consent like any."""
        person = requests.Session()
        query = {
            "response_type": "code",
            "client_id": DEFAULTS["client_id"],
            "redirect_uri": f"{self.copy.base_url}/xero/callback",
            "scope": SCOPES,
            "state": "bench",
        }
        page = f"{self.copy.xero_url}/identity/connect/authorize"
        person.post(page, params=query, data={"action": "sign_in", **PERSON}, timeout=60)
        chosen = {"action": "allow", "tenant_id": self.organisation_id}
        allowed = person.post(page, params=query, data=chosen, allow_redirects=False, timeout=60)
        code = parse_qs(urlsplit(allowed.headers["Location"]).query)["code"][0]
        answer = requests.post(
            f"{self.copy.xero_url}/connect/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": query["redirect_uri"],
            },
            auth=(DEFAULTS["client_id"], DEFAULTS["client_secret"]),
            timeout=60,
        )
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def most_memory(self, function: str) -> int:
        """The most bytes that any process of this function has had."""
        name = f"AWS_LAMBDA_FUNCTION_NAME={self.copy.function(function)}".encode()
        return max(_high_water(pid) for pid in _processes(name))

    def runs_since(self, function: str, moment: float) -> list[float]:
        """How many seconds each run of this function took that ended since then."""
        said = self.copy.logs(moment, holding="Duration").split("== ")
        lines = next(part for part in said if part.startswith(f"app.{function}"))
        return [float(found) / 1000 for found in DURATION.findall(lines)]

    def _ask(self, what: str, **query: Any) -> Any:
        url = f"{self.copy.xero_url}/_control/{what}"
        answer = requests.get(url, params=query, timeout=60)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def connected_stack(contacts: int = CONTACTS) -> Iterator[Stack]:
    """Start one, connect it to so many contacts, and stop it at the end."""
    with tempfile.TemporaryDirectory() as folder:
        never = {"STATUS_MINUTES": NEVER, "STATUS_MINUTES_WITH_WEBHOOKS": NEVER}
        copy = RunningCopy(Path(folder) / "bench", free_ports(), never)
        copy.start()
        try:
            yield _connected(copy, contacts)
        finally:
            copy.stop()


def _connected(copy: RunningCopy, contacts: int) -> Stack:
    demo = json.loads((copy.home / "demo.json").read_text())
    order = {"country": COUNTRY, "name": ORGANISATION, "contacts": contacts - _seeded()}
    _order(copy.xero_url, "organisations", order)
    _order(copy.xero_url, "webhooks", {"paused": True})
    journey = Journey(demo, Account(copy.xero_url), organisation=ORGANISATION)
    journey.sign_in()
    journey.connect()
    # The first look at statuses of a new connection belongs to connecting.
    journey.program.finished(journey.program.post("/invoices/sync"))
    return Stack(copy, journey, journey.program.get("/connection")["organisation_id"])


def _seeded() -> int:
    """How many contacts every organisation begins with."""
    books = Books.seeded(COUNTRY, name=ORGANISATION, now=lambda: datetime.now(UTC))
    return len(books.contacts.all())


def _order(xero_url: str, path: str, body: dict[str, Any]) -> Any:
    answer = requests.post(f"{xero_url}/_control/{path}", json=body, timeout=60)
    answer.raise_for_status()
    return answer.json()


def _processes(setting: bytes) -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if setting in (process / "environ").read_bytes().split(b"\0"):
                yield int(process.name)


def _high_water(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
