"""Consents that are under way: at most one per browser session, for ten minutes, used once."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import wiring
from chalicelib.clock import parse_stamp, stamp
from chalicelib.connection.sealing import seal, unseal
from chalicelib.storage.rows import Row

CONSENT = "consent"
LASTS = timedelta(minutes=10)


class ConsentRow(Row):
    """The latest consent of one browser session; the state itself is kept as a hash.

    While ``state_hash`` is there, the person is thought to be at Xero.
    """

    table = "tokens"

    class Meta:
        pass

    state_hash = UnicodeAttribute(null=True)
    user_id = UnicodeAttribute(null=True)
    tenant_id = UnicodeAttribute(null=True)
    verifier = BinaryAttribute(null=True, legacy_encoding=False)
    popup = BooleanAttribute(default=False)
    until = UnicodeAttribute(null=True)
    answers = NumberAttribute(default=0)


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
    ConsentRow(pk, CONSENT).update(
        actions=[
            ConsentRow.state_hash.set(_hash(state)),
            ConsentRow.user_id.set(user_id),
            ConsentRow.tenant_id.set(tenant_id),
            ConsentRow.verifier.set(seal(code_verifier, pk, "verifier")),
            ConsentRow.popup.set(popup),
            ConsentRow.until.set(stamp(until)),
            ConsentRow.expires_at.set(until + LASTS),
        ]
    )
    return state


def ended(session_id: str) -> None:
    """Note that a way through Xero has ended, well or not, for the page that waits for it."""
    row = ConsentRow(_key(session_id), CONSENT)
    _update(row, [ConsentRow.answers.add(1)], ConsentRow.pk.exists())


def answered(session_id: str) -> int:
    """How often that was noted for this session lately; a page that waits watches it."""
    row = _read(session_id)
    return int(row.answers) if row else 0


def take(session_id: str, state: str) -> Consent | None:
    """The consent of this session, once; None for a state that is wrong, used or too old."""
    row = _read(session_id)
    if row is None or not (row.state_hash and row.verifier and row.until):
        return None
    late = parse_stamp(row.until) <= wiring.current().clock.now()
    if late or not hmac.compare_digest(row.state_hash, _hash(state)):
        return None
    consent = Consent(
        user_id=row.user_id or "",
        tenant_id=row.tenant_id or "",
        code_verifier=unseal(row.verifier, row.pk, "verifier"),
        popup=bool(row.popup),
    )
    return consent if _spend(row) else None


def _spend(row: ConsentRow) -> bool:
    actions: list[Action] = [
        ConsentRow.state_hash.remove(),
        ConsentRow.verifier.remove(),
    ]
    return _update(row, actions, ConsentRow.state_hash == row.state_hash)


def _update(row: ConsentRow, actions: list[Action], condition: Condition) -> bool:
    try:
        row.update(actions=actions, condition=condition)
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _read(session_id: str) -> ConsentRow | None:
    try:
        return ConsentRow.get(_key(session_id), CONSENT, consistent_read=True)
    except DoesNotExist:
        return None


def _key(session_id: str) -> str:
    return f"session#{session_id}"


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
