"""Making the clients, projects and tasks that a file names and that are not there yet."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from chalicelib.dispatch.model import Slice
from chalicelib.work import clients, projects, tasks
from chalicelib.work.ids import same_id
from chalicelib.work.intake.keys import key_of
from chalicelib.work.intake.names import Meaning
from chalicelib.work.intake.plan import ClientPlan, Plan, ProjectPlan, TaskPlan

Key = tuple[str, ...]


class Made(msgspec.Struct, frozen=True, array_like=True):
    """Where the records of a place of the findings belong."""

    place: int
    client_id: str
    project_id: str
    task_id: str


class AllMade(msgspec.Struct):
    """Where records belong, by place, and who of the staff did the work, by person.

    ``LEFT_OUT`` stands for somebody whose time is not taken.
    """

    places: list[Made] = []
    staff: list[str | None] = []


class Places:
    """Finds or makes what a plan says, one task after the other.

    What is made gets an id that its name decides, so that doing it again makes nothing twice. A
    name that was said to be new beside one that is the same gets an id of its import.
    """

    def __init__(self, tenant_id: str, import_id: str, rate: Decimal | None) -> None:
        self._tenant_id = tenant_id
        self._import_id = import_id
        self._rate = rate
        self._ids: dict[Key, str] = {}

    def make(self, plan: Plan, made: list[Made], slice_: Slice) -> bool:
        """Go on after what is ``made`` and add to it; False when the slice is over first."""
        for client, project, task in list(_tasks(plan))[len(made) :]:
            client_id = self._client(client)
            project_id = self._project(client_id, project)
            task_id = self._task(project_id, task)
            made.append(Made(task.place, client_id, project_id, task_id))
            if slice_.over:
                return False
        return True

    def _client(self, client: ClientPlan) -> str:
        means = client.meaning
        key = ("client", key_of(means.name))
        if key not in self._ids:
            self._ids[key] = (
                means.id
                or clients.create(
                    self._tenant_id, means.name, client_id=self._new_id(means, *key)
                ).client_id
            )
        return self._ids[key]

    def _project(self, client_id: str, project: ProjectPlan) -> str:
        means = project.meaning
        key = ("project", client_id, key_of(means.name))
        # Two names in the file may mean one client, and so one new project.
        if key not in self._ids:
            self._ids[key] = (
                means.id
                or projects.create(
                    self._tenant_id,
                    client_id,
                    means.name,
                    code=project.code,
                    currency=project.currency,
                    project_id=self._new_id(means, *key),
                ).project_id
            )
        return self._ids[key]

    def _task(self, project_id: str, task: TaskPlan) -> str:
        means = task.meaning
        key = ("task", project_id, key_of(means.name))
        if key not in self._ids:
            found = (
                means.id
                or tasks.create(
                    self._tenant_id,
                    project_id,
                    means.name,
                    rate=self._rate,
                    task_id=self._new_id(means, *key),
                ).task_id
            )
            self._ids[key] = tasks.use(self._tenant_id, found).task_id
        return self._ids[key]

    def _new_id(self, means: Meaning, *key: str) -> str:
        apart = (self._import_id,) if means.apart else ()
        return same_id(self._tenant_id, *key, *apart)


def _tasks(plan: Plan) -> Iterator[tuple[ClientPlan, ProjectPlan, TaskPlan]]:
    for client, project in plan.taken():
        for task in project.tasks:
            if not task.meaning.left_out:
                yield client, project, task
