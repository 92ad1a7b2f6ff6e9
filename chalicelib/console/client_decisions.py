"""What waits for a person about clients and contacts: decided once, and remembered."""

from itertools import islice
from typing import Any
from urllib.parse import quote

from chalicelib.connection import store as connections
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import Conflict
from chalicelib.people.caller import Scope
from chalicelib.reference.contacts import propose
from chalicelib.reference.contacts.evidence import WORDS
from chalicelib.reference.contacts.store import Contacts
from chalicelib.work import clients

pages = Pages(__name__)

HERE = "/clients/import/decisions"
SHOWN = 50


@pages.get(HERE)
def show(visit: Visit) -> Page:
    """The first of what waits, and how many are certain."""
    connection = connections.get(visit.tenant_id)
    waiting = list(Contacts(visit.tenant_id, connection.organisation_id).decisions())
    certain = {decision.decision_id for decision, _ in propose.exact(waiting)}
    shown = list(islice(sorted(waiting, key=lambda one: one.decision_id not in certain), SHOWN))
    values: dict[str, Any] = {
        "waiting": shown,
        "more": len(waiting) - len(shown),
        "certain": certain,
        "clients": clients.by_ids(visit.tenant_id, _named(shown)),
        "words": WORDS,
        "may": Scope.WRITE in visit.caller.scopes,
    }
    return Page("clients/decisions.html", values)


@pages.post(HERE, scope=Scope.WRITE)
def accept(visit: Visit) -> Redirect:
    """Link every match that is certain."""
    from chalicelib.reference.contacts.acts import ask_accept_exact

    return after(ask_accept_exact(visit.caller), HERE)


@pages.post(f"{HERE}/{{decision_id}}", scope=Scope.WRITE)
def decide(visit: Visit, decision_id: str) -> Redirect:
    """Answer one; the answer of a button that names a client is that this one is the same."""
    from chalicelib.reference.contacts.acts import ask_answer

    same = visit.form.get("same")
    answer = "same" if same else visit.form.get("answer")
    return after(ask_answer(visit.caller, decision_id, answer, same), HERE)


def after(job: Job, here: str) -> Redirect:
    """Back with what was done, or on to the job's page; raises Conflict for what failed."""
    if job.state.open:
        return Redirect(f"/jobs/{quote(job.job_id)}?next={here}")
    if job.state is not JobState.DONE:
        raise Conflict(job.message)
    return Redirect(here, job.message)


def _named(decisions: "list[Any]") -> "set[str]":
    found = {candidate.client_id for one in decisions for candidate in one.candidates}
    return found | {name for one in decisions for name in (one.client_id, one.other_id) if name}
