"""Rows of the table of work, and the domain's values in them; keys are in ``keys.py``."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.storage.attributes import DecimalAttribute, JSONAttribute
from chalicelib.storage.moments import DayAttribute, MomentAttribute
from chalicelib.storage.rows import Row
from chalicelib.work import details, keys
from chalicelib.work.details import NOTHING_KNOWN
from chalicelib.work.kept_apart import Present, in_present, keep_apart
from chalicelib.work.model import (
    Client,
    Phase,
    Project,
    ProjectKind,
    ProjectStatus,
    Source,
    Standing,
    Task,
    TimeRecord,
)
from chalicelib.work.names import name_key

T = TypeVar("T")


class ListingIndex(GlobalSecondaryIndex[Any]):
    """Like with like: clients by name, records of a project by date."""

    class Meta:
        index_name = "listing"
        projection = AllProjection()

    listing_key = UnicodeAttribute(hash_key=True)
    listing_order = UnicodeAttribute(range_key=True)


class UnbilledIndex(GlobalSecondaryIndex[Any]):
    """The billable time records of a project that are on no invoice, by date."""

    class Meta:
        index_name = "unbilled"
        projection = AllProjection()

    unbilled_key = UnicodeAttribute(hash_key=True)
    unbilled_order = UnicodeAttribute(range_key=True)


class WorkRow(Row):
    """What all rows of this table share."""

    table = "work"

    class Meta:
        pass

    listing_key = UnicodeAttribute()
    listing_order = UnicodeAttribute()
    name_key = UnicodeAttribute(null=True)


class ClientRow(WorkRow):
    """A client; ``books`` and ``elsewhere`` are explained in ``kept_apart.py``."""

    class Meta:
        pass

    name = UnicodeAttribute()
    email = UnicodeAttribute(default="")
    contact_id = UnicodeAttribute(null=True)
    standing = UnicodeAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    tax_type = UnicodeAttribute(null=True)
    account_code = UnicodeAttribute(null=True)
    details = JSONAttribute(null=True)
    books = UnicodeAttribute(null=True)
    elsewhere = JSONAttribute(null=True)
    archived = BooleanAttribute(default=False)
    archived_by_xero = BooleanAttribute(default=False)
    source = UnicodeAttribute(default=Source.WORKBILL.value)
    in_use = BooleanAttribute(default=False)
    updated_at = MomentAttribute()

    listing = ListingIndex()

    @classmethod
    def of(
        cls, tenant_id: str, client: Client, present: Present, before: "ClientRow | None" = None
    ) -> "ClientRow":
        """The row of a client as of the present organisation; ``before`` is what it replaces."""
        row = cls(
            tenant_id,
            f"client#{client.client_id}",
            listing_key=keys.client_listing(tenant_id, archived=client.archived),
            listing_order=keys.name_order(client.name, client.client_id),
            name_key=name_key(client.name),
            **_contents(client),
        )
        if client.details == NOTHING_KNOWN:
            row.details = None
        keep_apart(row, before, present)
        return row

    def contacts(self) -> frozenset[str]:
        """The contacts it was ever linked to and still is somewhere, in any organisation."""
        elsewhere = (kept.get("contact_id") for kept in (self.elsewhere or {}).values())
        return frozenset(filter(None, (self.contact_id, *elsewhere)))

    def client(self, present: Present) -> Client:
        """The client in this row, with what it has in the present organisation."""
        own = in_present(self, present)
        if own["standing"]:
            own["standing"] = Standing(own["standing"])
        own |= {"source": Source(self.source), "details": details.read(self.details)}
        return replace(_value(Client, self), **own)


class ProjectRow(WorkRow):
    """A project."""

    class Meta:
        pass

    client_id = UnicodeAttribute()
    name = UnicodeAttribute()
    code = UnicodeAttribute(default="")
    currency = UnicodeAttribute()
    archived = BooleanAttribute(default=False)
    in_use = BooleanAttribute(default=False)
    updated_at = MomentAttribute()
    kind = UnicodeAttribute(default=ProjectKind.TIME_AND_MATERIALS.value)
    status = UnicodeAttribute(default=ProjectStatus.ACTIVE.value)
    price = DecimalAttribute(null=True)
    budget_minutes = NumberAttribute(null=True)
    budget_amount = DecimalAttribute(null=True)
    purchase_order = UnicodeAttribute(default="")
    contact_name = UnicodeAttribute(default="")
    contact_email = UnicodeAttribute(default="")
    drawn_cents = NumberAttribute(default=0)

    listing = ListingIndex()

    @classmethod
    def of(cls, tenant_id: str, project: Project) -> "ProjectRow":
        """The row of a project."""
        return cls(
            tenant_id,
            f"project#{project.project_id}",
            listing_key=keys.project_listing(tenant_id, archived=project.archived),
            listing_order=keys.name_order(project.name, project.project_id),
            name_key=name_key(project.name),
            **_contents(project),
        )

    def project(self) -> Project:
        """The project in this row."""
        found = _value(Project, self)
        return replace(found, kind=ProjectKind(self.kind), status=ProjectStatus(self.status))


class PhaseRow(WorkRow):
    """A phase of a project."""

    class Meta:
        pass

    project_id = UnicodeAttribute()
    name = UnicodeAttribute()
    position = NumberAttribute(default=0)
    price = DecimalAttribute(null=True)
    drawn_cents = NumberAttribute(default=0)
    archived = BooleanAttribute(default=False)
    in_use = BooleanAttribute(default=False)
    updated_at = MomentAttribute()

    listing = ListingIndex()

    @classmethod
    def of(cls, tenant_id: str, phase: Phase) -> "PhaseRow":
        """The row of a phase."""
        return cls(
            tenant_id,
            keys.phase_sk(phase.phase_id),
            listing_key=keys.phase_listing(tenant_id, phase.project_id),
            listing_order=keys.phase_order(phase.position, phase.phase_id),
            name_key=name_key(phase.name),
            **_contents(phase),
        )

    def phase(self) -> Phase:
        """The phase in this row."""
        return _value(Phase, self)


class TaskRow(WorkRow):
    """A task of a project."""

    class Meta:
        pass

    project_id = UnicodeAttribute()
    phase_id = UnicodeAttribute(null=True)
    name = UnicodeAttribute()
    currency = UnicodeAttribute()
    rate = DecimalAttribute(null=True)
    rate_id = UnicodeAttribute(null=True)
    billable = BooleanAttribute(default=True)
    archived = BooleanAttribute(default=False)
    in_use = BooleanAttribute(default=False)
    updated_at = MomentAttribute()

    listing = ListingIndex()

    @classmethod
    def of(cls, tenant_id: str, task: Task) -> "TaskRow":
        """The row of a task."""
        return cls(
            tenant_id,
            f"task#{task.task_id}",
            listing_key=keys.task_listing(tenant_id, task.project_id, archived=task.archived),
            listing_order=keys.name_order(task.name, task.task_id),
            name_key=name_key(task.name),
            **_contents(task),
        )

    def task(self) -> Task:
        """The task in this row."""
        return _value(Task, self)


class TimeRow(WorkRow):
    """A time record; in the index ``unbilled`` while it is billable and on no invoice."""

    class Meta:
        pass

    project_id = UnicodeAttribute()
    task_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    date = DayAttribute()
    minutes = NumberAttribute()
    staff = UnicodeAttribute(default="")
    staff_id = UnicodeAttribute(null=True)
    note = UnicodeAttribute(default="")
    billable = BooleanAttribute(default=True)
    invoice_id = UnicodeAttribute(null=True)
    external_id = UnicodeAttribute(null=True)
    sent = UnicodeAttribute(null=True)
    import_id = UnicodeAttribute(null=True)
    billed_elsewhere = BooleanAttribute(default=False)
    version = NumberAttribute(default=1)
    unbilled_key = UnicodeAttribute(null=True)
    unbilled_order = UnicodeAttribute(null=True)

    listing = ListingIndex()
    unbilled = UnbilledIndex()

    @classmethod
    def of(cls, tenant_id: str, record: TimeRecord) -> "TimeRow":
        """The row of a time record."""
        row = cls(
            tenant_id,
            keys.time_sk(record.record_id),
            listing_key=keys.time_listing(tenant_id, record.project_id),
            listing_order=keys.time_order(record),
            **_contents(record),
        )
        if record.billable and record.invoice_id is None:
            row.unbilled_key = keys.unbilled_key(tenant_id, record.project_id)
            row.unbilled_order = keys.time_order(record)
        return row

    def record(self) -> TimeRecord:
        """The time record in this row."""
        return _value(TimeRecord, self)


def _contents(value: Any) -> dict[str, Any]:
    """All fields but the first, which is the id and lives in the sort key."""
    return {field.name: getattr(value, field.name) for field in fields(value)[1:]}


def _value(kind: Callable[..., T], row: WorkRow) -> T:
    names = [field.name for field in fields(kind)[1:]]  # type: ignore[arg-type]
    return kind(row.sk.partition("#")[2], **{name: getattr(row, name) for name in names})
