"""Growing delays for what can be guessed, passwords and codes, and for what can be a nuisance.

Each try is counted before it is judged, by a conditional write, so that many tries at once are
not more than many in a row.
"""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError, UpdateError

from chalicelib import wiring
from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import TooManyRequests
from chalicelib.people.hashes import one_way
from chalicelib.storage.rows import Row

FORGET = timedelta(hours=24)
LONGEST_DELAY = 15 * 60
ATTEMPTS_TO_COUNT = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """Something to try: its name, and how many tries are free of delay."""

    name: str
    free: int


PASSWORD_OF_ACCOUNT = Kind("password", 5)
PASSWORD_FROM_SOURCE = Kind("password-source", 30)
CODE_OF_ACCOUNT = Kind("code", 5)
CODE_FROM_SOURCE = Kind("code-source", 30)
LINK_OF_ACCOUNT = Kind("link", 5)


class TriesRow(Row):
    """The tries at one thing by or against one subject."""

    table = "people"

    class Meta:
        pass

    tries = NumberAttribute()
    last_at = UnicodeAttribute()
    not_before = UnicodeAttribute()


def count(kind: Kind, subject: str) -> None:
    """Count a try that is about to be judged; raises TooManyRequests when it comes too soon."""
    for _ in range(ATTEMPTS_TO_COUNT):
        if _count_once(_key(kind, subject), kind.free):
            return
    raise TooManyRequests("Too many tries at once. Wait a moment.", retry_after=1)


def forget(kind: Kind, subject: str) -> None:
    """The right answer was given: start counting at nothing again."""
    TriesRow(_key(kind, subject), "tries").delete()


def give_back(kind: Kind, subject: str) -> None:
    """The right answer was given: this one try does not count.

    A source is not forgotten altogether, or one good account would buy endless tries at others.
    """
    with contextlib.suppress(UpdateError):  # Forgotten meanwhile is as good as given back.
        TriesRow(_key(kind, subject), "tries").update(
            actions=[TriesRow.tries.add(-1), TriesRow.not_before.set(stamp(_now()))],
            condition=TriesRow.tries > 0,
        )


@contextlib.contextmanager
def code_tried(user_id: str, source: str) -> Iterator[None]:
    """Count a try at a second factor; it is given back when the block judges it right."""
    count(CODE_OF_ACCOUNT, user_id)
    count(CODE_FROM_SOURCE, source)
    yield
    forget(CODE_OF_ACCOUNT, user_id)
    give_back(CODE_FROM_SOURCE, source)


def delay(tries: int, free: int) -> int:
    """Seconds to wait after this many tries: none, then 2, 4, 8 … up to a quarter of an hour."""
    return 0 if tries < free else min(LONGEST_DELAY, 2 ** min(tries - free + 1, 20))


def _count_once(key: str, free: int) -> bool:
    """Count, unless somebody else counted meanwhile: then False."""
    now = _now()
    before = _tries(key, now)
    row = TriesRow(key, "tries")
    row.tries = before + 1
    row.last_at = stamp(now)
    row.not_before = stamp(now + timedelta(seconds=delay(before + 1, free)))
    row.expires_at = now + FORGET
    unchanged = TriesRow.tries == before
    try:
        row.save(
            condition=unchanged
            if before
            else TriesRow.pk.does_not_exist() | unchanged | (TriesRow.last_at <= _forgotten(now))
        )
    except PutError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _tries(key: str, now: datetime) -> int:
    """How often it was tried lately; raises TooManyRequests when the delay is not over."""
    try:
        row = TriesRow.get(key, "tries", consistent_read=True)
    except DoesNotExist:
        return 0
    wait = (parse_stamp(row.not_before) - now).total_seconds()
    if wait > 0:
        seconds = math.ceil(wait)
        raise TooManyRequests(
            f"Too many tries. Wait {_words(seconds)}, then try again.", retry_after=seconds
        )
    return 0 if row.last_at <= _forgotten(now) else int(row.tries)


def _forgotten(now: datetime) -> str:
    return stamp(now - FORGET)


def _words(seconds: int) -> str:
    if seconds < 60:  # noqa: PLR2004  a minute
        return f"{seconds} seconds" if seconds > 1 else "a second"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"


def _now() -> datetime:
    return wiring.current().clock.now()


def _key(kind: Kind, subject: str) -> str:
    return f"tries#{kind.name}#{one_way(subject)}"
