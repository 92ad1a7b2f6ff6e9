"""Everything that can have codes of its own, found by id or by name: pure rules.

A name that is spelt the same goes first, then one that differs only by case, spaces, accents or
punctuation; and a live thing before an archived one. Where several are left, none is meant.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from chalicelib.reference.layers import Kind, Place
from chalicelib.work.model import Client, Project, Task
from chalicelib.work.names import name_key
from chalicelib.work.rates.model import Rate

Thing = TypeVar("Thing", Client, Project, Task, Rate)
Scoped = Mapping[tuple[str, str], list[Thing]]
"""Things by what they belong to and the key of their name."""


@dataclass(frozen=True)
class Things:
    """A tenant's clients, projects, tasks and rates by id, archived ones too."""

    clients: Mapping[str, Client] = field(default_factory=dict)
    projects: Mapping[str, Project] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    rates: Mapping[str, Rate] = field(default_factory=dict)

    def name(self, place: Place) -> str | None:
        """What a thing is called, with what it belongs to; None for one that is not there."""
        match place.kind:
            case Kind.CLIENT:
                client = self.clients.get(place.thing_id)
                return client.name if client else None
            case Kind.PROJECT:
                project = self.projects.get(place.thing_id)
                return f"{self.client_of(project)}, {project.name}" if project else None
            case Kind.TASK:
                return self._task_name(place.thing_id)
            case Kind.RATE:
                rate = self.rates.get(place.thing_id)
                return f"{rate.name} ({rate.kind})" if rate else None

    def client_of(self, project: Project) -> str:
        """The name of a project's client."""
        client = self.clients.get(project.client_id)
        return client.name if client else ""

    def client(self, name: str, client_id: str = "", contact_id: str = "") -> Client | None:
        """By id, by contact, or by name."""
        if client_id in self.clients:
            return self.clients[client_id]
        linked = self._contacts.get(contact_id, [])
        return linked[0] if len(linked) == 1 else _one(self._clients, "", name)

    def project(self, name: str, client: str, project_id: str = "") -> Project | None:
        """By id, or by name among those of the client of that name."""
        if project_id in self.projects:
            return self.projects[project_id]
        owner = self.client(client)
        return _one(self._projects, owner.client_id, name) if owner else None

    def task(self, name: str, project: str, client: str, task_id: str = "") -> Task | None:
        """By id, or by name in the project of that name, of the client of that name."""
        if task_id in self.tasks:
            return self.tasks[task_id]
        owner = self.project(project, client)
        return _one(self._tasks, owner.project_id, name) if owner else None

    def rate(self, name: str, kind: str, rate_id: str = "") -> Rate | None:
        """By id, or by name among those of a kind."""
        if rate_id in self.rates:
            return self.rates[rate_id]
        return _one(self._rates, kind, name)

    def _task_name(self, task_id: str) -> str | None:
        task = self.tasks.get(task_id)
        project = self.projects.get(task.project_id) if task else None
        if task is None or project is None:
            return None
        return f"{self.client_of(project)}, {project.name}: {task.name}"

    @cached_property
    def _contacts(self) -> Mapping[str, list[Client]]:
        found: defaultdict[str, list[Client]] = defaultdict(list)
        for client in self.clients.values():
            if client.contact_id:
                found[client.contact_id].append(client)
        return found

    @cached_property
    def _clients(self) -> Scoped[Client]:
        return _scoped(("", one) for one in self.clients.values())

    @cached_property
    def _projects(self) -> Scoped[Project]:
        return _scoped((one.client_id, one) for one in self.projects.values())

    @cached_property
    def _tasks(self) -> Scoped[Task]:
        return _scoped((one.project_id, one) for one in self.tasks.values())

    @cached_property
    def _rates(self) -> Scoped[Rate]:
        return _scoped((one.kind.value, one) for one in self.rates.values())


def _scoped(things: Iterable[tuple[str, Thing]]) -> Scoped[Thing]:
    found: defaultdict[tuple[str, str], list[Thing]] = defaultdict(list)
    for scope, thing in things:
        found[scope, name_key(thing.name)].append(thing)
    return found


def _one(things: Scoped[Thing], scope: str, name: str) -> Thing | None:
    alike = things.get((scope, name_key(name)), [])
    spelt = [one for one in alike if one.name == name]
    for some in (spelt, alike):
        for left in ([one for one in some if not one.archived], some):
            if len(left) == 1:
                return left[0]
    return None
