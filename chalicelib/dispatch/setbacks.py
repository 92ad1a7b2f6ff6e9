"""What becomes of a job when its handler raises: wait, give up, or hold the whole lane."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from chalicelib.dispatch.model import Failed, Wait
from chalicelib.errors import NotConnected, WorkbillError
from chalicelib.xero.errors import (
    GrantEnded,
    XeroBudgetSpent,
    XeroRateLimited,
    XeroUnavailable,
    XeroUnreadable,
)
from chalicelib.xero.limits import APP_MINUTE, DAY, MINUTE

TRIES = 16
"""With the waits below, about half a day of trying before a person is asked."""

OWN_FAULT_TRIES = 5

UNNAMED = {
    DAY: timedelta(hours=1),
    MINUTE: timedelta(minutes=1),
    APP_MINUTE: timedelta(minutes=1),
}
"""How long to wait where Xero names a limit and no time; else as for any passing fault."""

LIMITS = {
    DAY: "Xero's daily limit of calls is reached",
    MINUTE: "Xero's limit of calls a minute is reached",
    APP_MINUTE: "Xero's limit of calls a minute for all of Workbill is reached",
}
KEPT = {
    DAY: "Today's calls to Xero are nearly used up, and the rest is kept for what people click",
    MINUTE: "The rest of this minute's calls to Xero is kept for what people click",
    APP_MINUTE: "The rest of this minute's calls to Xero is kept for what people click",
}


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
    if isinstance(error, XeroBudgetSpent):
        return _out_of_budget(error)
    if isinstance(error, XeroRateLimited):
        until = now + _wait(error, attempts)
        return Park(until, _going_on(_limit(error), until))
    if isinstance(error, GrantEnded | NotConnected):
        return Stop("Workbill is not connected to Xero. Reconnect: this then goes on by itself.")
    if isinstance(error, XeroUnavailable | XeroUnreadable):
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


def counts(error: Exception) -> bool:
    """Whether an error is one of the tries after which a job is given up.

    A limit whose end is known says nothing about whether the job can succeed.
    """
    return not isinstance(error, XeroRateLimited) or _named(error) is None


def _out_of_budget(error: XeroBudgetSpent) -> Wait | Park:
    """What is kept for people holds up this job alone; a limit that is reached, the lane."""
    if not error.kept:
        return Park(error.until, _going_on(_limit(error), error.until))
    when = "at" if error.ends == error.until else "by"
    return Wait(error.until, _going_on(KEPT[error.problem], error.ends, when))


def _wait(error: XeroRateLimited, attempts: int) -> timedelta:
    named = _named(error)
    return back_off(attempts) if named is None else named


def _named(error: XeroRateLimited) -> timedelta | None:
    """How long Xero asks to wait; nothing is known of too many calls at once."""
    if error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    return UNNAMED.get(error.problem)


def _limit(error: XeroRateLimited) -> str:
    return LIMITS.get(error.problem, "Xero is asked for too much at once")


def _going_on(why: str, moment: datetime, when: str = "at") -> str:
    return f"{why}. This goes on by itself {when} {moment:%H:%M UTC on %d %B}."
