"""Settings → Usage: what was asked of Xero day by day, against the limits of Xero's tier."""

from typing import Any

from chalicelib.connection import usage
from chalicelib.console.routing import Page, Pages, Visit
from chalicelib.dispatch.kinds import Purpose

pages = Pages(__name__)

LABELS = {
    Purpose.IMPORT: "Imports",
    Purpose.SEND: "Sending",
    Purpose.EXTRAS: "After sending",
    Purpose.STATUS: "Status",
    Purpose.KEEP_ALIVE: "Connection",
    Purpose.OTHER: "Other",
}


@pages.get("/settings/usage")
def show(visit: Visit) -> Page:
    """The last 31 days, and what is left."""
    use = usage.of(visit.tenant_id)
    values: dict[str, Any] = {
        "use": use,
        "days": [day for day in use.days if day.counts],
        "today": use.days[0].in_all,
        "labels": LABELS,
    }
    return Page("usage.html", values)
