"""Keys of the table of work.

Everything of a tenant shares one partition key and is found by kind and id; the index
``listing`` puts like with like in the order people read it, and ``unbilled`` holds exactly the
time records that wait for an invoice.
"""

from datetime import date

from chalicelib.work.model import TimeRecord
from chalicelib.work.names import name_key

LONGEST_PLACE = 900
"""Bytes; DynamoDB's limit for a sort key is 1,024, and an id follows."""


def client_listing(tenant_id: str, *, archived: bool) -> str:
    """A tenant's clients, by name."""
    return f"{tenant_id}#client#{_shelf(archived=archived)}"


def project_listing(tenant_id: str, *, archived: bool) -> str:
    """A tenant's projects, by name."""
    return f"{tenant_id}#project#{_shelf(archived=archived)}"


def project_sk(project_id: str) -> str:
    """The sort key of a project."""
    return f"project#{project_id}"


def phase_listing(tenant_id: str, project_id: str) -> str:
    """A project's phases, in their order, archived ones too."""
    return f"{tenant_id}#phase#{project_id}"


def phase_order(position: int, phase_id: str) -> str:
    """The place of a phase in its project."""
    return f"{position:04d}#{phase_id}"


def phase_sk(phase_id: str) -> str:
    """The sort key of a phase."""
    return f"phase#{phase_id}"


def task_listing(tenant_id: str, project_id: str, *, archived: bool) -> str:
    """A project's tasks, by name."""
    return f"{tenant_id}#task#{project_id}#{_shelf(archived=archived)}"


def rate_listing(tenant_id: str, kind: str, *, archived: bool) -> str:
    """A tenant's rate cards of a kind, by name."""
    return f"{tenant_id}#rate#{kind}#{_shelf(archived=archived)}"


def staff_listing(tenant_id: str, *, archived: bool) -> str:
    """A tenant's staff, by name."""
    return f"{tenant_id}#staff#{_shelf(archived=archived)}"


def time_listing(tenant_id: str, project_id: str) -> str:
    """A project's time records, by date."""
    return f"{tenant_id}#time#{project_id}"


def unbilled_key(tenant_id: str, project_id: str) -> str:
    """A project's billable records that are on no invoice, by date."""
    return f"{tenant_id}#unbilled#{project_id}"


def material_listing(tenant_id: str, project_id: str) -> str:
    """A project's materials, by date."""
    return f"{tenant_id}#material#{project_id}"


def unbilled_materials(tenant_id: str, project_id: str) -> str:
    """A project's billable materials that are on no invoice, by date."""
    return f"{tenant_id}#unbilled-materials#{project_id}"


def material_sk(material_id: str) -> str:
    """The sort key of a material."""
    return f"material#{material_id}"


def dated(day: date, identity: str) -> str:
    """The place of something by its day; the id makes it the only one."""
    return f"{day.isoformat()}#{identity}"


def name_order(name: str, identity: str) -> str:
    """The place of a name in a listing; equal names are told apart by their ids."""
    return f"{name_place(name)}#{identity}"


def name_place(name: str) -> str:
    """As much of a name's key as a place can hold: letters taken apart may fill 2,300 bytes."""
    return name_key(name).encode()[:LONGEST_PLACE].decode(errors="ignore")


def time_order(record: TimeRecord) -> str:
    """The place of a time record by date; the id makes it the only one."""
    return f"{record.date.isoformat()}#{record.record_id}"


def time_sk(record_id: str) -> str:
    """The sort key of a time record."""
    return f"time#{record_id}"


def _shelf(*, archived: bool) -> str:
    return "archived" if archived else "live"
