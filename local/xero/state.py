"""The world on disk, so that a restart keeps its data."""

import os
import pickle
import sys
import tempfile
import threading
from pathlib import Path

from local.xero.world import World

# Another number makes older files unreadable, which is told and means a fresh start.
FORMAT = 2
EVERY = 2.0


def load(world: World, path: Path) -> bool:
    """Fills the world from the file; whether there was anything to fill it from.

    A file that cannot be read is told in one sentence and otherwise ignored.
    """
    try:
        # The file is this program's own, beside its owner's other data.
        saved = pickle.loads(path.read_bytes())  # noqa: S301
        world_then = saved[FORMAT]
        kept = {name: world_then[name] for name in World.LASTING}
    except FileNotFoundError:
        return False
    except Exception as error:  # noqa: BLE001 - a damaged pickle can raise anything at all
        print(
            f"The saved state in {path} cannot be used ({type(error).__name__}): "
            "the local Xero starts afresh.",
            file=sys.stderr,
        )
        return False
    vars(world).update(kept)
    return True


def save(world: World, path: Path) -> None:
    """Writes the world whole or not at all: to a new file, which then takes the name."""
    with world.lock:
        kept = {name: getattr(world, name) for name in World.LASTING}
        data = pickle.dumps({FORMAT: kept})
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).replace(path)


class Saver:
    """Saves what changed, every two seconds at most, and once more at the end."""

    def __init__(self, world: World, path: Path) -> None:
        self.world, self.path = world, path
        self._saved = -1
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._save()

    def _run(self) -> None:
        while not self._stopping.wait(EVERY):
            self._save()

    def _save(self) -> None:
        changes = self.world.changes
        if changes == self._saved:
            return
        try:
            save(self.world, self.path)
        except OSError as error:
            print(f"The state could not be saved in {self.path}: {error}.", file=sys.stderr)
            return
        self._saved = changes
