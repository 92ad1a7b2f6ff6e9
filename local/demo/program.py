"""A program that uses the JSON API with a key."""

import time
import uuid
from typing import Any

import requests


class RefusedError(Exception):
    """The API answered with a problem; the message is its status, code and detail."""


class Program:
    """Calls the API; every POST carries an idempotency key, as a careful program's does."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self._base = f"{base_url}/api/v1"
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {api_key}"

    def get(self, path: str, **query: str) -> Any:
        return self._answer(self._http.get(self._base + path, params=query, timeout=60))

    def post(self, path: str, body: Any = None) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return self._answer(
            self._http.post(self._base + path, json=body or {}, headers=headers, timeout=60)
        )

    def put(self, path: str, body: Any) -> Any:
        return self._answer(self._http.put(self._base + path, json=body, timeout=60))

    def patch(self, path: str, body: Any) -> Any:
        return self._answer(self._http.patch(self._base + path, json=body, timeout=60))

    def delete(self, path: str) -> Any:
        return self._answer(self._http.delete(self._base + path, timeout=60))

    def all(self, path: str, **query: str) -> list[Any]:
        """Every item of a list, page by page."""
        items: list[Any] = []
        page = self.get(path, **query)
        while True:
            items += page["items"]
            if not page["next"]:
                return items
            page = self.get(path, **query, cursor=page["next"])

    def finished(self, job: dict[str, Any], seconds: float = 120) -> dict[str, Any]:
        """The job once it has ended well; raises RefusedError when it did not in time."""
        deadline = time.monotonic() + seconds
        while job["state"] not in {"done", "failed", "cancelled"}:
            if time.monotonic() > deadline:
                raise RefusedError(f"Job {job['id']} is still {job['state']}: {job['message']}")
            time.sleep(0.3)
            job = self.get(f"/jobs/{job['id']}")
        if job["state"] != "done":
            raise RefusedError(f"Job {job['kind']} {job['state']}: {job['message']}")
        return job

    def _answer(self, answer: requests.Response) -> Any:
        if not answer.ok:
            raise RefusedError(f"{answer.status_code} {answer.url}: {answer.text[:500]}")
        return answer.json() if answer.content else None
