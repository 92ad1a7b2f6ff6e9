"""Settings → Tax & account codes: the imported lists and the defaults chosen from them."""

from typing import Any
from urllib.parse import quote

from chalicelib import wiring
from chalicelib.connection import store as connections
from chalicelib.console import code_lists, own_codes
from chalicelib.console.code_names import Said, said
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.people.sessions import demand_recent_factor
from chalicelib.reference import choices, found_faults, mapping, places
from chalicelib.reference.layers import Codes, Lists, Place
from chalicelib.reference.model import Mapping

pages = Pages(__name__)

HERE = "/settings/codes"
READING = ("import-codes", "refresh-codes")


@pages.get(HERE)
def show(visit: Visit) -> Page:
    """What lines get by default, and everything there is to choose from."""
    return _page(visit, mapping.get(visit.tenant_id))


@pages.post(HERE, scope=Scope.ADMIN)
def choose(visit: Visit) -> Page | Redirect:
    """Keep the defaults, with a second factor given in the last ten minutes."""
    demand_recent_factor(visit.session)
    wanted = Mapping(
        visit.form.get("account_code"),
        visit.form.get("tax_type"),
        own_codes.tracking(visit.form),
        contact_tax=visit.form.get("contact_tax") == "yes",
        contact_account=visit.form.get("contact_account") == "yes",
    )
    try:
        mapping.set_defaults(visit.caller, wanted)
    except InvalidInput as error:
        return _page(visit, wanted, error)
    return Redirect(HERE, "The defaults are saved.")


@pages.post(f"{HERE}/refresh", scope=Scope.WRITE)
def refresh(visit: Visit) -> Redirect:
    """Bring the lists up to date; followed on the page of its job when it takes longer."""
    from chalicelib.reference.import_codes import start

    job = start(visit.caller)
    if job.state is JobState.DONE:
        return Redirect(HERE, job.message)
    return Redirect(f"/jobs/{quote(job.job_id)}?next={HERE}")


@pages.post(f"{HERE}/check", scope=Scope.WRITE)
def check_again(visit: Visit) -> Redirect:
    """Look again for what Xero would refuse, against the lists as last read."""
    from chalicelib.reference.check_mapping import check

    total = check(visit.tenant_id).total
    return Redirect(f"{HERE}#problems", f"Checked: {total or 'nothing'} to put right.")


def _page(visit: Visit, chosen: Mapping, error: InvalidInput | None = None) -> Page:
    lists = code_lists.values(visit.tenant_id)
    values: dict[str, Any] = {
        **lists,
        "chosen": chosen,
        "error": error,
        "offered": own_codes.offered(
            lists["known"],
            Codes(chosen.account_code, chosen.tax_type, chosen.tracking),
        ),
        "layers": _layers(visit.tenant_id, lists["known"]),
        "found": found_faults.last(visit.tenant_id),
        "job": _under_way(visit.tenant_id),
        "may": Scope.ADMIN in visit.caller.scopes,
    }
    return Page("codes.html", values, error.status if error else 200)


def _layers(tenant_id: str, known: Lists) -> list[tuple[Place, str, Said]]:
    """Everything that has codes of its own, by kind and name."""
    own = choices.load(tenant_id).own
    names = places.names(tenant_id, own)
    ordered = sorted(names, key=lambda place: (place.kind, names[place].casefold()))
    return [(place, names[place], said(own[place], known)) for place in ordered]


def _under_way(tenant_id: str) -> Job | None:
    """The reading that is due or being done; what only waits for tomorrow is not."""
    lane = connections.get(tenant_id).organisation_id
    if not lane:
        return None
    now = wiring.current().clock.now()
    due = (job for job in jobs.open_jobs(lane) if job.kind in READING and job.due_at <= now)
    return next((job for job in due if job.tenant_id == tenant_id), None)
