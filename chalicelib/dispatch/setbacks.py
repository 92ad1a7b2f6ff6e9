"""What becomes of a job when its handler raises: wait, give up, or hold the whole lane."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.dispatch.model import Failed, Wait
from chalicelib.errors import NotConnected, WorkbillError
from chalicelib.xero.errors import GrantEnded, XeroRateLimited, XeroUnavailable

TRIES = 12
"""With the waits below, about half a day of trying before a person is asked."""

OWN_FAULT_TRIES = 5


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
    """Judge an error by what the caller should do about it; ``attempts`` came before this one."""
    match error:
        case XeroRateLimited():
            seconds = error.retry_after or 5
            return Park(now + timedelta(seconds=seconds), _limit_sentence(error, seconds, now))
        case GrantEnded() | NotConnected():
            return Stop("Workbill is not connected to Xero. Reconnect, and this goes on by itself.")
        case XeroUnavailable() if attempts < TRIES:
            return Wait(now + back_off(attempts), f"{error.sentence} Trying again by itself.")
        case WorkbillError() if error.status < 500 or isinstance(error, XeroUnavailable):  # noqa: PLR2004
            return Failed(error.sentence)
        case _ if attempts < OWN_FAULT_TRIES:
            return Wait(now + back_off(attempts), "Something went wrong; trying again by itself.")
        case WorkbillError():
            return Failed(error.sentence)
        case _:
            return Failed("Something went wrong on our side. Ask for help, naming this job.")


def back_off(attempts: int) -> timedelta:
    """30 seconds, doubling, at most an hour."""
    return timedelta(seconds=min(30 * 2**attempts, 3600))


def _limit_sentence(error: XeroRateLimited, seconds: int, now: datetime) -> str:
    until = (now + timedelta(seconds=seconds)).strftime("%H:%M UTC on %d %B")
    which = "daily" if error.problem == "day" else "short-term"
    return f"Xero's {which} limit of calls is reached; this goes on by itself at {until}."
