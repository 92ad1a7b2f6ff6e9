"""Has MiniStack unpack an archive once, and not anew for every process of a function.

It unpacks code and layer again for each process that it starts, some thousand files, in threads
of the one process that also answers all requests. A dozen processes started at once kept
everything waiting for a minute. Here each archive is unpacked once, and all processes are led to
it; nothing writes there but Python, which keeps its compiled modules, so that a cold start is
quicker, too.
"""

import hashlib
import tempfile
import threading
import zipfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

_one_at_a_time = threading.Lock()


def unpack_once(lambda_runtime: ModuleType) -> None:
    """Put the archives below in the place of zipfile's, in MiniStack's module for functions."""
    lambda_runtime.zipfile = SimpleNamespace(  # type: ignore[attr-defined]  it has no other door
        **{**vars(zipfile), "ZipFile": OnceUnpacked}
    )


class OnceUnpacked(zipfile.ZipFile):
    """An archive that is unpacked when it is first met, and linked to from then on."""

    def namelist(self) -> list[str]:
        """The names to be judged before unpacking: none, once that is done."""
        return [] if self._place.exists() else super().namelist()

    def extractall(
        self,
        path: Any = None,
        members: Iterable[str | zipfile.ZipInfo] | None = None,
        pwd: bytes | None = None,
    ) -> None:
        """Let ``path``, an empty directory, lead to what is unpacked."""
        place = self._place
        with _one_at_a_time:
            if not place.exists():
                place.parent.mkdir(exist_ok=True)
                begun = tempfile.mkdtemp(dir=place.parent)
                super().extractall(begun, members, pwd)
                Path(begun).rename(place)
        Path(path).rmdir()
        Path(path).symlink_to(place, target_is_directory=True)

    @cached_property
    def _place(self) -> Path:
        with open(str(self.filename), "rb") as archive:  # noqa: PTH123  as zipfile opens it
            digest = hashlib.file_digest(archive, "sha256").hexdigest()
        return Path(tempfile.gettempdir()) / "unpacked" / digest
