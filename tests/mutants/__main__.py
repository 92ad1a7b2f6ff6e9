"""``make mutants``: says of each guard whether the tests notice that it is gone."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.guards import GUARDS, Guard

PROJECT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".local", "build", "__pycache__", ".*_cache", ".hypothesis", "deployments"
)
CAUGHT = 1
"""What pytest answers when tests failed; nought is a pass, more is no run at all."""


def main() -> int:
    """Nought when every guard is missed by its tests, and all pass while it stands."""
    print("First the tests as they are ...", flush=True)  # noqa: T201  a command line prints
    named = sorted({test for guard in GUARDS for test in guard.tests})
    if _tests_on_a_copy(named, None):
        print("They do not pass: nothing can be learnt from them.")  # noqa: T201  as above
        return 1
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = list(pool.map(_try, GUARDS))
    print(f"{ended.count('caught')} of {len(GUARDS)} caught.")  # noqa: T201  as above
    return 0 if set(ended) == {"caught"} else 1


def _try(guard: Guard) -> str:
    """What became of the code without this guard: caught, SURVIVED, NOT FOUND or BROKEN."""
    began = time.monotonic()
    if (PROJECT / guard.file).read_text().count(guard.old) != 1:
        ended = "NOT FOUND"
    else:
        code = _tests_on_a_copy(guard.tests, guard)
        ended = {CAUGHT: "caught", 0: "SURVIVED"}.get(code, "BROKEN")
    seconds = time.monotonic() - began
    print(f"{ended:<10}{seconds:4.0f} s  {guard.name}", flush=True)  # noqa: T201  as above
    return ended


def _tests_on_a_copy(tests: list[str] | tuple[str, ...], without: Guard | None) -> int:
    with tempfile.TemporaryDirectory(prefix="workbill-mutant-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(PROJECT, copy, ignore=LEFT_OUT)
        if without:
            file = copy / without.file
            file.write_text(file.read_text().replace(without.old, without.new))
        return subprocess.run(  # noqa: S603  this very Python, on tests named here
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
            cwd=copy,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
