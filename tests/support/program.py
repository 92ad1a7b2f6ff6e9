"""A program that calls the API over the application in this process."""

import json
from typing import Any

from chalice.test import Client, HTTPResponse

from chalicelib.people import api_keys
from chalicelib.people.caller import EVERYTHING, Caller

SCOPES = ("read", "write", "send", "admin")


class Program:
    """Calls the API for one tenant with a key of its own."""

    def __init__(self, client: Client, tenant_id: str, scopes: tuple[str, ...] = SCOPES) -> None:
        self.client = client
        self.tenant_id = tenant_id
        owner = Caller(tenant_id, "user:owner", "Owner", EVERYTHING)
        self.key = api_keys.make(owner, "Program", scopes)[1]

    def call(
        self, method: str, path: str, body: Any = None, *, once: str = "", **headers: str
    ) -> HTTPResponse:
        """One request under /api/v1; ``once`` is its idempotency key."""
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if once:
            sent["Idempotency-Key"] = once
        raw = b"" if body is None else json.dumps(body).encode()
        return self.client.http.request(method, f"/api/v1{path}", {**sent, **headers}, raw)
