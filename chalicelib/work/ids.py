"""Ids of clients, projects, tasks and time records."""

import hashlib

from ulid import ULID

from chalicelib import wiring


def new_id() -> str:
    """A new id that sorts after the older ones."""
    return str(ULID.from_datetime(wiring.current().clock.now())).lower()


def same_id(*facts: str) -> str:
    """The id that the same facts always give, so that storing them again adds nothing."""
    text = "".join(f"{len(fact)}:{fact}" for fact in facts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
