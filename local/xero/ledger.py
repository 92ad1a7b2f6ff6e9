"""Every exchange with apps since the start, and every secret that was in one.

It outlives ``DELETE calls``, so that a test at the very end can ask whether each exchange was
noted on the other side, and whether any of the secrets came to light anywhere.
"""

import json
import threading
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Request, Response

SENT = {"code": "OAuth code", "code_verifier": "verifier", "refresh_token": "refresh token"}
GIVEN = {
    "access_token": "access token",
    "refresh_token": "refresh token",
    "id_token": "id token",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call that arrived, its answer, and the fault that may have kept it from arriving."""

    method: str
    path: str
    status: int
    correlation_id: str
    fault: str | None


@dataclass
class Ledger:
    """What is remembered; memory only."""

    exchanges: list[Exchange] = field(default_factory=list)
    secrets: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def note(self, asked: Request, answer: Response, fault: str | None) -> None:
        """Remember an exchange once its answer is known."""
        correlation_id = str(answer.headers.get("Xero-Correlation-Id", ""))
        exchange = Exchange(asked.method, asked.path, answer.status_code, correlation_id, fault)
        with self._alone:
            self.exchanges.append(exchange)
            if asked.path.startswith("/connect/"):
                self._keep(SENT, asked.form)
                self._keep(GIVEN, _tree(answer))

    def told(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        with self._alone:
            return {
                "exchanges": [asdict(exchange) for exchange in self.exchanges],
                "secrets": {kind: sorted(found) for kind, found in self.secrets.items()},
            }

    def _keep(self, kinds: dict[str, str], facts: Any) -> None:
        for name, kind in kinds.items():
            if facts.get(name):
                self.secrets[kind].add(str(facts[name]))


def _tree(answer: Response) -> dict[str, Any]:
    try:
        tree = json.loads(answer.get_data())
    except ValueError:
        return {}
    return tree if isinstance(tree, dict) else {}
