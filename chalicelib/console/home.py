"""Home: what needs attention, and the first steps."""

from chalicelib.console.routing import Page, Pages, Redirect, Visit

pages = Pages(__name__)


@pages.get("/", scope=None)
def root(_visit: Visit) -> Redirect:
    """The bare address leads to Home."""
    return Redirect("/home")


@pages.get("/home")
def show(_visit: Visit) -> Page:
    """Home of the tenant."""
    return Page("home.html", {"steps": ()})
