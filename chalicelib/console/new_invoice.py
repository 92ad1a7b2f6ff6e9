"""A new invoice: for whom, from what, what it would be, and the draft."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from chalicelib.console import new_by_hand, new_from_work
from chalicelib.console.new_by_hand import DEPOSIT
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import store
from chalicelib.invoices.model import Basis
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people.caller import Scope
from chalicelib.work import clients, projects

pages = Pages(__name__)

HERE = "/invoices/new"
MOST_CLIENTS = 50
OF_WORK = frozenset({Basis.PROJECT.value, Basis.TRACKED_TIME.value})
BY_HAND = frozenset({Basis.BLANK.value, Basis.COPY.value, Basis.TEMPLATE.value, DEPOSIT})
KEPT = ("basis", "template_id")
"""What was chosen before the client, and goes along."""


@pages.get(HERE, scope=Scope.WRITE)
def choose(visit: Visit) -> Page:
    """First the client, then what to bill."""
    asked = visit.query
    client_id, project_id = asked.get("client_id", ""), asked.get("project_id", "")
    basis = _basis(asked.get("basis") or Basis.PROJECT.value)
    if asked.get("again"):
        return new_from_work.again(visit, store.get(visit.tenant_id, asked["again"]))
    if project_id:
        client_id = projects.get(visit.tenant_id, project_id).client_id
    if client_id and basis in OF_WORK:
        return new_from_work.form(visit, basis, client_id, project_id)
    if client_id or asked.get("invoice_id"):
        return new_by_hand.form(visit, basis, client_id)
    search = asked.get("search", "")
    found = clients.listing(visit.tenant_id, search=search, limit=MOST_CLIENTS)
    kept = {name: asked[name] for name in KEPT if asked.get(name)}
    values = {
        "clients": found.items,
        "more": found.next is not None,
        "search": search,
        "kept": kept,
        "along": f"&{urlencode(kept)}" if kept else "",
    }
    return Page("invoices/client.html", values)


@pages.post(HERE, scope=Scope.WRITE)
def make(visit: Visit) -> Page | Redirect:
    """Show what would be billed, or make the draft."""
    visit.form.must("client_id", "The client")
    basis = _basis(visit.form.get("basis") or Basis.TRACKED_TIME.value)
    if basis in OF_WORK:
        return _answer(visit, basis, new_from_work.wanted, new_from_work.shown)
    return _answer(visit, basis, new_by_hand.wanted, new_by_hand.shown)


def _answer(
    visit: Visit,
    basis: str,
    read: Callable[[Visit, str], NewInvoice],
    show: Callable[..., Page],
) -> Page | Redirect:
    """The draft that was asked for; or the form again, with what it would be or what is wrong."""
    try:
        wanted = read(visit, basis)
        if visit.form.get("act") == "make":
            return _made(visit, wanted)
        return show(visit, basis, wanted)
    except (InvalidInput, Conflict) as error:
        return show(visit, basis, error=error)


def _made(visit: Visit, wanted: NewInvoice) -> Redirect:
    from chalicelib.invoices import create

    job = create.start(visit.caller, wanted)
    if job.state is JobState.FAILED:
        raise Conflict(job.message)
    then = f"/invoices/{job.params['invoice_id']}"
    if job.state.open:
        return Redirect(f"/jobs/{quote(job.job_id)}?next={quote(then)}")
    return Redirect(then, job.message)


def _basis(text: str) -> str:
    """What the invoice is made from; raises InvalidInput for none of ours."""
    if text not in OF_WORK | BY_HAND:
        raise InvalidInput("Choose what the invoice is made from.", field="basis")
    return text
