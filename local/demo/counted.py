"""Printing the journey step by step, with the calls to Xero that each step cost."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests


@dataclass
class Account:
    """The steps so far and their counts, for the table at the end."""

    xero_url: str
    rows: list[tuple[str, Counter[str]]] = field(default_factory=list)
    _last_call: int = 0

    @contextmanager
    def step(self, title: str) -> Iterator[list[str]]:
        """Print a step when it is done, with what the body appended as its result."""
        number = len(self.rows) + 1
        if number == 1:
            self._calls_since()  # What others called before is none of ours.
        print(f"{number:3d}  {title} … ", end="", flush=True)
        said: list[str] = []
        began = time.monotonic()
        try:
            yield said
        except BaseException:
            print("FAILED")
            raise
        seconds = time.monotonic() - began
        self.rows.append((title, self._calls_since()))
        print(f"{'; '.join(said) or 'done'} ({seconds:.1f} s)")

    def table(self) -> str:
        """Calls to Xero per step."""
        width = max(len(title) for title, _ in self.rows)
        lines = [f"{'Calls to Xero':<{width}}  in all  which"]
        for title, calls in self.rows:
            which = ", ".join(f"{name} x{times}" for name, times in sorted(calls.items()))
            lines.append(f"{title:<{width}}  {calls.total():6d}  {which or '-'}")
        total = sum(calls.total() for _, calls in self.rows)
        return "\n".join([*lines, f"{'Sum':<{width}}  {total:6d}"])

    def _calls_since(self) -> Counter[str]:
        answer = requests.get(
            f"{self.xero_url}/_control/calls", params={"since": self._last_call}, timeout=30
        )
        answer.raise_for_status()
        calls = answer.json()["calls"]
        if calls:
            self._last_call = max(call["number"] for call in calls)
        return Counter(f"{call['method']} {call['template']}" for call in calls)
