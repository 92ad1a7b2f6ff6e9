"""All that the mapping is judged against."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from chalicelib.reference.layers import Chosen, Kind, Lists, Place
from chalicelib.reference.organisation import Organisation
from chalicelib.work.model import Client, Project, Task
from chalicelib.work.rates.model import Rate


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know.

    The projects, tasks and rates are those that are not archived; the clients are theirs, and
    those with codes of their own; ``with_materials`` are projects with materials to be billed.
    ``today`` is the organisation's day.
    """

    lists: Lists
    chosen: Chosen
    today: date
    currencies: Collection[str] = ()
    organisation: Organisation | None = None
    clients: Mapping[str, Client] = field(default_factory=dict)
    projects: Mapping[str, Project] = field(default_factory=dict)
    tasks: Collection[Task] = ()
    rates: Mapping[str, Rate] = field(default_factory=dict)
    with_materials: Collection[str] = ()

    def task_name(self, task: Task) -> str:
        """A task with its project, since many have tasks of one name; empty without one."""
        project = self.projects.get(task.project_id)
        return f"{project.name}: {task.name}" if project else ""

    def names(self) -> dict[Place, str]:
        """What the things are called that invoices may still come from: none that is archived."""
        tasks = {one.task_id: self.task_name(one) for one in self.tasks}
        clients = {key: one.name for key, one in self.clients.items() if not one.archived}
        named: Mapping[Kind, Mapping[str, str]] = {
            Kind.CLIENT: clients,
            Kind.PROJECT: {key: one.name for key, one in self.projects.items()},
            Kind.TASK: {key: name for key, name in tasks.items() if name},
            Kind.RATE: {key: one.name for key, one in self.rates.items()},
        }
        return {
            Place(kind, key): name for kind, found in named.items() for key, name in found.items()
        }
