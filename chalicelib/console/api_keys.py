"""Settings → API keys."""

from datetime import date

from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people import api_keys, sessions
from chalicelib.people.api_key_rows import ApiKey
from chalicelib.people.caller import Scope

pages = Pages(__name__)

WHAT_SCOPES_DO = {
    Scope.READ: "See everything",
    Scope.WRITE: "Add and change clients, projects, work and invoices",
    Scope.SEND: "Send invoices to Xero",
    Scope.ADMIN: "Settings, imports, the connection and API keys",
}


@pages.get("/settings/api-keys", scope=Scope.ADMIN)
def show(visit: Visit) -> Page:
    """The keys there are, and a form for a new one."""
    return _page(visit)


@pages.post("/settings/api-keys", scope=Scope.ADMIN)
def make(visit: Visit) -> Page:
    """Make a key and show it, this once; one with the right to admin needs a recent code."""
    scopes = visit.form.all("scopes")
    if Scope.ADMIN in scopes:
        sessions.demand_recent_factor(visit.session)
    try:
        key, plain = api_keys.make(
            visit.caller,
            visit.form.get("name"),
            scopes,
            expires_on=_day(visit.form.get("expires_on")),
        )
    except (InvalidInput, Conflict) as error:
        return _page(visit, error=error, status=error.status)
    return _page(visit, made=key, plain=plain)


@pages.post("/settings/api-keys/{key_id}/revoke", scope=Scope.ADMIN)
def revoke(visit: Visit, key_id: str) -> Redirect:
    """End a key for good."""
    api_keys.revoke(visit.caller, key_id)
    return Redirect("/settings/api-keys", "The key is revoked.")


def _page(
    visit: Visit,
    *,
    error: InvalidInput | Conflict | None = None,
    made: ApiKey | None = None,
    plain: str = "",
    status: int = 200,
) -> Page:
    values = {
        "keys": api_keys.listing(visit.tenant_id),
        "scopes": WHAT_SCOPES_DO,
        "made": made,
        "plain": plain,
        "error": error,
        "name": visit.form.get("name") if error else "",
        "expires_on": visit.form.get("expires_on") if error else "",
        "ticked": visit.form.all("scopes") if error else [Scope.READ],
    }
    return Page("api_keys.html", values, status)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("This is not a day.", field="expires_on") from None
