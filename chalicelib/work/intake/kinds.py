"""What a kind of report is: which of its columns says what."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a column of a file can say of a piece of time."""

    DATE = "date"
    CLIENT = "client"
    PROJECT = "project"
    PROJECT_CODE = "project_code"
    TASK = "task"
    NOTE = "note"
    DURATION = "duration"
    MINUTES = "minutes"
    START = "start_time"
    END = "end_time"
    END_DATE = "end_date"
    STAFF = "staff"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    BILLABLE = "billable"
    INVOICED = "invoiced"
    CURRENCY = "currency"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report.

    ``columns`` names for each field the columns that say it, the best one first, in lower case.
    A file is of this kind when it has all columns in ``told_by``. ``money`` are the beginnings
    of columns that name a currency in brackets, ``idle`` the types of entries that are no work.
    A billable mark that is left empty means ``unmarked``; None: that cannot be.
    """

    code: str
    label: str
    columns: Mapping[Field, tuple[str, ...]]
    told_by: frozenset[str] = frozenset()
    money: tuple[str, ...] = ()
    idle: frozenset[str] = frozenset()
    unmarked: bool | None = None

    def missing(self, header: Collection[str]) -> list[str]:
        """The columns by which it would be known and that the header, in plain names, lacks."""
        return sorted(self.told_by - set(header))

    def names(self, header: Collection[str]) -> set[str]:
        """Those of the header's plain names that mean something in it."""
        known = {name for ways in self.columns.values() for name in ways}
        return {name for name in header if name in known or in_brackets(name, self.money)}


BRACKETS = re.compile(r"(.+?)\s*\(([^()]+)\)")


def plain(name: str) -> str:
    """A column's name as names are compared: in lower case, with single spaces."""
    return " ".join(name.split()).casefold()


def currency_in(header: Collection[str], kind: Kind) -> str:
    """What stands in brackets behind the amounts: USD of ``Amount (USD)``; empty for nothing."""
    return next(filter(None, (in_brackets(name, kind.money) for name in header)), "")


def in_brackets(name: str, beginnings: Collection[str]) -> str:
    """What stands in brackets behind one of these; empty where nothing does."""
    found = BRACKETS.fullmatch(name.strip())
    return found[2].strip() if found and plain(found[1]) in beginnings else ""
