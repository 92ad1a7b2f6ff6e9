"""Xero's own messages in an answer, each with the place it concerns."""

import re
from collections.abc import Iterator
from typing import Any

from chalicelib.xero.errors import Message

ERRORS = "ValidationErrors"
WARNINGS = "Warnings"
WORDS = ("Message", "Description")
"""Live answers say ``Message``; a sample of Xero's documentation says ``Description``."""

MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL | re.IGNORECASE)
SHOWN = 300


def collect(tree: Any, kind: str = ERRORS) -> tuple[Message, ...]:
    """Every message of one kind at any depth, in order, without repetition."""
    return tuple(dict.fromkeys(_walk(tree, kind, "")))


def refusal(body: Any) -> tuple[Message, ...]:
    """The messages of a refused request, or its general message where it lists none.

    With a single element the path begins inside that element.
    """
    if not isinstance(body, dict):
        return ()
    listed = body.get("Elements")
    single = isinstance(listed, list) and len(listed) == 1
    found = collect(listed[0] if single and listed else body)
    if found:
        return found
    general = next((body[key] for key in ("Message", "Detail", "Title") if body.get(key)), "")
    return (Message(str(general), ""),) if general else ()


def plain_words(text: str) -> str:
    """The start of an answer that is no JSON, without markup."""
    return " ".join(MARKUP.sub(" ", text).split())[:SHOWN]


def _walk(tree: Any, kind: str, where: str) -> Iterator[Message]:
    if isinstance(tree, list):
        for position, element in enumerate(tree):
            yield from _walk(element, kind, f"{where}[{position}]")
        return
    if not isinstance(tree, dict):
        return
    yield from _said(tree.get(kind), where)
    for key, value in tree.items():
        if key not in {ERRORS, WARNINGS}:
            yield from _walk(value, kind, f"{where}.{key}" if where else key)


def _said(entries: Any, where: str) -> Iterator[Message]:
    for entry in entries or ():
        if isinstance(entry, dict):
            words = next((entry[word] for word in WORDS if entry.get(word)), "")
            if words:
                yield Message(str(words), where)
