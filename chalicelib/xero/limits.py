"""What Xero says of its limits: with every answer what is left, with a 429 when to come back."""

from collections.abc import Mapping
from dataclasses import dataclass

MINUTE = "minute"
DAY = "day"
APP_MINUTE = "appminute"
CONCURRENT = "concurrent"


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls left, None where Xero did not say.

    ``day`` and ``minute`` are this organisation's, ``app_minute`` is shared by all of them.
    """

    day: int | None = None
    minute: int | None = None
    app_minute: int | None = None

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> "Limits":
        """The limits in an answer's headers, which are matched in any case by ``requests``."""
        return cls(
            day=_count(headers.get("X-DayLimit-Remaining")),
            minute=_count(headers.get("X-MinLimit-Remaining")),
            app_minute=_count(headers.get("X-AppMinLimit-Remaining")),
        )


def retry_after(headers: Mapping[str, str]) -> int | None:
    """Seconds until a call may succeed again, None where Xero named no time."""
    return _count(headers.get("Retry-After"))


def problem(headers: Mapping[str, str]) -> str:
    """Which limit a 429 is about, by Xero's word or else by what is used up.

    A refusal for too many calls at once may come without a word and with calls left.
    """
    said = headers.get("X-Rate-Limit-Problem", "").strip().lower()
    if said:
        return said
    left = Limits.read(headers)
    if left.day == 0:
        return DAY
    if left.minute == 0:
        return MINUTE
    return APP_MINUTE if left.app_minute == 0 else CONCURRENT


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdecimal() else None
