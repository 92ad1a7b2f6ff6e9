"""What becomes of the names in a file: matched with what there is, made new, or left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from chalicelib.work.intake.answers import Answers
from chalicelib.work.intake.findings import Findings, Person, Place
from chalicelib.work.intake.keys import key_of
from chalicelib.work.intake.known import Everything
from chalicelib.work.intake.names import Meaning, Names, NameState
from chalicelib.work.intake.remember import Meanings

CLIENT, PROJECT, TASK, STAFF = "client", "project", "task", "staff"


class TaskPlan(msgspec.Struct):
    """A task of the file; ``place`` is its number in the findings."""

    meaning: Meaning
    place: int


class ProjectPlan(msgspec.Struct):
    """A project of the file, with sums over its tasks.

    ``currency`` is what it is, or will be, billed in, empty where nobody has said;
    ``said_currency`` is what the file says of it. ``here`` counts rows taken before.
    """

    meaning: Meaning
    currency: str = ""
    said_currency: str = ""
    code: str = ""
    tasks: list[TaskPlan] = []
    rows: int = 0
    minutes: int = 0
    billable: int = 0
    here: int = 0

    def add(self, task: TaskPlan, place: Place) -> None:
        """Count a task in."""
        self.tasks.append(task)
        self.code = self.code or place.code
        self.said_currency = self.said_currency or place.currency
        self.rows += place.rows
        self.minutes += place.minutes
        self.billable += place.billable
        self.here += place.here


class ClientPlan(msgspec.Struct):
    """A client of the file with its projects."""

    meaning: Meaning
    projects: list[ProjectPlan] = []


class PersonPlan(msgspec.Struct):
    """Somebody in the file; ``new`` stays a name on the records unless they are to be added."""

    meaning: Meaning
    email: str = ""
    minutes: int = 0


class Plan(msgspec.Struct):
    """What becomes of every name, in the order they came; people by their numbers."""

    clients: list[ClientPlan] = []
    people: list[PersonPlan] = []

    def taken(self) -> Iterator[tuple[ClientPlan, ProjectPlan]]:
        """The projects that are not left out, each with its client."""
        return (
            (client, project)
            for client in self.clients
            for project in client.projects
            if not client.meaning.left_out and not project.meaning.left_out
        )

    def lacks_currency(self) -> list[str]:
        """The clients with a new project whose currency nobody has said."""
        return list(dict.fromkeys(c.meaning.name for c, p in self.taken() if not p.currency))

    def strangers(self) -> list[str]:
        """The people in the file who are not among the staff."""
        return [
            one.meaning.name
            for one in self.people
            if one.meaning.state is NameState.NEW and one.meaning.name
        ]

    def chosen(self) -> Meanings:
        """What was said in this file of names that would not have been known by themselves."""
        found: Meanings = {}
        for person in self.people:
            _note(found, STAFF, "", person.meaning)
        for client in self.clients:
            _note(found, CLIENT, "", client.meaning)
            for project in client.projects:
                _note(found, PROJECT, client.meaning.id, project.meaning)
                for task in project.tasks:
                    _note(found, TASK, project.meaning.id, task.meaning)
        return found


@dataclass(slots=True)
class Planner:
    """Plans one file within a tenant; ``file_currency`` is the one in the file's header."""

    answers: Answers
    there: Everything
    file_currency: str = ""
    _said: dict[tuple[str, ...], str] = field(init=False)
    _clients: dict[str, ClientPlan] = field(default_factory=dict)
    _projects: dict[tuple[str, str], ProjectPlan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look choices up by the names they are of."""
        self._said = {choice.key: choice.use for choice in self.answers.choices}

    def plan(self, findings: Findings) -> Plan:
        """What becomes of every name; raises InvalidInput for a choice that is not there."""
        for number, place in enumerate(findings.places):
            client = self._client(place)
            project = self._project(client, place)
            names = self.there.tasks_of(project.meaning.id)
            means = self._meaning(names, place.task, (TASK, project.meaning.id), _keys(place))
            project.add(TaskPlan(means, number), place)
        plan = Plan(list(self._clients.values()), list(map(self._person, findings.people)))
        for client in plan.clients:
            for project in client.projects:
                project.currency = self._currency(client, project)
        return plan

    def _client(self, place: Place) -> ClientPlan:
        key = key_of(place.client)
        if key not in self._clients:
            means = self._meaning(self.there.clients, place.client, (CLIENT, None), (key,))
            self._clients[key] = ClientPlan(means)
        return self._clients[key]

    def _project(self, client: ClientPlan, place: Place) -> ProjectPlan:
        key = key_of(place.client), key_of(place.project)
        if key not in self._projects:
            names = self.there.projects_of(client.meaning.id)
            means = self._meaning(names, place.project, (PROJECT, client.meaning.id), key)
            self._projects[key] = ProjectPlan(means)
            client.projects.append(self._projects[key])
        return self._projects[key]

    def _person(self, person: Person) -> PersonPlan:
        """By e-mail before the name, as everywhere else."""
        found = self.there.roll.find(person.name, email=person.email) if person.name else None
        key = (STAFF, key_of(person.name))
        means = self.there.staff.meaning(
            person.name,
            self._said.get(key),
            self.there.meanings.get((STAFF, "", key[1])),
            self.there.staff.of_id(found.staff_id) if found else None,
        )
        return PersonPlan(means, person.email, person.minutes)

    def _meaning(
        self, names: Names, name: str, within: tuple[str, str | None], key: tuple[str, ...]
    ) -> Meaning:
        kind, under = within
        recalled = self.there.meanings.get((kind, under or "", key[-1]))
        return names.meaning(name, self._said.get(key), recalled)

    def _currency(self, client: ClientPlan, project: ProjectPlan) -> str:
        """A project keeps its own; a new one has its client's, else what is said, else Xero's."""
        of_client = self.there.clients.of_id(client.meaning.id)
        of_project = self.there.projects_of(client.meaning.id).of_id(project.meaning.id)
        said = (
            of_project.currency if of_project else None,
            of_client.currency if of_client else None,
            self.answers.currency,
            project.said_currency,
            self.there.base_currency,
            self.file_currency,
        )
        return next((currency for currency in said if currency), "")


def _keys(place: Place) -> tuple[str, ...]:
    return key_of(place.client), key_of(place.project), key_of(place.task)


def _note(found: Meanings, kind: str, under: str | None, meaning: Meaning) -> None:
    if meaning.state is NameState.CHOSEN and meaning.id:
        found[(kind, under or "", key_of(meaning.name))] = meaning.id
