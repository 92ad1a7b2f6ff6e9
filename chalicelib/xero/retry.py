"""When a call is made again at once: reads only, seldom, and after a short uneven pause.

A write is never repeated here, for only its caller can look whether it was done. An expired
token and a limit with a named time are the caller's too.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.xero.errors import XeroCallError, XeroRateLimited, XeroUnavailable

MOST_REPEATS = 2
FIRST_PAUSE = 0.4


@dataclass(frozen=True, slots=True)
class Patience:
    """How reads are repeated: how often, and by which clock and chance."""

    repeats: int = MOST_REPEATS
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


def pause_before_repeat(
    error: XeroCallError, repeats_made: int, patience: Patience
) -> float | None:
    """Seconds to wait before a read is made again; None where it is not to be repeated."""
    if repeats_made >= patience.repeats or not worth_repeating(error):
        return None
    return pause(repeats_made, patience.chance())


def worth_repeating(error: XeroCallError) -> bool:
    """Whether the same read may succeed in a moment.

    A refusal for too many calls at once names no time and passes by itself; every other limit
    lasts longer than a call can wait.
    """
    if isinstance(error, XeroRateLimited):
        return error.problem == "concurrent" and error.retry_after is None
    return isinstance(error, XeroUnavailable)


def pause(repeats_made: int, chance: float) -> float:
    """0.4 s, doubling, and up to half as much again by ``chance`` (0 to 1)."""
    return FIRST_PAUSE * (1 << repeats_made) * (1 + chance / 2)
