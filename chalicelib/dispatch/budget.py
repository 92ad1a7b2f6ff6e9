"""How many calls an organisation may still make, by our own count and by Xero's word.

Xero counts in fixed windows: 60 calls a minute and 5,000 a day (1,000 on its Starter tier) for
each organisation, and 10,000 a minute for all of them together
(https://developer.xero.com/documentation/guides/oauth2/limits). Each answer tells what is left.
A part of each window is kept for people's clicks; background work leaves it alone.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from chalicelib.xero.limits import APP_MINUTE, DAY, MINUTE, Limits

PER_MINUTE = 60
OUTSIDE_LANE = 4
"""Calls a minute left for connecting and the keep-alive, which do not wait for the lane."""

KEPT_A_MINUTE = 10
KEPT_OF_DAY = 10
"""Background work leaves a tenth of the day's calls to people."""

APP_PER_MINUTE = 10_000
KEPT_OF_APP = 1_000

STARTER, PAID = 1_000, 5_000
"""A day's calls on Xero's Starter tier, and on every other."""

DISORDER = 5
"""Answers may overtake each other, at most so many at once; more left than that is a new day."""

MINUTE_LONG = timedelta(minutes=1)
ANOTHER_LOOK = timedelta(hours=1)
"""A click may learn of a new day sooner than we could say."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call has to wait, and until when; ``kept`` when it is kept for people's clicks.

    ``ends`` is when the window is over at the latest, ``until`` when to look again.
    """

    limit: str
    until: datetime
    ends: datetime
    kept: bool


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of one organisation's windows.

    ``used`` is our own count in the minute that ends at ``minute_ends``, and ``left`` what Xero
    said is left of it. ``day_left`` is what Xero said, true until ``day_ends``: the end of Xero's
    day where Xero named it, else the latest moment at which it can be. ``told_at`` is when it was
    said, and ``allowance`` the size of a day.
    """

    minute_ends: datetime | None = None
    used: int = 0
    left: int | None = None
    day_left: int | None = None
    day_ends: datetime | None = None
    told_at: datetime | None = None
    allowance: int = PAID

    @property
    def kept(self) -> int:
        """The day's calls that are kept for people."""
        return self.allowance // KEPT_OF_DAY

    def remaining(self, now: datetime) -> int | None:
        """What is left of the day; None when Xero has not told since it began."""
        return self.day_left if self.day_ends and now < self.day_ends else None

    def refusal(
        self, now: datetime, *, for_people: bool, most: int = PER_MINUTE
    ) -> Refusal | None:
        """Why a call has to wait now, None when it may be made.

        ``most`` is how many the caller may bring the minute to. A day that is used up is no
        reason: only Xero can name the moment it ends, and it charges nothing for saying so.
        """
        full = self._of_minute(now, most, for_people=for_people)
        return full or (None if for_people else self._of_day(now))

    def after(self, now: datetime, said: Limits) -> "Budget":
        """The same after one more call, of whose answer ``said`` is what Xero told."""
        told = self if said.day is None else self._with_day(now, said.day)
        counted = told.one_more(now)
        return counted if said.minute is None else replace(counted, left=said.minute)

    def one_more(self, now: datetime) -> "Budget":
        """The same with one more call in the present minute."""
        if self.minute_ends and now < self.minute_ends:
            return replace(self, used=self.used + 1)
        return replace(self, minute_ends=minute_end(now, self.minute_ends), used=1, left=None)

    def refused(self, limit: str, now: datetime, ends: datetime) -> "Budget":
        """The same when Xero has said that one of its windows is used up, and when that ends."""
        if limit == MINUTE:
            return replace(self, minute_ends=ends, left=0)
        return replace(self, day_left=0, day_ends=ends, told_at=now) if limit == DAY else self

    def _of_minute(self, now: datetime, most: int, *, for_people: bool) -> Refusal | None:
        if self.minute_ends is None or now >= self.minute_ends:
            return None
        own = most - self.used
        free = own if self.left is None else min(own, self.left)
        if free > (0 if for_people else KEPT_A_MINUTE):
            return None
        return Refusal(MINUTE, self.minute_ends, self.minute_ends, kept=free > 0)

    def _of_day(self, now: datetime) -> Refusal | None:
        left = self.remaining(now)
        if left is None or left > self.kept or self.day_ends is None:
            return None
        return Refusal(DAY, min(self.day_ends, now + ANOTHER_LOOK), self.day_ends, kept=True)

    def _with_day(self, now: datetime, left: int) -> "Budget":
        """A call lowers what is left, so another day may have begun where it does not.

        Its end is then taken for later rather than sooner.
        """
        known = self.remaining(now)
        ends = now + timedelta(days=1) if known is None or left >= known else self.day_ends
        allowance = self.allowance
        if left >= STARTER:
            allowance = PAID
        elif self.day_ends and (known is None or left > known + DISORDER):
            # The first call of a day that we saw begin: its size is what is left.
            allowance = STARTER
        return replace(self, day_left=left, day_ends=ends, told_at=now, allowance=allowance)


@dataclass(slots=True)
class AppBudget:
    """What Xero last told this process of the calls that all organisations share."""

    left: int = APP_PER_MINUTE
    ends: datetime | None = None

    def note(self, now: datetime, left: int | None, ends: datetime | None = None) -> None:
        """Remember what an answer said is left; ``ends`` where Xero named the time to wait."""
        if left is not None:
            self.left, self.ends = left, ends or minute_end(now)

    def refusal(self, now: datetime, *, for_people: bool) -> Refusal | None:
        """Why a call of any organisation has to wait now, None when it may be made."""
        if self.ends is None or now >= self.ends:
            return None
        if self.left > (0 if for_people else KEPT_OF_APP):
            return None
        return Refusal(APP_MINUTE, self.ends, self.ends, kept=self.left > 0)


def minute_end(now: datetime, earlier: datetime | None = None) -> datetime:
    """When the present minute ends, as minutes have ended before; else by the clock."""
    begun = earlier or datetime.fromtimestamp(0, UTC)
    return begun + MINUTE_LONG * ((now - begun) // MINUTE_LONG + 1)
