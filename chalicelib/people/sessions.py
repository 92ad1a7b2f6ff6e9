"""Sessions, kept on our side; the browser holds only a random token.

The token's hash is the key of the row, so that whoever reads the table can sign in as nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError

from chalicelib import wiring
from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import SecondFactorNeeded
from chalicelib.people.caller import Caller
from chalicelib.people.hashes import one_way
from chalicelib.people.model import Role, User
from chalicelib.storage.rows import Row

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=10)
RECENT_MINUTES = 10


class SessionState(StrEnum):
    """How far the person has got: only ``full`` opens anything but the second factor."""

    PASSWORD = "password"  # noqa: S105  the name of a step, not a password
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser; ``caller`` is None until the second factor was given."""

    id_hash: str
    csrf: str
    caller: Caller | None
    user_id: str
    tenant_id: str
    state: SessionState
    second_factor_at: datetime | None


class SessionRow(Row):
    """A session; name and role are the user's as they were when it began."""

    table = "people"

    class Meta:
        pass

    csrf = UnicodeAttribute()
    tenant_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    name = UnicodeAttribute()
    role = UnicodeAttribute()
    state = UnicodeAttribute()
    began_at = UnicodeAttribute()
    seen_at = UnicodeAttribute()
    second_factor_at = UnicodeAttribute(null=True)


def start(
    user: User, *, state: SessionState = SessionState.PASSWORD, replaces: Session | None = None
) -> str:
    """Begin a session and answer with its token, which is kept nowhere.

    ``replaces`` ends the one before, so that a token known before sign-in or before the second
    factor is worth nothing after it. A full session counts as a second factor given just now.
    """
    present = wiring.current()
    now = present.clock.now()
    token = present.token()
    row = SessionRow(_key(one_way(token)), "session")
    row.csrf = present.token()
    row.tenant_id = user.tenant_id
    row.user_id = user.user_id
    row.name = user.name or user.email
    row.role = user.role.value
    row.state = state.value
    row.began_at = row.seen_at = stamp(now)
    row.second_factor_at = stamp(now) if state is SessionState.FULL else None
    row.expires_at = now + IDLE
    row.save(condition=SessionRow.pk.does_not_exist())
    if replaces is not None:
        end(replaces)
    return token


def load(token: str, source: str = "") -> Session | None:
    """The session of a token, or None when there is none or it has expired.

    ``source`` is the address of the browser, for the audit trail.
    """
    if not token:
        return None
    try:
        row = SessionRow.get(_key(one_way(token)), "session", consistent_read=True)
    except DoesNotExist:
        return None
    now = wiring.current().clock.now()
    seen, began = parse_stamp(row.seen_at), parse_stamp(row.began_at)
    if now >= min(seen + IDLE, began + ABSOLUTE):
        return None
    if now >= seen + SEEN_EVERY and not _mark_seen(row, now):
        return None
    return _session(row, source)


def end(session: Session) -> None:
    """Sign out: the token is worth nothing from now on."""
    SessionRow(_key(session.id_hash), "session").delete()


def second_factor_recent(
    session: Session | None, now: datetime, minutes: int = RECENT_MINUTES
) -> bool:
    """Whether the second factor was given within the last minutes."""
    given = session.second_factor_at if session else None
    return given is not None and now - given < timedelta(minutes=minutes)


def demand_recent_factor(session: Session | None) -> None:
    """Raise SecondFactorNeeded unless the second factor was given in the last ten minutes."""
    if not second_factor_recent(session, wiring.current().clock.now()):
        raise SecondFactorNeeded("Please confirm that it is you with a code, then try again.")


def _mark_seen(row: SessionRow, now: datetime) -> bool:
    """Put idle expiry off; False when the session was ended meanwhile."""
    try:
        row.update(
            actions=[SessionRow.seen_at.set(stamp(now)), SessionRow.expires_at.set(now + IDLE)],
            condition=SessionRow.pk.exists(),
        )
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _key(id_hash: str) -> str:
    return f"session#{id_hash}"


def _session(row: SessionRow, source: str) -> Session:
    state = SessionState(row.state)
    role = Role(row.role)
    caller = Caller(row.tenant_id, f"user:{row.user_id}", row.name, role.scopes, source)
    return Session(
        id_hash=row.pk.removeprefix("session#"),
        csrf=row.csrf,
        caller=caller if state is SessionState.FULL else None,
        user_id=row.user_id,
        tenant_id=row.tenant_id,
        state=state,
        second_factor_at=parse_stamp(row.second_factor_at) if row.second_factor_at else None,
    )
