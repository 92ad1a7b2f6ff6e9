"""What becomes of a job when its handler raises: wait, give up, or hold the whole lane."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from chalicelib.dispatch.model import Failed, Wait
from chalicelib.errors import NotConnected, WorkbillError
from chalicelib.xero.errors import GrantEnded, XeroRateLimited, XeroUnavailable

TRIES = 16
"""With the waits below, about half a day of trying before a person is asked."""

OWN_FAULT_TRIES = 5

CONCURRENT_SECONDS = 5
"""A breach of the limit on calls at once names no time to wait."""


@dataclass(frozen=True, slots=True)
class Park:
    """The lane rests until a moment that Xero named."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The lane rests until a person connects again."""

    why: str


def setback(error: Exception, attempts: int, now: datetime) -> Wait | Failed | Park | Stop:
    """Judge an error by what the caller should do; ``attempts`` came before this one."""
    if isinstance(error, XeroRateLimited):
        seconds = error.retry_after or CONCURRENT_SECONDS
        return Park(now + timedelta(seconds=seconds), _limit_sentence(error, seconds, now))
    if isinstance(error, GrantEnded | NotConnected):
        return Stop("Workbill is not connected to Xero. Reconnect: this then goes on by itself.")
    if isinstance(error, XeroUnavailable):
        if attempts < TRIES:
            return Wait(now + back_off(attempts), f"{error.sentence} Trying again by itself.")
        return Failed(error.sentence)
    return _own_setback(error, attempts, now)


def _own_setback(error: Exception, attempts: int, now: datetime) -> Wait | Failed:
    """A refusal is final; a fault of ours may pass, so it is tried a few times."""
    refused = isinstance(error, WorkbillError) and error.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if not refused and attempts < OWN_FAULT_TRIES:
        return Wait(now + back_off(attempts), "Something went wrong; trying again by itself.")
    if isinstance(error, WorkbillError):
        return Failed(error.sentence)
    return Failed("Something went wrong on our side. Ask for help, naming this job.")


def back_off(attempts: int) -> timedelta:
    """Five seconds, doubling, at most an hour."""
    return timedelta(seconds=min(5 * 2**attempts, 3600))


def _limit_sentence(error: XeroRateLimited, seconds: int, now: datetime) -> str:
    until = (now + timedelta(seconds=seconds)).strftime("%H:%M UTC on %d %B")
    which = "daily" if error.problem == "day" else "short-term"
    return f"Xero's {which} limit of calls is reached; this goes on by itself at {until}."
