"""Everything of a tenant that a name in a file may mean, read at once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.work.currencies import base_currency
from chalicelib.work.intake import remember
from chalicelib.work.intake.names import Known, Names
from chalicelib.work.intake.remember import Meanings
from chalicelib.work.staff import store as staff
from chalicelib.work.staff.model import Roll
from chalicelib.work.store import ClientRow, ProjectRow, TaskRow, WorkRow

NOTHING = Names(())


@dataclass(frozen=True, slots=True)
class Everything:
    """Clients, the projects of each, the tasks of each project, staff, and what names meant.

    ``base_currency`` is that of the organisation in Xero, empty while none is known.
    """

    clients: Names
    projects: dict[str, Names]
    tasks: dict[str, Names]
    staff: Names
    roll: Roll
    meanings: Meanings
    base_currency: str

    def projects_of(self, client_id: str | None) -> Names:
        """The projects of a client; none of one that is not there yet."""
        return self.projects.get(client_id or "", NOTHING)

    def tasks_of(self, project_id: str | None) -> Names:
        """The tasks of a project; none of one that is not there yet."""
        return self.tasks.get(project_id or "", NOTHING)


def everything(tenant_id: str) -> Everything:
    """All that has a name, live or archived; consistent."""
    clients = [
        Known(_id(row), row.name, (row.archived, row.contact_id is None), row.currency)
        for row in _rows(ClientRow, tenant_id, "client#", "contact_id", "currency")
    ]
    projects, tasks = defaultdict[str, list[Known]](list), defaultdict[str, list[Known]](list)
    for row in _rows(ProjectRow, tenant_id, "project#", "client_id", "currency"):
        found = Known(_id(row), row.name, (row.archived,), row.currency)
        projects[row.client_id].append(found)
    for row in _rows(TaskRow, tenant_id, "task#", "project_id"):
        tasks[row.project_id].append(Known(_id(row), row.name, (row.archived,)))
    roll = staff.roll(tenant_id)
    return Everything(
        clients=Names(clients),
        projects={client_id: Names(known) for client_id, known in projects.items()},
        tasks={project_id: Names(known) for project_id, known in tasks.items()},
        staff=Names(Known(one.staff_id, one.name, (one.archived,)) for one in roll.everybody),
        roll=roll,
        meanings=remember.meanings(tenant_id),
        base_currency=base_currency(tenant_id) or "",
    )


def _rows(kind: type[WorkRow], tenant_id: str, prefix: str, *names: str) -> Iterator[Any]:
    return iter(
        kind.query(
            tenant_id,
            kind.sk.startswith(prefix),
            consistent_read=True,
            attributes_to_get=["pk", "sk", "name", "archived", *names],
        )
    )


def _id(row: WorkRow) -> str:
    return str(row.sk.partition("#")[2])
