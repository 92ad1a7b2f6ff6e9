"""What becomes of each of many things that are sent at once, whatever they are."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from chalicelib.errors import WorkbillError

T = TypeVar("T")


class Added(StrEnum):
    """What became of something that was to be added.

    UPDATED and UNCHANGED are said of what was there, under the same external id.
    """

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one of many; ``error`` is set when it was refused, else ``thing``."""

    state: Added
    thing: T | None = None
    error: WorkbillError | None = None

    @property
    def made(self) -> T:
        """What is there now, of one that was not refused."""
        assert self.thing is not None  # noqa: S101  only refusals have none
        return self.thing
