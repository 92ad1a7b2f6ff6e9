"""Knowing a report by the names of its columns, in whatever order they come."""

from collections.abc import Sequence

from chalicelib.work.intake.clockify import CLOCKIFY
from chalicelib.work.intake.harvest import HARVEST
from chalicelib.work.intake.kinds import Kind, plain
from chalicelib.work.intake.toggl import TOGGL

KINDS = (TOGGL, CLOCKIFY, HARVEST)
ALIKE = 0.5
"""The share of the columns it is known by that makes a file look like a report."""


def recognise(header: Sequence[str]) -> Kind | None:
    """The report that has these columns; None for any other file."""
    names = set(map(plain, header))
    return next((kind for kind in KINDS if not kind.missing(names)), None)


def nearest(header: Sequence[str]) -> tuple[Kind, list[str]] | None:
    """The report that a file looks like, and the columns that it lacks to be one."""
    names = set(map(plain, header))
    kind = min(KINDS, key=lambda one: (_lacking(one, names), -len(one.names(names))))
    return (kind, kind.missing(names)) if _lacking(kind, names) < ALIKE else None


def _lacking(kind: Kind, names: set[str]) -> float:
    return len(kind.missing(names)) / len(kind.told_by)
