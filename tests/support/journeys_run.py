"""How the journeys of this session went, for the test that judges them all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "journeys"


@dataclass
class JourneysRun:
    """The journeys selected, and those of them that did not pass."""

    files: set[Path] = field(default_factory=set)
    not_passed: list[str] = field(default_factory=list)

    @classmethod
    def selected(cls, items: Sequence[pytest.Item]) -> "JourneysRun":
        return cls({item.path for item in items if item.path.is_relative_to(FOLDER)})

    def record(self, report: pytest.TestReport) -> None:
        """Note a journey that failed or was skipped."""
        if report.nodeid.startswith("tests/journeys/") and not report.passed:
            self.not_passed.append(report.nodeid)

    def why_incomplete(self) -> str | None:
        """Return why the calls seen prove nothing about what is never used, or None."""
        missing = sorted(p.name for p in set(FOLDER.glob("test_*.py")) - self.files)
        if not self.files or missing:
            return f"judges a run of all journeys; this one leaves out {missing or 'all'}"
        if self.not_passed:
            return f"judges a run in which every journey passed; not so {self.not_passed}"
        return None
