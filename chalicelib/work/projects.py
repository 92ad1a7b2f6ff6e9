"""Projects: work for one client in one currency."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.storage.pages import Page
from chalicelib.work import clients, keys, queries
from chalicelib.work.check_project import CHECKS, consistent
from chalicelib.work.currencies import base_currency, clean_currency
from chalicelib.work.ids import new_id
from chalicelib.work.model import Project
from chalicelib.work.names import clean_name
from chalicelib.work.store import ProjectRow

NO_PROJECT = "There is no such project."
KEPT = (
    "client_id", "name", "code", "currency", "archived", "updated_at", "kind", "status",
    "price", "budget_minutes", "budget_amount", "purchase_order", "contact_name",
    "contact_email",
    "listing_key", "listing_order", "name_key",
)  # fmt: skip


def create(
    tenant_id: str,
    client_id: str,
    name: str,
    *,
    code: str = "",
    currency: str | None = None,
    project_id: str | None = None,
    **facts: Any,
) -> Project:
    """A new project of a client; with a ``project_id`` that exists, the one that is there.

    Without a currency it is the client's, then that of the organisation in Xero; ``facts`` are
    whatever else ``change`` takes. Raises NotFound for a client that is not there, and
    InvalidInput naming the field, also when no currency is known.
    """
    checked = {name: CHECKS[name](value) for name, value in facts.items()}
    client = clients.use(tenant_id, client_id)
    project = Project(
        project_id=project_id or new_id(),
        client_id=client_id,
        name=clean_name(name),
        code=CHECKS["code"](code),
        currency=_currency(tenant_id, currency, client.currency),
        updated_at=wiring.current().clock.now(),
        **checked,
    )
    if not queries.add(ProjectRow.of(tenant_id, consistent(project))):
        return get(tenant_id, project.project_id)
    return project


def get(tenant_id: str, project_id: str) -> Project:
    """The project as last stored; raises NotFound."""
    row = queries.get(ProjectRow, tenant_id, f"project#{project_id}", NO_PROJECT)
    found: Project = row.project()
    return found


def by_ids(tenant_id: str, project_ids: Iterable[str]) -> dict[str, Project]:
    """Those of the projects that there are, by id."""
    wanted = [(tenant_id, f"project#{one}") for one in dict.fromkeys(project_ids)]
    found = (row.project() for row in ProjectRow.batch_get(wanted))
    return {project.project_id: project for project in found}


def listing(
    tenant_id: str,
    *,
    client_id: str | None = None,
    archived: bool = False,
    search: str = "",
    status: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Project]:
    """Live or archived projects by name, of one client or all, in one status or all."""
    rows = queries.page(
        ProjectRow.listing,
        tenant_id,
        keys.project_listing(tenant_id, archived=archived),
        limit=limit,
        cursor=cursor,
        where=queries.all_of(
            queries.containing(search),
            ProjectRow.client_id == client_id if client_id else None,
            ProjectRow.status == status if status else None,
        ),
    )
    return Page([row.project() for row in rows], rows.next)


def ids(tenant_id: str, client_id: str | None = None) -> list[str]:
    """Every project's id, live or archived, of one client or all; consistent."""
    rows = ProjectRow.query(
        tenant_id,
        ProjectRow.sk.startswith("project#"),
        ProjectRow.client_id == client_id if client_id else None,
        consistent_read=True,
        attributes_to_get=["pk", "sk"],
    )
    return [row.sk.partition("#")[2] for row in rows]


def change(tenant_id: str, project_id: str, **changes: Any) -> Project:
    """Change name, code, currency, kind, status, price, budget, order, contact or archived.

    Raises InvalidInput naming the field, Conflict for a new currency once the project has tasks,
    or another kind once its price was billed, or when somebody else changed or billed the
    project at the same moment.
    """
    before = get(tenant_id, project_id)
    checked: dict[str, Any] = {name: CHECKS[name](value) for name, value in changes.items()}
    after = replace(before, **checked)
    if after == before:
        return before
    if before.in_use and after.currency != before.currency:
        raise Conflict("The currency stays, because the project has tasks in it.")
    if before.drawn_cents and after.kind is not before.kind:
        raise Conflict("Part of the fixed price is on invoices, so it stays a fixed price.")
    after = replace(consistent(after), updated_at=wiring.current().clock.now())
    row = ProjectRow.of(tenant_id, after)
    unchanged = (
        (ProjectRow.updated_at == before.updated_at)
        & (ProjectRow.in_use == before.in_use)
        & (ProjectRow.drawn_cents == before.drawn_cents)
    )
    if not queries.update(row, queries.replacement(row, KEPT), unchanged):
        raise Conflict("Somebody else has just changed this project. Look again.")
    return after


def use(tenant_id: str, project_id: str) -> Project:
    """The project, marked as having a task; raises NotFound."""
    project = get(tenant_id, project_id)
    if not project.in_use:
        row = ProjectRow(tenant_id, f"project#{project_id}")
        queries.update(row, [ProjectRow.in_use.set(True)], ProjectRow.pk.exists())
        return get(tenant_id, project_id)
    return project


def delete(tenant_id: str, project_id: str) -> None:
    """Remove a project that never had a task; raises Conflict for any other."""
    get(tenant_id, project_id)
    free = ProjectRow.in_use == False  # noqa: E712  an expression of DynamoDB's
    if not queries.remove(ProjectRow(tenant_id, f"project#{project_id}"), free):
        raise Conflict("This project has tasks. Archive it instead.")


def find(tenant_id: str, client_id: str, name: str) -> Project | None:
    """The client's project of this name, a live one before an archived one."""
    found = [
        row.project()
        for archived in (False, True)
        for row in queries.of_name(
            ProjectRow.listing, keys.project_listing(tenant_id, archived=archived), name
        )
        if row.client_id == client_id
    ]
    return min(found, key=lambda p: (p.archived, p.name != name, p.project_id), default=None)


def _currency(tenant_id: str, asked: str | None, of_client: str | None) -> str:
    currency = clean_currency(asked) or of_client or base_currency(tenant_id)
    if not currency:
        raise InvalidInput(
            "Say the currency, or connect to Xero first to use your organisation's.",
            field="currency",
        )
    return currency
