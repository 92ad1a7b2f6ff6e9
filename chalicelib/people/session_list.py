"""A user's sessions: shown to their owner, and ended one by one or all at once."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.clock import parse_stamp
from chalicelib.errors import NotFound
from chalicelib.people import sessions
from chalicelib.people.caller import Caller
from chalicelib.people.model import User
from chalicelib.people.session_rows import (
    SessionRow,
    listed,
    listed_row,
    session_key,
    session_row,
)
from chalicelib.people.sessions import SessionState


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as its owner sees it; ``browser`` is what the browser called itself."""

    id_hash: str
    began_at: datetime
    seen_at: datetime
    source: str
    browser: str
    signed_in: bool


def of_user(user: User) -> list[Listed]:
    """The user's live sessions, the one used last first."""
    now = wiring.current().clock.now()
    places = [(session_key(id_hash), "session") for id_hash in listed(user)]
    rows = [row for row in SessionRow.batch_get(places) if now < sessions.ends_at(row)]
    return sorted(map(_listed, rows), key=lambda session: session.seen_at, reverse=True)


def end_one(caller: Caller, user: User, id_hash: str) -> None:
    """End one of the user's own sessions; raises NotFound for any other."""
    if id_hash not in listed(user):
        raise NotFound("There is no such session (any more).")
    _end(user, id_hash)
    trail.record(caller, "session ended", f"user:{user.user_id}")


def end_all(user: User, *, but: str = "") -> int:
    """End the user's sessions, but the one with that hash; answers with how many."""
    ended = [id_hash for id_hash in listed(user) if id_hash != but]
    for id_hash in ended:
        _end(user, id_hash)
    return len(ended)


def _end(user: User, id_hash: str) -> None:
    session_row(id_hash).delete()
    listed_row(user.tenant_id, user.user_id, id_hash).delete()


def _listed(row: SessionRow) -> Listed:
    return Listed(
        id_hash=row.pk.removeprefix("session#"),
        began_at=parse_stamp(row.began_at),
        seen_at=parse_stamp(row.seen_at),
        source=row.source,
        browser=row.browser,
        signed_in=SessionState(row.state) is SessionState.FULL,
    )
