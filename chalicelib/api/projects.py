"""Projects: work for one client in one currency."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.work import projects
from chalicelib.work.model import Project

api = API(__name__)


class ProjectView(msgspec.Struct):
    """A project."""

    id: str
    client_id: str
    name: str
    code: str
    currency: str
    archived: bool
    updated_at: datetime


class NewProject(msgspec.Struct, forbid_unknown_fields=True):
    """A project to be made; without ``currency`` it is the client's, then the organisation's."""

    client_id: str
    name: str
    code: str = ""
    currency: str | None = None


class ProjectChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of a project is to change; what is left out stays."""

    name: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


@api.get(
    "/projects",
    scope=Scope.READ,
    answer=List[ProjectView],
    query={
        **query.PAGED,
        "client_id": "of this client only",
        "search": "part of a name",
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
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
    )
    return List([_view(project) for project in found], found.next)


@api.post("/projects", scope=Scope.WRITE, body=NewProject, answer=ProjectView, status=201)
def make_project(call: Call) -> ProjectView:
    """Make a project."""
    new: NewProject = call.body
    return _view(
        projects.create(
            call.tenant_id, new.client_id, new.name, code=new.code, currency=new.currency
        )
    )


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
        archived=project.archived,
        updated_at=project.updated_at,
    )
