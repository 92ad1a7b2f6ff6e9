"""Clients, and the projects, tasks and time records that are billed to them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from chalicelib.work.details import NOTHING_KNOWN, Details


class Standing(StrEnum):
    """How the contact of a client stands in Xero; an invoice takes an active one only."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    REMOVED = "removed"
    MERGED = "merged"
    GONE = "gone"


class Source(StrEnum):
    """Where a client came from first."""

    XERO = "xero"
    WORKBILL = "workbill"


@dataclass(frozen=True, slots=True)
class Client:
    """Who is billed; ``contact_id`` is the Xero contact once it is known.

    It, its ``standing``, and the ``tax_type`` and ``account_code`` that Xero gives its lines, are
    those of the organisation connected now, or else last; what the client has in others is kept
    apart (``kept_apart.py``). Which fields are Xero's to say is in ``masters.py``.

    ``in_use`` is set with the first project and never taken back: such a client is archived,
    not deleted; ``archived_by_xero`` says that nobody here archived it. ``currency`` and
    ``tax_type`` None mean: as the project and the mapping say.
    """

    client_id: str
    name: str
    updated_at: datetime
    email: str = ""
    contact_id: str | None = None
    standing: Standing | None = None
    currency: str | None = None
    tax_type: str | None = None
    account_code: str | None = None
    details: Details = NOTHING_KNOWN
    archived: bool = False
    archived_by_xero: bool = False
    source: Source = Source.WORKBILL
    in_use: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """Work for one client, billed in one currency.

    Once it has a task (``in_use``) its client and currency stay as they are.
    """

    project_id: str
    client_id: str
    name: str
    currency: str
    updated_at: datetime
    code: str = ""
    archived: bool = False
    in_use: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of work in a project; ``rate`` is per hour, at 4 decimals, None until it is set.

    ``account_code`` and ``tax_type`` None mean: as the mapping says. ``billable`` is what new
    time records start with.
    """

    task_id: str
    project_id: str
    name: str
    currency: str
    updated_at: datetime
    rate: Decimal | None = None
    account_code: str | None = None
    tax_type: str | None = None
    billable: bool = True
    archived: bool = False
    in_use: bool = False


@dataclass(frozen=True, slots=True)
class TimeRecord:
    """Minutes that one of the staff worked on a task on a day.

    ``invoice_id`` is the live invoice that bills it; while it is set, the record does not
    change. ``external_id`` is its sender's name for it, and ``sent`` a fingerprint of what the
    sender last said. ``version`` grows with each change, so that an invoice bills only what was
    read.
    """

    record_id: str
    project_id: str
    task_id: str
    client_id: str
    date: date
    minutes: int
    staff: str = ""
    note: str = ""
    billable: bool = True
    invoice_id: str | None = None
    external_id: str | None = None
    sent: str | None = None
    version: int = 1
