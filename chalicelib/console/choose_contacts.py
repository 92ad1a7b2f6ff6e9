"""Choosing from Xero's contacts which of them come in."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.reference.contacts.browse import Filter, browse

pages = Pages(__name__)

HERE = "/clients/import/contacts"
FLAGS = ("customers_only", "with_email", "unlinked_only")


@pages.get(HERE, scope=Scope.WRITE)
def show(visit: Visit) -> Page:
    """A page of contacts as Xero has them now, with boxes to tick."""
    return _page(visit, visit.query)


@pages.post(HERE, scope=Scope.WRITE)
def begin(visit: Visit) -> Page | Redirect:
    """Bring in those that were ticked."""
    from chalicelib.reference.contacts.ask import Wish, start

    chosen = tuple(dict.fromkeys(visit.form.all("contact_id")))
    if not chosen:
        nothing = InvalidInput("Tick at least one contact.", field="contact_id")
        return _page(visit, visit.form.values(), nothing)
    job = start(visit.caller, Wish(contact_ids=chosen))
    return Redirect(f"/jobs/{quote(job.job_id)}?next=/clients/import")


def _page(visit: Visit, asked: Mapping[str, str], error: InvalidInput | None = None) -> Page:
    flags = {name: asked.get(name) == "yes" for name in FLAGS}
    wanted = Filter(asked.get("search", ""), **flags)
    found = browse(visit.caller, wanted, asked.get("cursor"))
    shown = {name: "yes" for name, on in flags.items() if on}
    following = urlencode({"search": wanted.search, **shown, "cursor": found.next or ""})
    values = {
        "found": found,
        "wanted": wanted,
        "cursor": asked.get("cursor", ""),
        "next": f"{HERE}?{following}" if found.next else "",
        "error": error,
    }
    return Page("clients/contacts.html", values, error.status if error else 200)
