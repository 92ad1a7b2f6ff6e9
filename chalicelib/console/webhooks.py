"""Settings → Webhooks: which programs are told what happens, and how that goes."""

from collections.abc import Callable
from typing import Any

from chalicelib.clock import parse_stamp
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.events import add, change, endpoints, log, try_out
from chalicelib.events.model import Endpoint, EventKind
from chalicelib.people.caller import Scope

pages = Pages(__name__)

LISTED = "/settings/webhooks"
ONE = f"{LISTED}/{{endpoint_id}}"
LATEST = 25
WORDS = {
    EventKind.INVOICE_SENT: "An invoice went to Xero",
    EventKind.STATUS_CHANGED: "Its status in Xero changed",
    EventKind.PAYMENT_RECEIVED: "A payment came in",
    EventKind.PAYMENT_REMOVED: "A payment was taken back",
    EventKind.SEND_FAILED: "An invoice could not be sent",
    EventKind.CONNECTION_LOST: "The connection to Xero was lost",
}
TONES = {"active": "good", "paused": "quiet", "disabled": "bad"}


@pages.get(LISTED, scope=Scope.ADMIN)
def show(visit: Visit) -> Page:
    """The endpoints there are, and a form for a new one."""
    return _list(visit)


@pages.post(LISTED, scope=Scope.ADMIN)
def make(visit: Visit) -> Page:
    """Add an endpoint and show its secret, this once."""
    form = visit.form
    try:
        made, secret = add.add(visit.caller, form.get("url"), form.get("name"), form.all("kinds"))
    except (InvalidInput, Conflict) as error:
        return _list(visit, error)
    return _one(visit, made, secret=secret)


@pages.get(ONE, scope=Scope.ADMIN)
def show_one(visit: Visit, endpoint_id: str) -> Page:
    """One endpoint, how its deliveries go, and what was told last."""
    return _one(visit, endpoints.get(visit.tenant_id, endpoint_id))


@pages.post(ONE, scope=Scope.ADMIN)
def act(visit: Visit, endpoint_id: str) -> Page | Redirect:
    """Do what the form's button names."""
    asked = ACTS.get(visit.form.get("act"))
    if asked is None:
        raise NotFound("There is no such act.")
    try:
        return asked(visit, endpoint_id)
    except InvalidInput as error:
        return _one(visit, endpoints.get(visit.tenant_id, endpoint_id), error=error)


def _save(visit: Visit, endpoint_id: str) -> Redirect:
    form = visit.form
    change.change(
        visit.caller,
        endpoint_id,
        url=form.get("url"),
        name=form.get("name"),
        kinds=form.all("kinds"),
    )
    return _back(endpoint_id, "The endpoint is changed.")


def _pause(visit: Visit, endpoint_id: str) -> Redirect:
    change.change(visit.caller, endpoint_id, paused=True)
    return _back(endpoint_id, "The endpoint is paused. What happens meanwhile is told later.")


def _resume(visit: Visit, endpoint_id: str) -> Redirect:
    change.change(visit.caller, endpoint_id, paused=False)
    return _back(endpoint_id, "The endpoint is told again, from where it stopped.")


def _try(visit: Visit, endpoint_id: str) -> Redirect:
    _, outcome = try_out.try_out(visit.caller, endpoint_id)
    words = "The test was taken." if outcome.delivered else "The test was not taken."
    return _back(endpoint_id, f"{words} {outcome.words}")


def _rotate(visit: Visit, endpoint_id: str) -> Page:
    endpoint, secret = change.rotate(visit.caller, endpoint_id)
    return _one(visit, endpoint, secret=secret)


def _again(visit: Visit, endpoint_id: str) -> Redirect:
    text = visit.form.get("number")
    if not text.isascii() or not text.isdecimal():
        raise InvalidInput("Give the number of an event.", field="number")
    change.send_again(visit.caller, endpoint_id, int(text))
    return _back(endpoint_id, f"Everything from number {text} on is told again.")


def _remove(visit: Visit, endpoint_id: str) -> Redirect:
    change.remove(visit.caller, endpoint_id)
    return Redirect(LISTED, "The endpoint is removed.")


ACTS: dict[str, Callable[[Visit, str], Page | Redirect]] = {
    "save": _save,
    "pause": _pause,
    "resume": _resume,
    "test": _try,
    "rotate": _rotate,
    "again": _again,
    "remove": _remove,
}


def _back(endpoint_id: str, notice: str) -> Redirect:
    return Redirect(f"{LISTED}/{endpoint_id}", notice)


def _list(visit: Visit, error: InvalidInput | Conflict | None = None) -> Page:
    values: dict[str, Any] = {
        "endpoints": endpoints.of_tenant(visit.tenant_id),
        "words": WORDS,
        "tones": TONES,
        "error": error,
        "name": visit.form.get("name"),
        "address": visit.form.get("url"),
        "ticked": visit.form.all("kinds"),
    }
    return Page("webhooks/list.html", values, error.status if error else 200)


def _one(
    visit: Visit, endpoint: Endpoint, *, secret: str = "", error: InvalidInput | None = None
) -> Page:
    last = log.last_number(visit.tenant_id)
    latest = log.after(visit.tenant_id, max(last - LATEST, 0), LATEST)
    typed = visit.form if error else None
    values: dict[str, Any] = {
        "endpoint": endpoint,
        "events": [(one, parse_stamp(one.at)) for one in reversed(latest)],
        "last": last,
        "secret": secret,
        "words": WORDS,
        "tones": TONES,
        "error": error,
        "name": typed.get("name") if typed else endpoint.name,
        "address": typed.get("url") if typed else endpoint.url,
        "ticked": typed.all("kinds") if typed else endpoint.kinds,
        "number": typed.get("number") if typed else "",
    }
    return Page("webhooks/one.html", values, error.status if error else 200)
