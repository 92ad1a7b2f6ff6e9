"""What a person does about links: done in the organisation's lane, so that no import interferes.

A click does it at once where the lane is free; otherwise it is a job that goes before imports.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.audit import trail
from chalicelib.connection import access
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Failed, Job, More, Slice, Step
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.people.caller import Caller
from chalicelib.reference.contacts import decide, propose
from chalicelib.reference.contacts.decide import Answer
from chalicelib.reference.contacts.facts import facts_of
from chalicelib.reference.contacts.link import LINKED, TAKEN, link, unlink
from chalicelib.reference.contacts.store import Contacts
from chalicelib.work import clients
from chalicelib.work.model import Client, Standing
from chalicelib.xero.errors import XeroNotFound

KIND = "link-client"
WORDS = {
    "link": "link a client to a contact",
    "unlink": "unlink a client",
    "answer": "settle a match or a lost contact",
    "accept_exact": "accept all certain matches",
}
NO_CONTACT = "Xero does not list this contact. Search for it again."
NOT_ACTIVE = "This contact is {standing} in Xero. Restore it there first, or choose another."


def ask_link(caller: Caller, client_id: str, contact_id: str) -> Job:
    """Link a client to a contact and bring it in step.

    Raises NotFound for the client, NotConnected, and Conflict when either is tied to another.
    """
    contacts = of_caller(caller)
    client = _client(contacts, client_id)
    if client.contact_id not in {None, contact_id}:
        raise Conflict(LINKED)
    if contacts.one(contact_id).client_id not in {"", client_id}:
        raise Conflict(TAKEN, field="contact_id")
    return _ask(caller, contacts, "link", client_id, contact_id=contact_id)


def ask_unlink(caller: Caller, client_id: str) -> Job:
    """Let a client go from its contact; raises NotFound, NotConnected, Conflict."""
    contacts = of_caller(caller)
    if not _client(contacts, client_id).contact_id:
        raise Conflict("This client is not linked to a contact in Xero.")
    return _ask(caller, contacts, "unlink", client_id)


def ask_answer(caller: Caller, decision_id: str, answer: str, client_id: str = "") -> Job:
    """Answer what waits for a person.

    Raises NotFound when it waits no longer, InvalidInput for an answer that does not fit.
    """
    contacts = of_caller(caller)
    if answer not in set(Answer):
        raise InvalidInput("Choose an answer.", field="answer")
    decision = contacts.decision(decision_id)
    decide.check(decision, Answer(answer), client_id)
    about = client_id or decision.client_id
    return _ask(
        caller, contacts, "answer", about, decision_id=decision_id, answer=answer, same=client_id
    )


def ask_accept_exact(caller: Caller) -> Job:
    """Accept every match that is beyond doubt at this moment."""
    return _ask(caller, of_caller(caller), "accept_exact", "")


def of_caller(caller: Caller) -> Contacts:
    """The contacts of the caller's organisation; raises NotConnected."""
    return Contacts(caller.tenant_id, connections.active(caller.tenant_id).organisation_id)


def handle(job: Job, slice_: Slice) -> Step:
    """Do what was asked; safe to repeat."""
    if connections.active(job.tenant_id).organisation_id != job.lane:
        return Failed("The organisation is no longer connected here.")
    return ACTS[job.params["act"]](Contacts(job.tenant_id, job.lane), job, slice_)


def _link(contacts: Contacts, job: Job, _slice: Slice) -> Step:
    contact_id = job.params["contact_id"]
    connection = connections.active(job.tenant_id)
    try:
        found = access.call(connection, lambda books: books.contact(contact_id))
    except XeroNotFound:
        return Failed(NO_CONTACT)
    facts = facts_of(found)
    if facts.standing is not Standing.ACTIVE:
        return Failed(NOT_ACTIVE.format(standing=facts.standing))
    waiting = [one for one in contacts.decisions() if one.contact_id == facts.contact_id]
    link(contacts, facts, job.params["client_id"], *waiting)
    return Done(f"{facts.name} is linked.")


def _unlink(contacts: Contacts, job: Job, _slice: Slice) -> Step:
    client = _client(contacts, job.params["client_id"])
    if client.contact_id:
        waiting = [one for one in contacts.decisions() if one.contact_id == client.contact_id]
        unlink(contacts, client, *waiting)
    return Done(f"{client.name} is no longer linked. What it knows, it keeps.")


def _answer(contacts: Contacts, job: Job, _slice: Slice) -> Step:
    try:
        decision = contacts.decision(job.params["decision_id"])
    except NotFound:
        return Done("This is decided.")
    answer, same = Answer(job.params["answer"]), job.params["same"]
    decide.check(decision, answer, same)
    return Done(decide.carry_out(contacts, decision, answer, same))


def _accept_exact(contacts: Contacts, job: Job, slice_: Slice) -> Step:
    done = job.progress.get("done", 0)
    sure = list(propose.exact(contacts.decisions()))
    for decision, client_id in sure:
        if slice_.over:
            return More()
        decide.carry_out(contacts, decision, Answer.SAME, client_id)
        done += 1
        job.progress = {"done": done, "total": max(done, len(sure))}
    return Done(f"{done} clients are linked." if done != 1 else "1 client is linked.")


def _ask(caller: Caller, contacts: Contacts, act: str, client_id: str, **facts: Any) -> Job:
    trail.record(caller, "client link", f"client:{client_id}", "asked", act=WORDS[act])
    return enqueue.do_now(
        enqueue.job(
            KIND,
            contacts.organisation_id,
            contacts.tenant_id,
            params={"act": act, "client_id": client_id, **facts},
            created_by=caller.actor,
        )
    )


def _client(contacts: Contacts, client_id: str) -> Client:
    return clients.get(contacts.tenant_id, client_id, organisation_id=contacts.organisation_id)


ACTS: Mapping[str, Callable[[Contacts, Job, Slice], Step]] = {
    "link": _link,
    "unlink": _unlink,
    "answer": _answer,
    "accept_exact": _accept_exact,
}
