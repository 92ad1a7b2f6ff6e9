"""What a line of an invoice bills: its time records and materials, one by one."""

from urllib.parse import quote, urlencode

from chalicelib.console.routing import Page, Pages, Visit
from chalicelib.invoices import provenance, store
from chalicelib.work import projects, tasks

pages = Pages(__name__)

PER_PAGE = 100


@pages.get("/invoices/{invoice_id}/lines/{line_id}")
def show(visit: Visit, invoice_id: str, line_id: str) -> Page:
    """The work behind a line, and where each piece of it stands now."""
    invoice = store.get(visit.tenant_id, invoice_id)
    line = provenance.line_of(invoice, line_id)
    found = provenance.behind(
        visit.tenant_id, invoice, line, limit=PER_PAGE, cursor=visit.query.get("cursor")
    )
    ids = [one.project_id for one in found.records] + [one.project_id for one in found.materials]
    of_projects = projects.by_ids(visit.tenant_id, ids)
    names = {
        task_id: task.name
        for project_id in of_projects
        for task_id, task in tasks.of_project(visit.tenant_id, project_id).items()
    }
    here = f"/invoices/{quote(invoice_id)}/lines/{quote(line_id)}"
    values = {
        "invoice": invoice,
        "line": line,
        "found": found,
        "projects": of_projects,
        "task_names": names,
        "next": f"{here}?{urlencode({'cursor': found.next})}" if found.next else "",
    }
    return Page("invoices/line.html", values)
