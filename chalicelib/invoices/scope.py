"""Whose work an invoice bills, and everything that is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.errors import InvalidInput
from chalicelib.invoices.build import Book, one_currency
from chalicelib.invoices.model import Basis
from chalicelib.invoices.terms import Known
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.work import clients, projects, tasks
from chalicelib.work.currencies import base_currency
from chalicelib.work.model import Client, Project, Task

MOST_PROJECTS = 100


@dataclass(frozen=True, slots=True)
class Scope:
    """One client, the projects that are billed, and their currency."""

    client: Client
    projects: Mapping[str, Project]
    currency: str


def of(tenant_id: str, wanted: NewInvoice) -> Scope:
    """What a wish is about; raises NotFound, and InvalidInput for work that does not fit."""
    if wanted.basis is not Basis.TRACKED_TIME:
        client = clients.get(tenant_id, wanted.client_id)
        currency = wanted.currency or client.currency or base_currency(tenant_id) or ""
        return Scope(client, {}, currency)
    if not wanted.project_ids:
        clients.get(tenant_id, wanted.client_id)
    ids = project_ids(tenant_id, wanted)
    if not ids:
        raise InvalidInput("This client has no project, so no tracked time.", field="client_id")
    if len(ids) > MOST_PROJECTS:
        raise InvalidInput(f"Choose at most {MOST_PROJECTS} projects.", field="project_ids")
    found = {project_id: projects.get(tenant_id, project_id) for project_id in ids}
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


def project_ids(tenant_id: str, wanted: NewInvoice) -> tuple[str, ...]:
    """The projects named, or all of the client's, archived ones too, in a steady order."""
    return wanted.project_ids or tuple(sorted(projects.ids(tenant_id, wanted.client_id)))


def book(tenant_id: str, scope: Scope, known: Known) -> Book:
    """The projects' tasks, and the terms of each record as they stand now."""
    found: dict[str, Task] = {}
    for project_id in scope.projects:
        found.update(tasks.of_project(tenant_id, project_id))
    return Book(
        scope.projects,
        found,
        lambda record: known.of_record(found[record.task_id], record),
    )
