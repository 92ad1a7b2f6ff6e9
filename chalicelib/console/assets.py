"""The stylesheet, the script and the pictures of the pages, named by their content."""

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@cache
def content(name: str) -> str | None:
    """The text of a file, or None when there is none of that very name."""
    if name not in {file.name for file in STATIC.iterdir() if file.suffix in KINDS}:
        return None
    return (STATIC / name).read_text()


@cache
def digest(name: str) -> str:
    """A name for the content of a file: when it changes, so does its address."""
    return hashlib.sha256((content(name) or "").encode()).hexdigest()[:16]


def path(name: str) -> str:
    """Where a file is served."""
    return f"/static/{digest(name)}/{name}"
