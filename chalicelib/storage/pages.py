"""Lists in pages: what a page holds, and the opaque cursor that leads to the next one.

A cursor holds only the place in the list. Whose list it is comes from the caller, so a cursor
of one tenant, brought by another, leads nowhere.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from chalicelib.errors import InvalidInput

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items in order; ``next`` is the cursor of the rest, None at the end.

    A page may be short, even empty, and still have a next one.
    """

    items: list[T]
    next: str | None = None

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


def cursor(*places: str) -> str:
    """The opaque form of a place in a list."""
    return base64.urlsafe_b64encode(msgspec.json.encode(places)).decode().rstrip("=")


def places(cursor: str | None, count: int) -> list[str] | None:
    """The inverse of ``cursor``, None for none; raises InvalidInput for anything else."""
    if not cursor:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found = msgspec.json.decode(raw, type=list[str])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        found = []
    if len(found) != count:
        raise InvalidInput("This cursor is not one that a list gave.", field="cursor")
    return found
