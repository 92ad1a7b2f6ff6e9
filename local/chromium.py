"""Finds Chromium for the browser tests, or installs Debian's; prints its path.

Looks at CHROMIUM first, then along the path, then asks apt when it may.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Return 0 after printing the path, else 1 after one sentence."""
    path = _named() or _on_path() or (_install() and _on_path())
    if path:
        print(path)
        return 0
    print(
        "The browser tests need Chromium: install it, or set CHROMIUM to its path.",
        file=sys.stderr,
    )
    return 1


def _named() -> str | None:
    return shutil.which(os.environ.get("CHROMIUM", ""))


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _install() -> bool:
    """Install Debian's package; only root may, and only where there is apt-get."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing Chromium", file=sys.stderr, flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"),
    ):
        # Its own words go to standard error: standard output is for the path.
        if subprocess.run(command, env=env, stdout=sys.stderr, check=False).returncode:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
