"""Says what is going on while a person waits."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Print `doing… done in 1.6 s` around a piece of work, or `failed` when it raises."""
    print(f"{doing}… ", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"done in {time.monotonic() - begun:.1f} s", flush=True)


def say(sentence: str) -> None:
    """Print one line at once, also when the output is a file or a pipe."""
    print(sentence, flush=True)


def complain(sentence: str) -> None:
    """Print one line to standard error."""
    print(sentence, file=sys.stderr, flush=True)
