"""An entry of the audit trail, its hash, and its line in an export.

A line is the one way an entry can be written as JSON: names sorted, no spaces, UTF-8. The hash
is taken over the same text without the hash itself, so an exported line can be checked with
nothing but what it says.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

BEGINNING = "0" * 64
"""What the first entry names as the hash before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail; ``hash`` covers all the others, ``previous`` among them."""

    tenant_id: str
    number: int
    at: str
    actor: str
    name: str
    source: str
    what: str
    about: str
    result: str
    facts: dict[str, Any]
    previous: str
    hash: str = ""


def hash_of(entry: Entry) -> str:
    """SHA-256 over the entry's canonical JSON, without its own hash."""
    facts = {name: value for name, value in asdict(entry).items() if name != "hash"}
    return hashlib.sha256(canonical(facts)).hexdigest()


def line_of(entry: Entry) -> bytes:
    """The entry as a line of an export."""
    return canonical(asdict(entry)) + b"\n"


def canonical(facts: Mapping[str, Any]) -> bytes:
    """The one text for these facts: sorted names, no spaces, UTF-8."""
    return msgspec.json.encode(facts, order="sorted")
