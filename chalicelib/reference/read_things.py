"""Reading everything of a tenant that can have codes of its own."""

from chalicelib.reference.things import Things
from chalicelib.work.kept_apart import Present
from chalicelib.work.rates import store as rates
from chalicelib.work.store import ClientRow, ProjectRow, TaskRow


def read(tenant_id: str) -> Things:
    """All clients, projects, tasks and rates, archived ones too; one request per megabyte."""
    present = Present(tenant_id)
    clients = ClientRow.query(tenant_id, ClientRow.sk.startswith("client#"))
    projects = ProjectRow.query(tenant_id, ProjectRow.sk.startswith("project#"))
    tasks = TaskRow.query(tenant_id, TaskRow.sk.startswith("task#"))
    return Things(
        clients={one.client_id: one for one in (row.client(present) for row in clients)},
        projects={one.project_id: one for one in (row.project() for row in projects)},
        tasks={one.task_id: one for one in (row.task() for row in tasks)},
        rates=rates.every(tenant_id),
    )
