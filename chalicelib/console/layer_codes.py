"""Choosing what one client, project, task or rate has of its own, in a form of its own."""

from typing import Any

from chalicelib import wiring
from chalicelib.console import own_codes
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.people.sessions import demand_recent_factor, second_factor_recent
from chalicelib.reference import choices, mapping, places
from chalicelib.reference.layers import Codes, Kind, Place

pages = Pages(__name__)

HERE = "/settings/codes"
NOTES = {
    Kind.CLIENT: "Tax chosen for a client goes before that of any task, rate or project. Account "
    "and tracking count where the work itself has none.",
    Kind.PROJECT: "Counts for all work of this project that has none of its own.",
    Kind.TASK: "Counts for this task, before its rate and its project; for tax the client goes "
    "first.",
    Kind.RATE: "Counts for everything that is sold at this rate; for tax the client goes first.",
}


@pages.get(f"{HERE}/clients/{{client_id}}")
def of_client(visit: Visit, client_id: str) -> Page:
    """What a client has."""
    return _show(visit, Place(Kind.CLIENT, client_id))


@pages.post(f"{HERE}/clients/{{client_id}}", scope=Scope.ADMIN)
def choose_for_client(visit: Visit, client_id: str) -> Page | Redirect:
    """Keep what a client is to have."""
    return _choose(visit, Place(Kind.CLIENT, client_id))


@pages.get(f"{HERE}/projects/{{project_id}}")
def of_project(visit: Visit, project_id: str) -> Page:
    """What a project has."""
    return _show(visit, Place(Kind.PROJECT, project_id))


@pages.post(f"{HERE}/projects/{{project_id}}", scope=Scope.ADMIN)
def choose_for_project(visit: Visit, project_id: str) -> Page | Redirect:
    """Keep what a project is to have."""
    return _choose(visit, Place(Kind.PROJECT, project_id))


@pages.get(f"{HERE}/tasks/{{task_id}}")
def of_task(visit: Visit, task_id: str) -> Page:
    """What a task has."""
    return _show(visit, Place(Kind.TASK, task_id))


@pages.post(f"{HERE}/tasks/{{task_id}}", scope=Scope.ADMIN)
def choose_for_task(visit: Visit, task_id: str) -> Page | Redirect:
    """Keep what a task is to have."""
    return _choose(visit, Place(Kind.TASK, task_id))


@pages.get(f"{HERE}/rates/{{rate_id}}")
def of_rate(visit: Visit, rate_id: str) -> Page:
    """What a rate has."""
    return _show(visit, Place(Kind.RATE, rate_id))


@pages.post(f"{HERE}/rates/{{rate_id}}", scope=Scope.ADMIN)
def choose_for_rate(visit: Visit, rate_id: str) -> Page | Redirect:
    """Keep what a rate is to have."""
    return _choose(visit, Place(Kind.RATE, rate_id))


def page_of(place: Place) -> str:
    """Where the thing itself is shown."""
    return f"/{place.kind}s/{place.thing_id}"


def _show(visit: Visit, place: Place) -> Page:
    return _form(visit, place, choices.load(visit.tenant_id).of(place.kind, place.thing_id))


def _choose(visit: Visit, place: Place) -> Page | Redirect:
    """With a second factor given in the last ten minutes, as for all of the mapping."""
    name = places.name_of(visit.tenant_id, place)
    demand_recent_factor(visit.session)
    wanted = own_codes.codes(visit.form)
    try:
        mapping.choose(visit.caller, place, wanted)
    except InvalidInput as error:
        return _form(visit, place, wanted, error)
    return Redirect(page_of(place), f"The codes of {name} are saved.")


def _form(visit: Visit, place: Place, codes: Codes, error: InvalidInput | None = None) -> Page:
    name = places.name_of(visit.tenant_id, place)
    session = visit.session
    shown: dict[str, Any] = {
        "name": name,
        "place": place,
        "back": page_of(place),
        "note": NOTES[place.kind],
        "offered": own_codes.offered(mapping.lists(visit.tenant_id), codes),
        "chosen": codes,
        "error": error,
        "confirmed": session is not None
        and second_factor_recent(session, wiring.current().clock.now()),
        "may": Scope.ADMIN in visit.caller.scopes,
    }
    return Page("codes/own.html", shown, error.status if error else 200)
