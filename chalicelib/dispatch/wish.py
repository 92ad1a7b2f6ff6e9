"""What somebody asks for, stored together with the first thing that is done of it."""

from collections.abc import Callable
from dataclasses import dataclass

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.dispatch.model import Job
from chalicelib.errors import Conflict

Write = Callable[[TransactWrite], None]


class NotKept(Conflict):
    """What was asked for could not be stored, so that nothing of it may be done."""


@dataclass(slots=True)
class Wish:
    """A job that is stored once: by itself, or in the transaction that begins it.

    ``store`` stores the job and what belongs to asking for it in one transaction with the writes
    that it is given; ``alone`` are those writes where nothing is begun yet. ``changed`` is the
    sentence for whoever was overtaken.
    """

    job: Job
    alone: Write
    store: Callable[[Write], None]
    changed: str
    kept: bool = False

    def keep(self) -> None:
        """Store it by itself, unless it is stored; raises NotKept, and then nothing is."""
        if self.kept:
            return
        try:
            self.keep_with(self.alone)
        except TransactWriteError:
            raise NotKept(self.changed) from None

    def keep_with(self, write: Write) -> None:
        """Store it with what begins it; raises TransactWriteError, and then nothing is."""
        self.store(write)
        self.kept = True
