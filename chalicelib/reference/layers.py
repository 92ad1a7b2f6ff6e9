"""The layers of the mapping: what each of them says, and what a line gets in the end."""

from collections.abc import Mapping as ByKey
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.reference.model import (
    Account,
    Mapping,
    TaxRate,
    Tracking,
    TrackingCategory,
)


class Layer(StrEnum):
    """Which layer of the mapping gave a code."""

    LINE = "line"
    TASK = "task"
    RATE = "rate"
    PROJECT = "project"
    CLIENT = "client"
    CONTACT = "contact"
    TENANT = "tenant"
    ACCOUNT = "account"
    ORGANISATION = "organisation"
    NONE = "none"


class Kind(StrEnum):
    """What can have codes of its own."""

    CLIENT = "client"
    PROJECT = "project"
    TASK = "task"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that can have codes of its own."""

    kind: Kind
    thing_id: str


@dataclass(frozen=True, slots=True)
class Codes:
    """What one layer says; empty where it leaves it to the next."""

    account_code: str = ""
    tax_type: str = ""
    tracking: tuple[Tracking, ...] = ()

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.account_code or self.tax_type or self.tracking)


SILENT = Codes()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The whole mapping of a tenant for one organisation: the defaults, and what each has.

    ``version`` grows with each change of it as it is stored.
    """

    tenant: Mapping = field(default_factory=Mapping)
    own: ByKey[Place, Codes] = field(default_factory=dict)
    version: int = field(default=0, compare=False)

    def of(self, kind: Kind, thing_id: str) -> Codes:
        """What a thing has of its own; no id says nothing."""
        return self.own.get(Place(kind, thing_id), SILENT) if thing_id else SILENT


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a line stands; ``line`` is what it says itself, ``contact`` what Xero's contact has.

    ``rate_id`` is the rate card that prices it, empty when the task has a price of its own and
    names none. ``exact`` says that the line's own tracking is all that it bears.
    """

    client_id: str = ""
    project_id: str = ""
    task_id: str = ""
    rate_id: str = ""
    line: Codes = SILENT
    contact: Codes = SILENT
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Lists:
    """What may be chosen from, as last imported; ``pays_tax`` False: it charges no tax at all."""

    accounts: ByKey[str, Account]
    tax_rates: ByKey[str, TaxRate]
    tracking: ByKey[str, TrackingCategory] = field(default_factory=dict)
    pays_tax: bool = True


@dataclass(frozen=True, slots=True)
class Tracked:
    """A tracking entry of a line, with the names of now and the layer that chose it."""

    category_id: str
    option_id: str
    category: str
    option: str
    layer: Layer


@dataclass(frozen=True, slots=True)
class LineCodes:
    """What a line gets and which layer says so.

    ``problem`` says what Xero would refuse, empty when it would take the line; ``field`` names
    which of the three it is about.
    """

    account_code: str
    account_from: Layer
    tax_type: str
    tax_from: Layer
    tracking: tuple[Tracked, ...] = ()
    problem: str = ""
    field: str = ""
