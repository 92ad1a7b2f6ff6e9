"""Makes `.venv` from requirements-dev.txt; needs nothing but Python itself.

Installs again only when the file's content changed since the last time. Written so that an
older Python, too, gets as far as the sentence that refuses it.
"""

import hashlib
import subprocess
import sys
import sysconfig
from pathlib import Path

PROJECT = Path(__file__).parents[1]
VENV = PROJECT / ".venv"
REQUIREMENTS = PROJECT / "requirements-dev.txt"
STAMP = VENV / "bin/installed"


def main() -> int:
    """Return 0 when the environment is ready, else 1 after one sentence."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file meets whatever Python there is
        found = sysconfig.get_python_version()
        return _refuse(
            f"Workbill needs Python 3.11 or later, and {sys.executable} is {found};"
            " name another with PYTHON=python3.11"
        )
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not STAMP.exists() or STAMP.read_text() != wanted:
        if not _make_venv():
            return _refuse(
                "This Python cannot make virtual environments; on Debian and Ubuntu:"
                " apt install python3-venv"
            )
        if not _install():
            return _refuse("pip could not install requirements-dev.txt; its words are above.")
    STAMP.write_text(wanted)
    return 0


def _make_venv() -> bool:
    """Keep an environment whose Python still runs; make a new one otherwise."""
    python = VENV / "bin/python"
    if python.exists() and _runs(str(python), "-c", "import pip"):
        return True
    print("Making the virtual environment .venv", flush=True)
    return _runs(sys.executable, "-m", "venv", "--clear", str(VENV))


def _install() -> bool:
    print("Installing what Workbill needs; the first time takes a minute or two", flush=True)
    pip = (VENV / "bin/python", "-m", "pip", "--disable-pip-version-check", "--quiet")
    # The file names everything already. Older pips resolve an extra apart from its pinned package
    # and stumble over the first newer release.
    hashed = ("install", "--no-deps", "--require-hashes", "--requirement", REQUIREMENTS)
    return subprocess.run([*pip, *hashed], check=False).returncode == 0


def _runs(*command: str) -> bool:
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(command, stdout=quiet, stderr=quiet, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
