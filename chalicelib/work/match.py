"""Finding the client, project and task that a file names, or making them."""

from dataclasses import dataclass, field
from decimal import Decimal

from chalicelib.errors import Conflict
from chalicelib.work import clients, projects, tasks
from chalicelib.work.currencies import base_currency
from chalicelib.work.ids import same_id
from chalicelib.work.model import Client, Project, Task
from chalicelib.work.names import name_key

Key = tuple[str, ...]


@dataclass(slots=True)
class Match:
    """Matches names within one tenant, asking for each only once.

    Names match that differ only in case, spaces, accents and punctuation. What is missing is
    made, with an id that its names decide, so that doing it again makes nothing twice. New
    tasks get ``rate``; new projects the client's currency, else the organisation's, else
    ``currency``.
    """

    tenant_id: str
    rate: Decimal | None = None
    currency: str | None = None
    _known: dict[Key, tuple[Client, Project, Task]] = field(default_factory=dict)

    def place(self, client: str, project: str, task: str) -> tuple[Client, Project, Task]:
        """The three of these names; the task is marked as having time on it."""
        key = (name_key(client), name_key(project), name_key(task))
        if key not in self._known:
            self._known[key] = self._place(client, project, task)
        return self._known[key]

    def _place(self, client: str, project: str, task: str) -> tuple[Client, Project, Task]:
        of_client = self._client(client)
        of_project = self._project(of_client, project)
        return of_client, of_project, self._task(of_project, task)

    def _client(self, name: str) -> Client:
        return clients.find(self.tenant_id, name) or clients.create(
            self.tenant_id, name, client_id=same_id(self.tenant_id, "client", name_key(name))
        )

    def _project(self, client: Client, name: str) -> Project:
        found = projects.find(self.tenant_id, client.client_id, name)
        if found:
            return found
        currency = client.currency or base_currency(self.tenant_id) or self.currency
        if not currency:
            raise Conflict(
                f"In which currency {client.name} is billed is not known. Connect to Xero, or "
                "give the client a currency; then bring in the file again: what is here already "
                "is not added twice."
            )
        return projects.create(
            self.tenant_id,
            client.client_id,
            name,
            currency=currency,
            project_id=same_id(self.tenant_id, "project", client.client_id, name_key(name)),
        )

    def _task(self, project: Project, name: str) -> Task:
        found = tasks.find(self.tenant_id, project.project_id, name) or tasks.create(
            self.tenant_id,
            project.project_id,
            name,
            rate=self.rate,
            task_id=same_id(self.tenant_id, "task", project.project_id, name_key(name)),
        )
        return tasks.use(self.tenant_id, found.task_id)
