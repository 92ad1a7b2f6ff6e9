"""Whose work an invoice bills, which of it, and everything that is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.errors import InvalidInput
from chalicelib.invoices.build import Book, one_currency
from chalicelib.invoices.model import Basis
from chalicelib.invoices.portions import Portion
from chalicelib.invoices.terms import Known
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.work import clients, phases, projects, tasks
from chalicelib.work.currencies import base_currency
from chalicelib.work.fixed_price import left
from chalicelib.work.materials.model import Material
from chalicelib.work.model import Client, Phase, Project, Task, TimeRecord

MOST_PROJECTS = 100


@dataclass(frozen=True, slots=True)
class Scope:
    """One client, the projects that are billed, and their currency."""

    client: Client
    projects: Mapping[str, Project]
    currency: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Which work of the scope is wanted; ``portions`` are by project.

    A fixed price covers the time of its project, or of the phases that are billed; where no part
    of it is billed, its time stays.
    """

    wanted: NewInvoice
    projects: Mapping[str, Project]
    tasks: Mapping[str, Task]
    portions: Mapping[str, Sequence[Portion]] = field(default_factory=dict)

    @property
    def project_ids(self) -> list[str]:
        """The projects that may have work for this invoice, in a steady order."""
        return sorted(self.projects)

    def covered(self, record: TimeRecord) -> bool:
        """Whether a fixed price pays for this time."""
        return self.projects[record.project_id].fixed and self.wanted.basis is Basis.PROJECT

    def has_time(self, record: TimeRecord) -> bool:
        """Whether this time is wanted."""
        task = self.tasks.get(record.task_id)
        phase_id = (task.phase_id if task else None) or ""
        if self.covered(record):
            of_project = self.portions.get(record.project_id, ())
            return any(one.phase_id in {"", phase_id} for one in of_project)
        return self._in_phase(phase_id)

    def has_material(self, material: Material) -> bool:
        """Whether this material is wanted."""
        return self._in_phase(material.phase_id or "")

    def _in_phase(self, phase_id: str) -> bool:
        return not self.wanted.phase_ids or phase_id in self.wanted.phase_ids


def of(tenant_id: str, wanted: NewInvoice) -> Scope:
    """What a wish is about; raises NotFound, and InvalidInput for work that does not fit."""
    if not wanted.of_work:
        client = clients.get(tenant_id, wanted.client_id)
        currency = wanted.currency or client.currency or base_currency(tenant_id) or ""
        return Scope(client, {}, currency)
    if not wanted.project_ids:
        clients.get(tenant_id, wanted.client_id)
    found = _projects(tenant_id, wanted)
    if not found:
        raise InvalidInput("This client has no project that bills this way.", field="client_id")
    owners = {project.client_id for project in found.values()}
    if len(owners) != 1 or (wanted.client_id and wanted.client_id not in owners):
        raise InvalidInput(
            "An invoice bills one client, and these projects are of several.",
            field="project_ids",
        )
    client = clients.get(tenant_id, owners.pop())
    return Scope(client, found, one_currency(found.values()))


def of_plan(tenant_id: str, client_id: str, project_id: str, currency: str) -> Scope:
    """What a billing plan is about: a project, or a client alone."""
    if not project_id:
        client = clients.get(tenant_id, client_id)
        return Scope(client, {}, currency or client.currency or base_currency(tenant_id) or "")
    project = projects.get(tenant_id, project_id)
    if client_id and client_id != project.client_id:
        raise InvalidInput("This project is another client's.", field="project_id")
    client = clients.get(tenant_id, project.client_id)
    return Scope(client, {project_id: project}, currency or project.currency)


def resolved(tenant_id: str, wanted: NewInvoice, scope: Scope) -> tuple[Portion, ...]:
    """The portions that are wanted: those named, and of other fixed prices what is left.

    Raises InvalidInput for one of a project or phase that is not billed here, or named twice.
    """
    if wanted.basis is not Basis.PROJECT:
        return ()
    places = [(one.project_id, one.phase_id) for one in wanted.portions]
    if len(set(places)) < len(places):
        raise InvalidInput("A price is billed once on an invoice.", field="portions")
    for one in wanted.portions:
        if one.project_id not in scope.projects:
            raise InvalidInput("Choose parts of the projects' own prices.", field="portions")
        phases.of(tenant_id, one.project_id, one.phase_id)
    if wanted.phase_ids:
        there = {key for one in scope.projects for key in phases.of_project(tenant_id, one)}
        if not there >= set(wanted.phase_ids):
            raise InvalidInput("Choose phases of the projects.", field="phase_ids")
    named = {project_id for project_id, _ in places}
    others = [p for p in scope.projects.values() if p.fixed and p.project_id not in named]
    rest = [one for project in others for one in _what_is_left(tenant_id, wanted, project)]
    return (*wanted.portions, *rest)


def select(tenant_id: str, wanted: NewInvoice, scope: Scope) -> Selection:
    """Which work of the scope this wish is about."""
    found: dict[str, Task] = {}
    for project_id in scope.projects:
        found.update(tasks.of_project(tenant_id, project_id))
    portions: dict[str, list[Portion]] = {}
    for one in wanted.portions:
        portions.setdefault(one.project_id, []).append(one)
    return Selection(wanted, scope.projects, found, portions)


def book(tenant_id: str, selection: Selection, known: Known) -> Book:
    """The projects' tasks and phases, and the terms of each record as they stand now."""
    found: dict[str, Phase] = {}
    for project_id in selection.projects:
        found.update(phases.of_project(tenant_id, project_id))
    return Book(
        selection.projects,
        selection.tasks,
        lambda record: known.of_record(selection.tasks[record.task_id], record),
        found,
    )


def _projects(tenant_id: str, wanted: NewInvoice) -> dict[str, Project]:
    """The projects named, or all of the client's, archived ones too, in a steady order.

    Of all, those with a fixed price are left out where only tracked time is billed.
    """
    ids = wanted.project_ids or tuple(sorted(projects.ids(tenant_id, wanted.client_id)))
    if len(ids) > MOST_PROJECTS:
        raise InvalidInput(f"Choose at most {MOST_PROJECTS} projects.", field="project_ids")
    found = {project_id: projects.get(tenant_id, project_id) for project_id in ids}
    if wanted.project_ids or wanted.basis is Basis.PROJECT:
        return found
    return {project_id: one for project_id, one in found.items() if not one.fixed}


def _what_is_left(tenant_id: str, wanted: NewInvoice, project: Project) -> list[Portion]:
    if not wanted.phase_ids:
        return [Portion(project.project_id)] if project.remaining > 0 else []
    of_project = phases.of_project(tenant_id, project.project_id)
    chosen = [of_project[phase_id] for phase_id in wanted.phase_ids if phase_id in of_project]
    return [
        Portion(project.project_id, phase.phase_id)
        for phase in chosen
        if phase.price is not None and left(project, phase) > 0
    ]
