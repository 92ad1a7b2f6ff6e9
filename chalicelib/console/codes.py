"""Settings → Tax & account codes: the imported lists and the defaults chosen from them."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from chalicelib import wiring
from chalicelib.connection import store as connections
from chalicelib.console import code_lists
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.people.sessions import demand_recent_factor
from chalicelib.reference import mapping
from chalicelib.reference.model import Account, Mapping

pages = Pages(__name__)

HERE = "/settings/codes"
READING = ("import-codes", "refresh-codes")
TYPES = {"REVENUE": "Revenue", "SALES": "Sales", "OTHERINCOME": "Other income"}


@pages.get(HERE)
def show(visit: Visit) -> Page:
    """What lines get by default, and everything there is to choose from."""
    return _page(visit, mapping.get(visit.tenant_id))


@pages.post(HERE, scope=Scope.ADMIN)
def choose(visit: Visit) -> Page | Redirect:
    """Keep the defaults, with a second factor given in the last ten minutes."""
    demand_recent_factor(visit.session)
    account_code, tax_type = visit.form.get("account_code"), visit.form.get("tax_type")
    try:
        mapping.set_defaults(visit.caller, account_code, tax_type)
    except InvalidInput as error:
        return _page(visit, Mapping(account_code, tax_type), error)
    return Redirect(HERE, "The defaults are saved.")


@pages.post(f"{HERE}/refresh", scope=Scope.WRITE)
def refresh(visit: Visit) -> Redirect:
    """Bring the lists up to date; followed on the page of its job when it takes longer."""
    from chalicelib.reference.import_codes import start

    job = start(visit.caller)
    if job.state is JobState.DONE:
        return Redirect(HERE, job.message)
    return Redirect(f"/jobs/{quote(job.job_id)}?next={HERE}")


def _page(visit: Visit, chosen: Mapping, error: InvalidInput | None = None) -> Page:
    lists = code_lists.values(visit.tenant_id)
    values: dict[str, Any] = {
        **lists,
        "chosen": chosen,
        "error": error,
        "groups": _groups(lists["accounts"]),
        "job": _under_way(visit.tenant_id),
        "may": Scope.ADMIN in visit.caller.scopes,
    }
    return Page("codes.html", values, error.status if error else 200)


def _groups(accounts: Iterable[Account]) -> dict[str, list[Account]]:
    """Accounts by kind, for a drop-down that can be read."""
    found: dict[str, list[Account]] = {}
    for account in accounts:
        kind = TYPES.get(account.type, account.type.capitalize())
        found.setdefault(kind, []).append(account)
    return found


def _under_way(tenant_id: str) -> Job | None:
    """The reading that is due or being done; what only waits for tomorrow is not."""
    lane = connections.get(tenant_id).organisation_id
    if not lane:
        return None
    now = wiring.current().clock.now()
    due = (job for job in jobs.open_jobs(lane) if job.kind in READING and job.due_at <= now)
    return next((job for job in due if job.tenant_id == tenant_id), None)
