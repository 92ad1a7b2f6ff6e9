"""The form of a material or an expense."""

from datetime import date
from typing import Any

from chalicelib.console import offered
from chalicelib.console.forms import Form
from chalicelib.console.line_rows import plain
from chalicelib.console.prices import plain as price
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.console.today import today
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.work import projects
from chalicelib.work.materials import add, find
from chalicelib.work.materials import change as changing
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.materials.model import Material, MaterialKind
from chalicelib.work.model import Project
from chalicelib.work.rates.model import RateKind

pages = Pages(__name__)

KINDS = ((MaterialKind.MATERIAL.value, "Material"), (MaterialKind.EXPENSE.value, "Expense"))
TEXTS = ("name", "quantity", "kind", "unit", "cost", "markup", "price", "staff", "note")
FIELDS = (*TEXTS, "date", "phase_id", "rate_id")


@pages.get("/projects/{project_id}/materials/new", scope=Scope.WRITE)
def new(visit: Visit, project_id: str) -> Page:
    """An empty form for today, on the tenant's calendar."""
    project = projects.get(visit.tenant_id, project_id)
    values = {"date": today(visit.tenant_id).isoformat(), "quantity": "1", "billable": "yes"}
    return _form(visit, project, None, values)


@pages.post("/projects/{project_id}/materials", scope=Scope.WRITE)
def create(visit: Visit, project_id: str) -> Page | Redirect:
    """Add a material, or show what is wrong."""
    form, project = visit.form, projects.get(visit.tenant_id, project_id)
    try:
        add.add(visit.tenant_id, NewMaterial(project_id, _facts(form), **_named(form)))
    except (InvalidInput, Conflict) as error:
        return _form(visit, project, None, form.values(), error)
    return Redirect(f"/projects/{project_id}", "It is added.")


@pages.get("/materials/{material_id}", scope=Scope.WRITE)
def edit(visit: Visit, material_id: str) -> Page:
    """The form as the material is."""
    material = find.get(visit.tenant_id, material_id)
    values = {
        **{name: getattr(material, name) for name in ("name", "unit", "staff", "note")},
        "kind": material.kind.value,
        "date": material.date.isoformat(),
        "quantity": plain(material.quantity),
        "cost": "" if material.cost is None else price(material.cost),
        "markup": plain(material.markup),
        "price": "" if material.price is None else price(material.price),
        "rate_id": material.rate_id or "",
        "phase_id": material.phase_id or "",
        "billable": "yes" if material.billable else "",
    }
    return _form(visit, projects.get(visit.tenant_id, material.project_id), material, values)


@pages.post("/materials/{material_id}", scope=Scope.WRITE)
def change(visit: Visit, material_id: str) -> Page | Redirect:
    """Keep the form, or show what is wrong."""
    form, material = visit.form, find.get(visit.tenant_id, material_id)
    try:
        changes = {**_facts(form), **_named(form)}
        changing.change(visit.tenant_id, material_id, **changes)
    except (InvalidInput, Conflict) as error:
        project = projects.get(visit.tenant_id, material.project_id)
        return _form(visit, project, material, form.values(), error)
    return Redirect(f"/projects/{material.project_id}", "It is saved.")


@pages.post("/materials/{material_id}/delete", scope=Scope.WRITE)
def delete(visit: Visit, material_id: str) -> Redirect:
    """Remove a material that is on no invoice."""
    material = find.get(visit.tenant_id, material_id)
    changing.delete(visit.tenant_id, material_id)
    return Redirect(f"/projects/{material.project_id}", "It is deleted.")


def _facts(form: Form) -> dict[str, Any]:
    try:
        day = date.fromisoformat(form.get("date"))
    except ValueError:
        raise InvalidInput("Say the day.", field="date") from None
    facts: dict[str, Any] = {name: form.get(name) for name in TEXTS}
    return {**facts, "date": day, "billable": form.get("billable") == "yes"}


def _named(form: Form) -> dict[str, str | None]:
    return {name: form.get(name) or None for name in ("phase_id", "rate_id")}


def _form(
    visit: Visit,
    project: Project,
    material: Material | None,
    values: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Page:
    shown: dict[str, Any] = {
        "project": project,
        "material": material,
        "values": {**dict.fromkeys((*FIELDS, "billable"), ""), **values},
        "error": error,
        "fields": FIELDS,
        "kinds": KINDS,
        "phases": offered.phases_of(visit.tenant_id, project, values.get("phase_id", "")),
        "rates": offered.rates_of(
            visit.tenant_id,
            RateKind.MATERIAL,
            project,
            (material.rate_id if material else None) or "",
        ),
    }
    return Page("materials/form.html", shown, error.status if error else 200)
