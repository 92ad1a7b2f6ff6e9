"""Help: what to do first, and whom to ask."""

from chalicelib.console.routing import Page, Pages, Visit

pages = Pages(__name__)


@pages.get("/help", scope=None)
def show(_visit: Visit) -> Page:
    """The way from nothing to a paid invoice, for strangers too."""
    return Page("help.html")
