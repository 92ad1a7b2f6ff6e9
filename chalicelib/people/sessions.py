"""Sessions, kept on our side; the browser holds only a random token.

The token's hash is the key of the row, so that whoever reads the table can sign in as nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pynamodb.exceptions import DoesNotExist, TransactWriteError, UpdateError

from chalicelib import wiring
from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import NotFound, NotSignedIn, SecondFactorNeeded
from chalicelib.people import store
from chalicelib.people.caller import Caller
from chalicelib.people.hashes import one_way
from chalicelib.people.model import Role, User
from chalicelib.people.session_rows import (
    ListedRow,
    SessionRow,
    listed_row,
    put,
    session_key,
    session_row,
)
from chalicelib.storage.refused import CONDITION_FAILED, refused

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=10)
RECENT_MINUTES = 10
LONGEST_BROWSER = 250
TRIES = 5


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


def start(
    user: User,
    *,
    state: SessionState = SessionState.PASSWORD,
    replaces: Session | None = None,
    second_factor_at: datetime | None = None,
    source: str = "",
    browser: str = "",
) -> str:
    """Begin a session and answer with its token, which is kept nowhere.

    ``replaces`` ends the one before, so that a token known before sign-in or before the second
    factor is worth nothing after it. A full session counts as a second factor given just now,
    unless ``second_factor_at`` says when. Raises NotSignedIn when the user was deactivated or
    lost a role, password or second factor since it was read, and for a full session of a user
    who has no second factor: then nothing is changed.
    """
    token, now = wiring.current().token(), wiring.current().clock.now()
    row = _new_row(user, state, token, second_factor_at)
    row.source = source
    row.browser = browser[:LONGEST_BROWSER]
    replaced = _place(replaces) if replaces else None
    if not user.active:
        raise NotSignedIn("Please sign in again.")
    for attempt in range(TRIES):
        try:
            put(row, user, replaced, until=now + ABSOLUTE)
        except TransactWriteError as error:
            if refused(error, CONDITION_FAILED):
                raise NotSignedIn("Please sign in again.") from None
            if attempt == TRIES - 1:
                raise
        else:
            break
    return token


def load(token: str, source: str = "") -> Session | None:
    """The session of a token, or None when there is none or it has expired.

    ``source`` is the address of the browser, for the audit trail.
    """
    if not token:
        return None
    try:
        row = SessionRow.get(session_key(one_way(token)), "session", consistent_read=True)
    except DoesNotExist:
        return None
    now = wiring.current().clock.now()
    if now >= ends_at(row):
        return None
    if now >= parse_stamp(row.seen_at) + SEEN_EVERY and not _still_good(row, now):
        return None
    return _session(row, source)


def end(session: Session) -> None:
    """Sign out: the token is worth nothing from now on."""
    session_row(session.id_hash).delete()
    _place(session).delete()


def ends_at(row: SessionRow) -> datetime:
    """When a session expires if it is not used again."""
    return min(parse_stamp(row.seen_at) + IDLE, parse_stamp(row.began_at) + ABSOLUTE)


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


def _place(session: Session) -> ListedRow:
    return listed_row(session.tenant_id, session.user_id, session.id_hash)


def _new_row(
    user: User, state: SessionState, token: str, second_factor_at: datetime | None
) -> SessionRow:
    present = wiring.current()
    now = present.clock.now()
    row = session_row(one_way(token))
    row.csrf = present.token()
    row.tenant_id = user.tenant_id
    row.user_id = user.user_id
    row.name = user.name or user.email
    row.role = user.role.value
    row.epoch = user.epoch
    row.state = state.value
    row.began_at = row.seen_at = stamp(now)
    given = second_factor_at or now
    row.second_factor_at = stamp(given) if state is SessionState.FULL else None
    row.expires_at = now + IDLE
    return row


def _still_good(row: SessionRow, now: datetime) -> bool:
    """Put idle expiry off; False when the session was ended or its user lost something.

    Whoever takes something from a user ends the sessions; this catches one that died half-way.
    """
    try:
        user = store.user(row.tenant_id, row.user_id)
    except NotFound:
        return False
    return user.active and user.epoch == int(row.epoch) and _mark_seen(row, now)


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
