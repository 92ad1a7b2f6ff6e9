"""What a list's query may ask for, read and checked."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

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
