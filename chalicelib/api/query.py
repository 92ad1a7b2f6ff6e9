"""What a list's query may ask for, read and checked."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol, TypeVar

import msgspec

from chalicelib.api.routing import Call
from chalicelib.errors import InvalidInput

MOST = 200
DAY = re.compile(r"\d{4}-\d\d-\d\d")
PAGED: Mapping[str, str] = {
    "limit": "1 to 200, 50 unless told",
    "cursor": "the next of the page before",
}
FLAGS = {"true": True, "false": False}
STATUS: Mapping[str, str] = {"status": "only of this status, such as ACTIVE or ARCHIVED"}


class Standing(Protocol):
    """Something that Xero gives a status."""

    @property
    def status(self) -> str:
        """Xero's word for it."""


Stood = TypeVar("Stood", bound=Standing)


def limit(call: Call) -> int:
    """How many items a page may have; raises InvalidInput."""
    text = call.query.get("limit", "50")
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise InvalidInput(f"limit is a number from 1 to {MOST}.", field="limit")
    return int(text)


def flag(call: Call, name: str) -> bool | None:
    """Whether it was asked for, None when nothing was said; raises InvalidInput."""
    text = call.query.get(name)
    if text is not None and text not in FLAGS:
        raise InvalidInput(f"{name} is true or false.", field=name)
    return None if text is None else FLAGS[text]


def one_of(call: Call, name: str, choices: Iterable[str]) -> str | None:
    """Which of the choices was asked for, None when nothing was said; raises InvalidInput."""
    text = call.query.get(name)
    if text is not None and text not in choices:
        raise InvalidInput(f"{name} is {' or '.join(choices)}.", field=name)
    return text


def of_status(call: Call, items: Iterable[Stood]) -> list[Stood]:
    """Those of the status that was asked for, all when none was."""
    wanted = call.query.get("status", "").upper()
    return [item for item in items if wanted in ("", item.status)]


def day(text: str | None, name: str) -> date | None:
    """A day as YYYY-MM-DD, None when there is none; raises InvalidInput."""
    if not text:
        return None
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidInput(f"{name} is a day written as YYYY-MM-DD.", field=name)


def changes(body: msgspec.Struct) -> dict[str, Any]:
    """The fields of a change that were sent, null among them."""
    found = {name: getattr(body, name) for name in body.__struct_fields__}
    return {name: value for name, value in found.items() if value is not msgspec.UNSET}
