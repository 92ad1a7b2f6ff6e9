"""Projects: work for one client in one currency."""

from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import Amount, List, amount
from chalicelib.money import Money
from chalicelib.people.caller import Scope
from chalicelib.work import projects
from chalicelib.work.model import Project, ProjectKind, ProjectStatus

api = API(__name__)


class ProjectView(msgspec.Struct):
    """A project.

    ``price`` is what was quoted, of a fixed price what was agreed: ``drawn`` of it are on
    invoices and ``remaining`` are not. A budget is in minutes or in money.
    """

    id: str
    client_id: str
    name: str
    code: str
    currency: str
    kind: ProjectKind
    status: ProjectStatus
    price: Amount | None
    drawn: Amount
    remaining: Amount | None
    budget_minutes: int | None
    budget_amount: Amount | None
    purchase_order: str
    contact_name: str
    contact_email: str
    archived: bool
    updated_at: datetime


class NewProject(msgspec.Struct, forbid_unknown_fields=True):
    """A project to be made; without ``currency`` it is the client's, then the organisation's.

    Amounts are decimals in strings, in that currency.
    """

    client_id: str
    name: str
    code: str = ""
    currency: str | None = None
    kind: ProjectKind = ProjectKind.TIME_AND_MATERIALS
    status: ProjectStatus = ProjectStatus.ACTIVE
    price: str | None = None
    budget_minutes: int | None = None
    budget_amount: str | None = None
    purchase_order: str = ""
    contact_name: str = ""
    contact_email: str = ""


class ProjectChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of a project is to change; what is left out stays."""

    name: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    kind: ProjectKind | UnsetType = UNSET
    status: ProjectStatus | UnsetType = UNSET
    price: str | UnsetType | None = UNSET
    budget_minutes: int | UnsetType | None = UNSET
    budget_amount: str | UnsetType | None = UNSET
    purchase_order: str | UnsetType = UNSET
    contact_name: str | UnsetType = UNSET
    contact_email: str | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


@api.get(
    "/projects",
    scope=Scope.READ,
    answer=List[ProjectView],
    query={
        **query.PAGED,
        "client_id": "of this client only",
        "search": "part of a name",
        "status": "one of our statuses",
        "archived": "true for archived ones",
    },
)
def list_projects(call: Call) -> List[ProjectView]:
    """Projects by name, those that are not archived unless told."""
    found = projects.listing(
        call.tenant_id,
        client_id=call.query.get("client_id"),
        archived=query.flag(call, "archived") or False,
        search=call.query.get("search", ""),
        status=call.query.get("status", ""),
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
    )
    return List([_view(project) for project in found], found.next)


@api.post("/projects", scope=Scope.WRITE, body=NewProject, answer=ProjectView, status=201)
def make_project(call: Call) -> ProjectView:
    """Make a project."""
    return _view(projects.create(call.tenant_id, **msgspec.structs.asdict(call.body)))


@api.get("/projects/{project_id}", scope=Scope.READ, answer=ProjectView)
def read_project(call: Call, project_id: str) -> ProjectView:
    """One project."""
    return _view(projects.get(call.tenant_id, project_id))


@api.patch("/projects/{project_id}", scope=Scope.WRITE, body=ProjectChange, answer=ProjectView)
def change_project(call: Call, project_id: str) -> ProjectView:
    """Change a project, archive it, or bring it back; its currency only before its first task."""
    return _view(projects.change(call.tenant_id, project_id, **query.changes(call.body)))


@api.delete("/projects/{project_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_project(call: Call, project_id: str) -> None:
    """Remove a project that never had a task; archive any other."""
    projects.delete(call.tenant_id, project_id)


def _view(project: Project) -> ProjectView:
    return ProjectView(
        id=project.project_id,
        client_id=project.client_id,
        name=project.name,
        code=project.code,
        currency=project.currency,
        kind=project.kind,
        status=project.status,
        price=_amount(project.price, project),
        drawn=amount(Money(project.drawn, project.currency)),
        remaining=_amount(project.remaining if project.fixed else None, project),
        budget_minutes=project.budget_minutes,
        budget_amount=_amount(project.budget_amount, project),
        purchase_order=project.purchase_order,
        contact_name=project.contact_name,
        contact_email=project.contact_email,
        archived=project.archived,
        updated_at=project.updated_at,
    )


def _amount(value: Decimal | None, project: Project) -> Amount | None:
    return None if value is None else amount(Money(value, project.currency))
