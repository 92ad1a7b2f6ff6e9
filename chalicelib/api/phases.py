"""Phases: the parts of a project, in their order."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import Amount, List, amount
from chalicelib.errors import InvalidInput
from chalicelib.money import Money
from chalicelib.people.caller import Scope
from chalicelib.work import phases, projects
from chalicelib.work.model import Phase, Project

api = API(__name__)


class PhaseView(msgspec.Struct):
    """A phase; of its part of a fixed price ``drawn`` is on invoices and ``remaining`` is not."""

    id: str
    project_id: str
    name: str
    position: int
    price: Amount | None
    drawn: Amount
    remaining: Amount | None
    archived: bool
    updated_at: datetime


class NewPhase(msgspec.Struct, forbid_unknown_fields=True):
    """A phase to be made, after those that there are; ``price`` is its part of a fixed price."""

    project_id: str
    name: str
    price: str | None = None


class PhaseChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of a phase is to change; what is left out stays."""

    name: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
    price: str | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET


@api.get(
    "/phases",
    scope=Scope.READ,
    answer=List[PhaseView],
    query={"project_id": "the project; needed", "archived": "true for archived ones"},
)
def list_phases(call: Call) -> List[PhaseView]:
    """A project's phases in their order, those that are not archived unless told."""
    project_id = call.query.get("project_id")
    if not project_id:
        raise InvalidInput("Say which project: project_id.", field="project_id")
    project = projects.get(call.tenant_id, project_id)
    archived = query.flag(call, "archived") or False
    found = phases.of_project(call.tenant_id, project_id).values()
    return List([_view(phase, project) for phase in found if phase.archived == archived])


@api.post("/phases", scope=Scope.WRITE, body=NewPhase, answer=PhaseView, status=201)
def make_phase(call: Call) -> PhaseView:
    """Make a phase."""
    new: NewPhase = call.body
    made = phases.create(call.tenant_id, new.project_id, new.name, price=new.price)
    return _shown(call, made)


@api.get("/phases/{phase_id}", scope=Scope.READ, answer=PhaseView)
def read_phase(call: Call, phase_id: str) -> PhaseView:
    """One phase."""
    return _shown(call, phases.get(call.tenant_id, phase_id))


@api.patch("/phases/{phase_id}", scope=Scope.WRITE, body=PhaseChange, answer=PhaseView)
def change_phase(call: Call, phase_id: str) -> PhaseView:
    """Change a phase; its price never to less than is on invoices."""
    return _shown(call, phases.change(call.tenant_id, phase_id, **query.changes(call.body)))


@api.delete("/phases/{phase_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_phase(call: Call, phase_id: str) -> None:
    """Remove a phase that never had a task nor an invoice; archive any other."""
    phases.delete(call.tenant_id, phase_id)


def _shown(call: Call, phase: Phase) -> PhaseView:
    return _view(phase, projects.get(call.tenant_id, phase.project_id))


def _view(phase: Phase, project: Project) -> PhaseView:
    priced = phase.price is not None
    return PhaseView(
        id=phase.phase_id,
        project_id=phase.project_id,
        name=phase.name,
        position=phase.position,
        price=amount(Money(phase.price, project.currency)) if phase.price is not None else None,
        drawn=amount(Money(phase.drawn, project.currency)),
        remaining=amount(Money(phase.remaining, project.currency)) if priced else None,
        archived=phase.archived,
        updated_at=phase.updated_at,
    )
