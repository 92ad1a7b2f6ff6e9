"""``make mutants``: says of each guard whether the tests notice that it is gone.

Words after it choose guards by a part of their name.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tests.mutants.guards import BY_THE_MACHINE, GUARDS, MACHINE, Guard

PROJECT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".local", "build", "__pycache__", ".*_cache", ".hypothesis", "deployments"
)
SCHEDULES = re.compile(r"fails at schedule (\d+)")
CAUGHT = 1
"""What pytest answers when tests failed; nought is a pass, more is no run at all."""


def main() -> int:
    """Nought when every guard is missed by its tests, and all pass while it stands."""
    chosen = _chosen(sys.argv[1:])
    print("First the tests as they are ...", flush=True)  # noqa: T201  a command line prints
    if _tests_on_a_copy(sorted({test for guard in chosen for test in guard.tests}), None)[0]:
        print("They do not pass: nothing can be learnt from them.")  # noqa: T201  as above
        return 1
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = list(pool.map(_try, chosen))
    print(f"{ended.count('caught')} of {len(chosen)} caught.")  # noqa: T201  as above
    return 0 if set(ended) == {"caught"} else 1


def _chosen(words: list[str]) -> list[Guard]:
    """Those of that name; what the fault machine is to notice stands there once more, for it."""
    alone = [
        replace(guard, name=f"{guard.name}, by the fault machine", tests=(MACHINE,))
        for guard in GUARDS
        if guard.name in BY_THE_MACHINE
    ]
    wanted = [*GUARDS, *alone]
    return [one for one in wanted if not words or any(word in one.name for word in words)]


def _try(guard: Guard) -> str:
    """What became of the code without this guard: caught, SURVIVED, NOT FOUND or BROKEN."""
    began = time.monotonic()
    after = ""
    if (PROJECT / guard.file).read_text().count(guard.old) != 1:
        ended = "NOT FOUND"
    else:
        code, told = _tests_on_a_copy(guard.tests, guard)
        ended = {CAUGHT: "caught", 0: "SURVIVED"}.get(code, "BROKEN")
        found = SCHEDULES.search(told)
        after = f" (schedule {found[1]})" if found and code == CAUGHT else ""
    seconds = time.monotonic() - began
    print(f"{ended:<10}{seconds:4.0f} s  {guard.name}{after}", flush=True)  # noqa: T201  as above
    return ended


def _tests_on_a_copy(
    tests: list[str] | tuple[str, ...], without: Guard | None
) -> tuple[int, str]:
    """How pytest ended, and what it said."""
    with tempfile.TemporaryDirectory(prefix="workbill-mutant-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(PROJECT, copy, ignore=LEFT_OUT)
        if without:
            file = copy / without.file
            file.write_text(file.read_text().replace(without.old, without.new))
        ended = subprocess.run(  # noqa: S603  this very Python, on tests named here
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
            cwd=copy,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout


if __name__ == "__main__":
    sys.exit(main())
