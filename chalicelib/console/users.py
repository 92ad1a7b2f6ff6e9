"""Settings → Users."""

from chalicelib.console.routing import Page, Pages, Visit
from chalicelib.people import store
from chalicelib.people.caller import Scope

pages = Pages(__name__)


@pages.get("/settings/users", scope=Scope.ADMIN)
def show(visit: Visit) -> Page:
    """Who may sign in for this tenant."""
    return Page("users.html", {"users": store.users(visit.tenant_id)})
