"""Keeps the state of the cloud and of the local Xero consistent over restarts.

MiniStack saves at a clean stop only. While a run is under way its files are those of
the last clean stop and the local Xero's may be newer, so each start first puts a copy
of both aside; after a kill both go back to that copy together.
"""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local.cloud.ministack import SAVED

PARTS = ("cloud/state", "cloud/objects", "xero.state")


@dataclass(frozen=True, slots=True)
class Kept:
    """The state under one `.local` folder."""

    home: Path

    def open(self) -> str | None:
        """Make the state fit to start from; return what was lost, or None."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(self.home / "cloud/tmp", ignore_errors=True)
        lost = None
        if self._killed():
            lost = self._lost()
            self._restore()
        else:
            self._put_aside()
        return lost

    @property
    def ended_unclean(self) -> bool:
        """Say whether the last run was not stopped in the orderly way, or still runs."""
        return self._running.exists()

    def mark_running(self) -> None:
        """Remember that from here on a kill loses something."""
        self._running.write_text(json.dumps({"since": datetime.now(UTC).isoformat()}))

    def mark_saved(self) -> None:
        """Remember that all of the state is on disk."""
        self._running.unlink(missing_ok=True)

    @property
    def _running(self) -> Path:
        return self.home / "running"

    @property
    def _aside(self) -> Path:
        return self.home / "kept"

    def _killed(self) -> bool:
        """Say whether a run began and MiniStack never got to save.

        When only this program was killed, its children ended by SIGTERM and saved.
        """
        return self.ended_unclean and not (self.home / "cloud" / SAVED).exists()

    def _lost(self) -> str:
        try:
            since = datetime.fromisoformat(json.loads(self._running.read_text())["since"])
            began = f" since {since:%Y-%m-%d %H:%M} UTC"
        except (ValueError, KeyError):
            began = ""
        return (
            "The last run was killed before it could save: everything done in Workbill and"
            f" in the local Xero{began} is lost, and both are back at "
            + ("the last clean stop." if self._aside.exists() else "an empty start.")
        )

    def _put_aside(self) -> None:
        """Replace the copy in one step, so that a kill half-way leaves an old or a new one."""
        fresh = self.home / "kept.new"
        shutil.rmtree(fresh, ignore_errors=True)
        for part in PARTS:
            _copy(self.home / part, fresh / part)
        shutil.rmtree(self._aside, ignore_errors=True)
        if fresh.exists():
            fresh.rename(self._aside)

    def _restore(self) -> None:
        for part in PARTS:
            _remove(self.home / part)
            _copy(self._aside / part, self.home / part)


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
