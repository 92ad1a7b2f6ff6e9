"""Whose work an invoice bills, and everything that is known of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from chalicelib.errors import InvalidInput
from chalicelib.invoices import totals
from chalicelib.invoices.build import Book, Codes, one_currency
from chalicelib.invoices.by_hand import Desk
from chalicelib.invoices.model import Basis
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.reference import mapping
from chalicelib.reference import store as reference
from chalicelib.work import clients, projects, tasks
from chalicelib.work.currencies import base_currency
from chalicelib.work.model import Client, Project, Task

MOST_PROJECTS = 100

Resolver = Callable[[str | None, str | None], Codes]
Percents = Callable[[str], Decimal]


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


def book(tenant_id: str, scope: Scope) -> Book:
    """The projects' tasks, and the codes of each as they stand now."""
    known: dict[str, Task] = {}
    for project_id in scope.projects:
        known.update(tasks.of_project(tenant_id, project_id))
    codes = resolver(tenant_id, scope.client)

    @cache
    def codes_of(task_id: str) -> Codes:
        task = known[task_id]
        return codes(task.account_code, task.tax_type)

    return Book(scope.projects, known, lambda task: codes_of(task.task_id), percents(tenant_id))


def resolver(tenant_id: str, client: Client) -> Resolver:
    """From a line's own codes, if any, to the ones it gets; the client's tax goes before ours."""
    defaults = mapping.get(tenant_id)
    accounts, rates = reference.accounts(tenant_id), reference.tax_rates(tenant_id)

    def resolve(account_code: str | None, tax_type: str | None) -> Codes:
        return mapping.resolve(
            defaults, account_code, tax_type or client.tax_type, accounts, rates
        )

    return resolve


def desk(tenant_id: str, client: Client) -> Desk:
    """What lines by hand are held against."""
    rates = reference.tax_rates(tenant_id)
    return Desk(
        accounts={one.code for one in reference.accounts(tenant_id) if one.usable_for_lines},
        tax_rates={one.tax_type for one in rates if one.usable_for_lines},
        codes=resolver(tenant_id, client),
        percent_of=percents(tenant_id),
    )


def percents(tenant_id: str) -> Percents:
    """The percentage of each tax rate, zero for one that is not known."""
    found = {
        rate.tax_type: totals.percentage(rate.components, rate.effective_rate)
        for rate in reference.tax_rates(tenant_id)
    }
    return lambda tax_type: found.get(tax_type, Decimal(0))
