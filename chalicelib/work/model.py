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


class ProjectKind(StrEnum):
    """How a project is billed: what was done, or a price that was agreed."""

    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_PRICE = "fixed_price"


class ProjectStatus(StrEnum):
    """How far a project is; it says nothing about what can be billed."""

    PLANNED = "planned"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Project:
    """Work for one client, billed in one currency.

    Once it has a task (``in_use``) its client and currency stay as they are. ``price`` is what
    was quoted; of a fixed price no more than that is billed, and ``drawn_cents`` of it are on
    invoices. A budget is in minutes or in money, never both.
    """

    project_id: str
    client_id: str
    name: str
    currency: str
    updated_at: datetime
    code: str = ""
    archived: bool = False
    in_use: bool = False
    kind: ProjectKind = ProjectKind.TIME_AND_MATERIALS
    status: ProjectStatus = ProjectStatus.ACTIVE
    price: Decimal | None = None
    budget_minutes: int | None = None
    budget_amount: Decimal | None = None
    purchase_order: str = ""
    contact_name: str = ""
    contact_email: str = ""
    drawn_cents: int = 0

    @property
    def fixed(self) -> bool:
        """Whether a price was agreed for it."""
        return self.kind is ProjectKind.FIXED_PRICE

    @property
    def drawn(self) -> Decimal:
        """How much of the price is on invoices."""
        return Decimal(self.drawn_cents) / 100

    @property
    def remaining(self) -> Decimal:
        """How much of the price is on no invoice yet."""
        return (self.price or Decimal(0)) - self.drawn


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a project, in order of ``position``; of a fixed price it may have its own part.

    Of such a price ``drawn_cents`` are on invoices. Once it has a task or an invoice
    (``in_use``) it is archived, not deleted.
    """

    phase_id: str
    project_id: str
    name: str
    updated_at: datetime
    position: int = 0
    price: Decimal | None = None
    drawn_cents: int = 0
    archived: bool = False
    in_use: bool = False

    @property
    def drawn(self) -> Decimal:
        """How much of its price is on invoices."""
        return Decimal(self.drawn_cents) / 100

    @property
    def remaining(self) -> Decimal:
        """How much of its price is on no invoice yet."""
        return (self.price or Decimal(0)) - self.drawn


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of work in a project.

    ``rate`` is its own price per hour, at 4 decimals; ``rate_id`` names a task rate. Which of
    them counts is said in ``rates/price.py``. ``billable`` is what new time records start with.
    """

    task_id: str
    project_id: str
    name: str
    currency: str
    updated_at: datetime
    rate: Decimal | None = None
    rate_id: str | None = None
    billable: bool = True
    archived: bool = False
    in_use: bool = False
    phase_id: str | None = None


@dataclass(frozen=True, slots=True)
class TimeRecord:
    """Minutes that one of the staff worked on a task on a day.

    ``staff`` is who, as the record says; ``staff_id`` is the one of the staff whom that was when
    it was recorded, None for nobody known. ``invoice_id`` is the live invoice that bills it;
    while it is set, the record does not change. ``external_id`` is its sender's name for it, and
    ``sent`` a fingerprint of what the sender last said; ``import_id`` is the file that brought
    it. What was ``billed_elsewhere`` is not billable and never becomes so. ``version`` grows with
    each change, so that an invoice bills only what was read.
    """

    record_id: str
    project_id: str
    task_id: str
    client_id: str
    date: date
    minutes: int
    staff: str = ""
    staff_id: str | None = None
    note: str = ""
    billable: bool = True
    invoice_id: str | None = None
    external_id: str | None = None
    sent: str | None = None
    import_id: str | None = None
    billed_elsewhere: bool = False
    version: int = 1
