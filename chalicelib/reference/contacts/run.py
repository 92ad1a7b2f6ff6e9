"""Where an import has got to: kept in its job's row, so that any worker can go on from there."""

from typing import Any, Self

import msgspec

from chalicelib.reference.contacts.facts import Facts
from chalicelib.reference.contacts.model import Choice
from chalicelib.reference.contacts.roll_call import Odd, Roll
from chalicelib.xero.caller import LARGEST_PAGE

EXAMPLES = 5
"""Names shown for each reason why contacts were skipped."""


class Skipped(msgspec.Struct):
    """How many were skipped for one reason, and the first of their names."""

    count: int = 0
    names: list[str] = []


class Run(msgspec.Struct, omit_defaults=True):
    """What a job knows of its own course; moments are Xero's, written as by ``clock.stamp``.

    ``since`` empty: all contacts are read. ``began`` is when Xero gave the first page of this
    round; ``earliest`` and ``latest`` are the first and last change in it, and ``moved`` says
    that a contact changed after it began. ``roll`` tells afterwards who was missing, against
    ``expected``: ``odd`` are the groups that differ, None while not all are summed up, and
    ``after`` is the last one that was looked at; ``called`` says that it is over. ``merged``
    and ``suspects`` are what is still to be looked into once all pages are read. ``loose`` are
    the clients that were not linked at the beginning, where they are not too many.
    """

    choice: Choice
    contact_ids: list[str] = []
    size: int = LARGEST_PAGE
    since: str = ""
    page: int = 1
    round: int = 1
    began: str = ""
    earliest: str = ""
    latest: str = ""
    moved: bool = False
    read: bool = False
    called: bool = False
    roll: Roll = {}
    expected: Roll = {}
    odd: Odd | None = None
    after: str = ""
    merged: dict[str, Facts] = {}
    suspects: list[str] = []
    loose: list[str] | None = None
    skipped: dict[str, Skipped] = {}

    @property
    def whole(self) -> bool:
        """Whether all contacts of the organisation are read."""
        return not self.since and not self.contact_ids

    @classmethod
    def load(cls, params: dict[str, Any]) -> Self | None:
        """The course of a job so far; None before it began."""
        return msgspec.convert(params["run"], cls) if "run" in params else None

    def keep(self, params: dict[str, Any]) -> None:
        """Put it where the job stores it."""
        params["run"] = msgspec.to_builtins(self)

    def skip(self, reason: str, name: str) -> None:
        """Count one that was skipped."""
        about = self.skipped.setdefault(reason, Skipped())
        about.count += 1
        if len(about.names) < EXAMPLES:
            about.names.append(name)

    def see(self, changed: list[str], told: str) -> None:
        """Note when the contacts of a page had changed.

        The list is ordered by the time of change, so a contact that changes while pages are read
        goes to the end, and all behind it move up by one: the first of a page may be missed. It
        shows by a change that is later than the beginning.
        """
        if not self.began:
            self.began = told
        if changed:
            self.earliest = min(filter(None, (self.earliest, *changed)))
            self.latest = max(self.latest, *changed)
        if self.page > 1 and self.latest > self.began:
            self.moved = True

    def again(self) -> None:
        """Begin another round, which forgets what the last one counted."""
        fresh = Run(self.choice, size=self.size, since=self.since, round=self.round + 1)
        for name in self.__struct_fields__:
            setattr(self, name, getattr(fresh, name))
