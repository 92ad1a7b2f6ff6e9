"""Calls to Xero that the product makes, counted by the local Xero on the deployed stack.

The limit of each row is what the work cannot be done without: one call for each page of 1,000
contacts, one for each fifty invoices, one look at what changed.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from local.cloud.running import RunningCopy, free_ports
from local.demo.counted import Account
from local.demo.journey import Journey

CONTACTS = 10_000
NEVER = str(24 * 60)
"""Minutes between looks at statuses: nothing but what is measured may call."""


@dataclass(frozen=True, slots=True)
class Row:
    """Something done, the calls it made, and the fewest it could have made."""

    name: str
    calls: int
    limit: int


def measure() -> list[Row]:
    """Every row, measured in one run on a stack of its own."""
    with _stack() as (copy, journey):
        measured = _Measured(copy.xero_url, journey)
        return [
            measured.importing(f"import of {CONTACTS:,} contacts", CONTACTS // 1000),
            measured.importing("the same again, nothing changed", 1),
            measured.sending(),
            measured.looking(),
        ]


@contextmanager
def _stack() -> Iterator[tuple[RunningCopy, Journey]]:
    with tempfile.TemporaryDirectory() as folder:
        never = {"STATUS_MINUTES": NEVER, "STATUS_MINUTES_WITH_WEBHOOKS": NEVER}
        copy = RunningCopy(Path(folder) / "bench", free_ports(), never)
        copy.start()
        try:
            yield copy, _connected(copy)
        finally:
            copy.stop()


def _connected(copy: RunningCopy) -> Journey:
    demo = json.loads((copy.home / "demo.json").read_text())
    made = _order(
        copy.xero_url,
        "organisations",
        {"country": "NZ", "name": "Ten Thousand Ltd", "contacts": CONTACTS},
    )
    _order(copy.xero_url, "webhooks", {"paused": True})
    journey = Journey(demo, Account(copy.xero_url), organisation=made["name"])
    journey.sign_in()
    journey.connect()
    # The first look at statuses of a new connection belongs to connecting.
    journey.program.finished(journey.program.post("/invoices/sync"))
    return journey


@dataclass
class _Measured:
    xero_url: str
    journey: Journey

    def importing(self, name: str, limit: int) -> Row:
        program = self.journey.program
        before = self._last()
        program.finished(program.post("/imports/clients"), seconds=300)
        return Row(name, self._since(before), limit)

    def sending(self) -> Row:
        program = self.journey.program
        self.journey.import_reference()
        self.journey.choose_codes()
        client = next(c for c in program.get("/clients")["items"] if c["contact_id"])
        line = {"description": "Survey", "quantity": "1.5", "unit_price": "120.00"}
        body = {"basis": "blank", "client_id": client["id"], "lines": [line]}
        invoice = program.post("/invoices", body)
        before = self._last()
        program.post(f"/invoices/{invoice['id']}/send")
        return Row("one-click send of one invoice", self._since(before), 1)

    def looking(self) -> Row:
        program = self.journey.program
        program.finished(program.post("/invoices/sync"))
        before = self._last()
        program.finished(program.post("/invoices/sync"))
        return Row("a look at statuses, nothing changed", self._since(before), 1)

    def _last(self) -> int:
        return int(_ask(self.xero_url, 0)["last"])

    def _since(self, number: int) -> int:
        return len(_ask(self.xero_url, number)["calls"])


def _ask(xero_url: str, since: int) -> Any:
    answer = requests.get(f"{xero_url}/_control/calls", params={"since": since}, timeout=60)
    answer.raise_for_status()
    return answer.json()


def _order(xero_url: str, path: str, body: dict[str, Any]) -> Any:
    answer = requests.post(f"{xero_url}/_control/{path}", json=body, timeout=60)
    answer.raise_for_status()
    return answer.json()
