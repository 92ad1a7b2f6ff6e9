"""API keys: how programs sign in. A key is shown once and kept only as its hash."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.transactions import TransactWrite
from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from chalicelib.people.caller import Caller, Scope
from chalicelib.people.hashes import one_way
from chalicelib.people.model import proper_name
from chalicelib.storage.rows import Row, transaction_connection

PREFIX = "wb_"
USED_EVERY = timedelta(minutes=10)
MOST = 50
ID = "api-key#"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key besides the key itself."""

    key_id: str
    name: str
    scopes: frozenset[Scope]
    created_by: str
    created_at: datetime
    last_used_at: datetime | None


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


class KeyNameRow(Row):
    """A tenant's list of its keys, each with the hash that leads to it."""

    table = "people"

    class Meta:
        pass

    key_hash = UnicodeAttribute()


def make(caller: Caller, name: str, scopes: Sequence[str]) -> tuple[ApiKey, str]:
    """A new key and its plain text, which is never to be had again.

    Raises InvalidInput for a scope that there is not, NotAllowed for one the caller has not.
    """
    name = proper_name(name)
    wanted = _scopes(scopes)
    for scope in sorted(wanted):
        caller.must_have(scope)
    if len(_names(caller.tenant_id)) >= MOST:
        raise Conflict(f"There are {MOST} keys already. Revoke one that is not used.")
    plain = PREFIX + secrets.token_urlsafe(32)
    row = _new_row(caller, name, wanted, plain)
    listed = KeyNameRow(caller.tenant_id, ID + row.key_id, key_hash=one_way(plain))
    with TransactWrite(connection=transaction_connection()) as transaction:
        transaction.save(row, condition=KeyRow.pk.does_not_exist())
        transaction.save(listed)
    trail.record(caller, "api-key made", f"api-key:{row.key_id}", scopes=row.scopes)
    return _key(row), plain


def caller_of(key: str, source: str = "") -> Caller:
    """Whom a key stands for; raises NotSignedIn when there is no such key (any more)."""
    try:
        row = KeyRow.get(_hash_key(one_way(key)), "key")
    except DoesNotExist:
        raise NotSignedIn("This API key is not known, or was revoked.") from None
    now = wiring.current().clock.now()
    if row.last_used_at is None or now >= parse_stamp(row.last_used_at) + USED_EVERY:
        _mark_used(row, now)
    known = _key(row)
    return Caller(row.tenant_id, f"key:{row.key_id}", row.name, known.scopes, source)


def listing(tenant_id: str) -> list[ApiKey]:
    """A tenant's keys, oldest first."""
    places = [(_hash_key(named.key_hash), "key") for named in _names(tenant_id)]
    return sorted(map(_key, KeyRow.batch_get(places)), key=lambda key: key.key_id)


def revoke(caller: Caller, key_id: str) -> None:
    """End a key for good; raises NotFound."""
    try:
        named = KeyNameRow.get(caller.tenant_id, ID + key_id)
    except DoesNotExist:
        raise NotFound("There is no such API key.") from None
    with TransactWrite(connection=transaction_connection()) as transaction:
        transaction.delete(KeyRow(_hash_key(named.key_hash), "key"))
        transaction.delete(named)
    trail.record(caller, "api-key revoked", f"api-key:{key_id}")


def _scopes(texts: Sequence[str]) -> frozenset[Scope]:
    try:
        scopes = frozenset(Scope(text) for text in texts)
    except ValueError:
        raise InvalidInput(f"Scopes are {', '.join(Scope)}.", field="scopes") from None
    if not scopes:
        raise InvalidInput("Choose at least one scope.", field="scopes")
    return scopes


def _names(tenant_id: str) -> list[KeyNameRow]:
    return list(KeyNameRow.query(tenant_id, KeyNameRow.sk.startswith(ID)))


def _new_row(caller: Caller, name: str, scopes: frozenset[Scope], plain: str) -> KeyRow:
    now = wiring.current().clock.now()
    row = KeyRow(_hash_key(one_way(plain)), "key")
    row.tenant_id = caller.tenant_id
    row.key_id = str(ULID.from_datetime(now)).lower()
    row.name = name
    row.scopes = " ".join(sorted(scopes))
    row.created_by = caller.name
    row.created_at = stamp(now)
    return row


def _mark_used(row: KeyRow, now: datetime) -> None:
    try:
        row.update(actions=[KeyRow.last_used_at.set(stamp(now))], condition=KeyRow.pk.exists())
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        raise NotSignedIn("This API key is not known, or was revoked.") from None


def _key(row: KeyRow) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        name=row.name,
        scopes=frozenset(Scope(scope) for scope in row.scopes.split()),
        created_by=row.created_by,
        created_at=parse_stamp(row.created_at),
        last_used_at=parse_stamp(row.last_used_at) if row.last_used_at else None,
    )


def _hash_key(key_hash: str) -> str:
    return f"key#{key_hash}"
