"""Invoice templates: all of them, one with its lines, and keeping one of an invoice."""

from dataclasses import replace

from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.invoices import copying, templates, totals
from chalicelib.invoices.templates import Template
from chalicelib.people.caller import Scope

pages = Pages(__name__)

HERE = "/invoices/templates"
ONE = f"{HERE}/{{template_id}}"
FIELDS = ("name", "reference")


@pages.get(HERE)
def show_all(visit: Visit) -> Page:
    """Templates by name."""
    values = {
        "templates": templates.listing(visit.tenant_id),
        "may_write": Scope.WRITE in visit.caller.scopes,
    }
    return Page("invoices/templates.html", values)


@pages.post(HERE, scope=Scope.WRITE)
def keep(visit: Visit) -> Redirect:
    """Keep an invoice's lines and texts under a name."""
    form = visit.form
    invoice_id = form.must("invoice_id", "The invoice")
    made = copying.template_of(visit.caller, invoice_id, form.must("name", "The name"))
    return Redirect(f"{HERE}/{made.template_id}", f"{made.name} is kept.")


@pages.get(ONE)
def show(visit: Visit, template_id: str) -> Page:
    """One template with its lines."""
    template = templates.get(visit.tenant_id, template_id)
    return _page(visit, template, {name: getattr(template, name) for name in FIELDS})


@pages.post(ONE, scope=Scope.WRITE)
def change(visit: Visit, template_id: str) -> Page | Redirect:
    """Keep another name or reference, or show what is wrong."""
    form, template = visit.form, templates.get(visit.tenant_id, template_id)
    seen = int(form.get("version")) if form.get("version").isdecimal() else -1
    wanted = replace(
        template, name=form.get("name"), reference=form.get("reference"), version=seen
    )
    try:
        templates.change(visit.caller, wanted)
    except (InvalidInput, Conflict) as error:
        return _page(visit, template, form.values(), error)
    return Redirect(f"{HERE}/{template_id}", "The template is saved.")


@pages.post(f"{ONE}/delete", scope=Scope.WRITE)
def delete(visit: Visit, template_id: str) -> Redirect:
    """Remove a template; invoices made from it stay."""
    templates.delete(visit.caller, template_id)
    return Redirect(HERE, "The template is deleted.")


def _page(
    visit: Visit, template: Template, typed: dict[str, str], error: WorkbillError | None = None
) -> Page:
    values = {
        "template": template,
        "amounts": [totals.line_amount(line) for line in template.lines],
        "typed": typed,
        "may_write": Scope.WRITE in visit.caller.scopes,
        "error": error,
        "fields": FIELDS,
    }
    return Page("invoices/template.html", values, error.status if error else 200)
