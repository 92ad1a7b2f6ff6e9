"""Ids of clients, projects, tasks and time records."""

import hashlib
from datetime import datetime

from ulid import ULID

from chalicelib import wiring


def new_id() -> str:
    """A new id that sorts after the older ones."""
    return str(ULID.from_datetime(wiring.current().clock.now())).lower()


def made_at(new_id: str) -> datetime:
    """When ``new_id`` made this one."""
    return ULID.from_str(new_id.upper()).datetime


def same_id(*facts: str) -> str:
    """The id that the same facts always give, so that storing them again adds nothing."""
    text = "".join(f"{len(fact)}:{fact}" for fact in facts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
