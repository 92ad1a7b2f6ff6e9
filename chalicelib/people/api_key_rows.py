"""How API keys are stored: each under its own hash, and listed under its tenant."""

from dataclasses import dataclass
from datetime import date, datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib import wiring
from chalicelib.clock import parse_stamp
from chalicelib.people.caller import Scope
from chalicelib.storage.rows import Row

ID = "api-key#"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key besides the key itself.

    ``expires_on`` is the last day on which it works, None for one without an end.
    """

    key_id: str
    name: str
    scopes: frozenset[Scope]
    created_by: str
    created_at: datetime
    last_used_at: datetime | None
    expires_on: date | None
    expired: bool


class KeyRow(Row):
    """A key, under its hash; this is all that a call needs to read."""

    table = "people"

    class Meta:
        pass

    tenant_id = UnicodeAttribute()
    key_id = UnicodeAttribute()
    name = UnicodeAttribute()
    scopes = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UnicodeAttribute()
    last_used_at = UnicodeAttribute(null=True)
    expires_on = UnicodeAttribute(null=True)
    ends_at = UnicodeAttribute(null=True)


class KeyNameRow(Row):
    """A tenant's list of its keys, each with the hash that leads to it."""

    table = "people"

    class Meta:
        pass

    key_hash = UnicodeAttribute()


def hash_key(key_hash: str) -> str:
    """The partition of a key."""
    return f"key#{key_hash}"


def key_of(row: KeyRow) -> ApiKey:
    """What the row says, as of now."""
    ends_at = parse_stamp(row.ends_at) if row.ends_at else None
    return ApiKey(
        key_id=row.key_id,
        name=row.name,
        scopes=frozenset(Scope(scope) for scope in row.scopes.split()),
        created_by=row.created_by,
        created_at=parse_stamp(row.created_at),
        last_used_at=parse_stamp(row.last_used_at) if row.last_used_at else None,
        expires_on=date.fromisoformat(row.expires_on) if row.expires_on else None,
        expired=ends_at is not None and wiring.current().clock.now() >= ends_at,
    )
