"""API keys: how programs sign in. A key is shown once and kept only as its hash."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.transactions import TransactWrite
from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from chalicelib.people.api_key_rows import ID, ApiKey, KeyNameRow, KeyRow, hash_key, key_of
from chalicelib.people.caller import Caller, Scope
from chalicelib.people.hashes import one_way
from chalicelib.people.model import proper_name
from chalicelib.storage.rows import transaction_connection

PREFIX = "wb_"
USED_EVERY = timedelta(minutes=10)
MOST = 50
UNKNOWN = "This API key is not known, or was revoked."
LONGEST_DAYS = 3660
"""Ten years: a later day is a slip of the keys."""


class KeyExpired(NotSignedIn):
    """The key was good until a day that is over."""

    code = "api_key_expired"


def make(
    caller: Caller, name: str, scopes: Sequence[str], *, expires_on: date | None = None
) -> tuple[ApiKey, str]:
    """A new key and its plain text, which is never to be had again.

    It works to the end of the day ``expires_on`` on the tenant's clock, without one until it is
    revoked. Raises InvalidInput for a scope that there is not or a day that cannot be,
    NotAllowed for a scope the caller has not.
    """
    name = proper_name(name)
    wanted = _scopes(scopes)
    for scope in sorted(wanted):
        caller.must_have(scope)
    if len(_names(caller.tenant_id)) >= MOST:
        raise Conflict(f"There are {MOST} keys already. Revoke one that is not used.")
    plain = PREFIX + secrets.token_urlsafe(32)
    row = _new_row(caller, name, wanted, plain)
    if expires_on is not None:
        row.expires_on = expires_on.isoformat()
        row.ends_at = stamp(_end_of(expires_on, caller.tenant_id))
    listed = KeyNameRow(caller.tenant_id, ID + row.key_id, key_hash=one_way(plain))
    with TransactWrite(connection=transaction_connection()) as transaction:
        transaction.save(row, condition=KeyRow.pk.does_not_exist())
        transaction.save(listed)
    trail.record(
        caller,
        "api-key made",
        f"api-key:{row.key_id}",
        key_name=name,
        scopes=row.scopes,
        expires_on=row.expires_on or "none",
    )
    return key_of(row), plain


def caller_of(key: str, source: str = "") -> Caller:
    """Whom a key stands for; raises NotSignedIn when there is no such key (any more)."""
    try:
        row = KeyRow.get(hash_key(one_way(key)), "key")
    except DoesNotExist:
        raise NotSignedIn(UNKNOWN) from None
    now = wiring.current().clock.now()
    if row.ends_at is not None and now >= parse_stamp(row.ends_at):
        raise KeyExpired(
            f"This API key was good until {row.expires_on}. Make a new one in Workbill, under"
            " Settings, API keys."
        )
    if row.last_used_at is None or now >= parse_stamp(row.last_used_at) + USED_EVERY:
        _mark_used(row, now)
    known = key_of(row)
    return Caller(row.tenant_id, f"key:{row.key_id}", row.name, known.scopes, source)


def listing(tenant_id: str) -> list[ApiKey]:
    """A tenant's keys, oldest first."""
    places = [(hash_key(named.key_hash), "key") for named in _names(tenant_id)]
    return sorted(map(key_of, KeyRow.batch_get(places)), key=lambda key: key.key_id)


def revoke(caller: Caller, key_id: str) -> None:
    """End a key for good; raises NotFound."""
    try:
        named = KeyNameRow.get(caller.tenant_id, ID + key_id)
        row = KeyRow.get(hash_key(named.key_hash), "key")
    except DoesNotExist:
        raise NotFound("There is no such API key.") from None
    with TransactWrite(connection=transaction_connection()) as transaction:
        transaction.delete(row)
        transaction.delete(named)
    trail.record(caller, "api-key revoked", f"api-key:{key_id}", key_name=row.name)


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
    row = KeyRow(hash_key(one_way(plain)), "key")
    row.tenant_id = caller.tenant_id
    row.key_id = str(ULID.from_datetime(now)).lower()
    row.name = name
    row.scopes = " ".join(sorted(scopes))
    row.created_by = caller.name
    row.created_at = stamp(now)
    return row


def _end_of(day: date, tenant_id: str) -> datetime:
    """The moment at which a day is over on the tenant's clock; raises InvalidInput."""
    from chalicelib.people import tenants, time_zones

    zone = time_zones.zone(tenants.get(tenant_id).time_zone)
    today = wiring.current().clock.now().astimezone(zone).date()
    if not today <= day <= today + timedelta(days=LONGEST_DAYS):
        raise InvalidInput("Choose a day from today on, within ten years.", field="expires_on")
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def _mark_used(row: KeyRow, now: datetime) -> None:
    try:
        row.update(actions=[KeyRow.last_used_at.set(stamp(now))], condition=KeyRow.pk.exists())
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        raise NotSignedIn(UNKNOWN) from None
