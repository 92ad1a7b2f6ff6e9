"""Consents that are under way: at most one per browser session, for ten minutes, used once."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import DeleteError, DoesNotExist

from chalicelib import wiring
from chalicelib.clock import parse_stamp, stamp
from chalicelib.connection.sealing import seal, unseal
from chalicelib.storage.rows import Row

CONSENT = "consent"
LASTS = timedelta(minutes=10)


class ConsentRow(Row):
    """The outstanding consent of one browser session; the state itself is kept as a hash."""

    table = "tokens"

    class Meta:
        pass

    state_hash = UnicodeAttribute()
    user_id = UnicodeAttribute()
    tenant_id = UnicodeAttribute()
    verifier = BinaryAttribute(legacy_encoding=False)
    popup = BooleanAttribute(default=False)
    until = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Consent:
    """What was remembered while the person was at Xero."""

    user_id: str
    tenant_id: str
    code_verifier: str = field(repr=False)
    popup: bool


def begin(
    session_id: str, *, user_id: str, tenant_id: str, code_verifier: str, popup: bool
) -> str:
    """Remember a consent for this browser session and answer its state; an earlier one ends."""
    present = wiring.current()
    state = present.token()
    until = present.clock.now() + LASTS
    pk = _key(session_id)
    ConsentRow(
        pk,
        CONSENT,
        state_hash=_hash(state),
        user_id=user_id,
        tenant_id=tenant_id,
        verifier=seal(code_verifier, pk, "verifier"),
        popup=popup,
        until=stamp(until),
        expires_at=until,
    ).save()
    return state


def waiting(session_id: str) -> bool:
    """Whether this session's person is thought to be at Xero."""
    return _read(session_id, wiring.current().clock.now()) is not None


def take(session_id: str, state: str) -> Consent | None:
    """The consent of this session, once; None for a state that is wrong, used or too old."""
    row = _read(session_id, wiring.current().clock.now())
    if row is None or not hmac.compare_digest(row.state_hash, _hash(state)):
        return None
    try:
        row.delete(condition=ConsentRow.state_hash == row.state_hash)
    except DeleteError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return None
        raise
    return Consent(
        user_id=row.user_id,
        tenant_id=row.tenant_id,
        code_verifier=unseal(row.verifier, row.pk, "verifier"),
        popup=bool(row.popup),
    )


def _read(session_id: str, now: datetime) -> ConsentRow | None:
    try:
        row = ConsentRow.get(_key(session_id), CONSENT, consistent_read=True)
    except DoesNotExist:
        return None
    return row if parse_stamp(row.until) > now else None


def _key(session_id: str) -> str:
    return f"session#{session_id}"


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
