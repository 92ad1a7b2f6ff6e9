"""What becomes of a decision once a person has answered; each answer is given once and kept."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from chalicelib import wiring
from chalicelib.errors import InvalidInput
from chalicelib.reference.contacts.link import Both, link, move, unlink
from chalicelib.reference.contacts.model import EVERYTHING, Decision, DecisionKind
from chalicelib.reference.contacts.store import Contacts
from chalicelib.reference.upsert_clients import Upsert
from chalicelib.work import clients
from chalicelib.work.model import Client


class Answer(StrEnum):
    """What a person may say.

    To a match: ``SAME`` as a client, ``NONE`` of the candidates, or ``LEAVE_OUT`` of imports.
    To a client whose contact was merged into another client's or is gone: ``ARCHIVE`` the client,
    ``UNLINK`` it, or ``TAKE_OVER`` the contact that stayed from the other client.
    """

    SAME = "same"
    NONE = "none"
    LEAVE_OUT = "leave_out"
    ARCHIVE = "archive"
    UNLINK = "unlink"
    TAKE_OVER = "take_over"


ANSWERS: Mapping[DecisionKind, tuple[Answer, ...]] = {
    DecisionKind.MATCH: (Answer.SAME, Answer.NONE, Answer.LEAVE_OUT),
    DecisionKind.MERGED: (Answer.ARCHIVE, Answer.TAKE_OVER),
    DecisionKind.GONE: (Answer.ARCHIVE, Answer.UNLINK),
}


def check(decision: Decision, answer: Answer, client_id: str) -> None:
    """Raise InvalidInput for an answer that does not fit what was asked."""
    fitting = ANSWERS[decision.kind]
    if answer not in fitting:
        raise InvalidInput(f"The answer is one of {', '.join(fitting)}.", field="answer")
    candidates = {candidate.client_id for candidate in decision.candidates}
    if answer is Answer.SAME and client_id not in candidates:
        raise InvalidInput("Choose one of the clients that were proposed.", field="client_id")


def carry_out(contacts: Contacts, decision: Decision, answer: Answer, client_id: str) -> str:
    """Do what was answered, and say what was done; safe to repeat."""
    return ACTS[answer](contacts, decision, client_id)


def _same(contacts: Contacts, decision: Decision, client_id: str) -> str:
    link(contacts, decision.facts, client_id, decision)
    return f"{decision.facts.name} is linked."


def _none(contacts: Contacts, decision: Decision, _client_id: str) -> str:
    """They are remembered as different, and the contact becomes a client if it was to."""
    facts, known = decision.facts, contacts.one(decision.contact_id)
    refused = (candidate.client_id for candidate in decision.candidates)
    apart = replace(known, apart=tuple(dict.fromkeys((*known.apart, *refused))))
    if decision.create and not known.client_id:
        Upsert(contacts, EVERYTHING, wiring.current().clock.now, by="").make([(facts, apart)])
    elif not known.client_id:
        contacts.remember([apart])
    contacts.decision_row(decision).delete()
    made = " and is a client of its own" if decision.create else ""
    return f"{facts.name} is not the same{made}."


def _leave_out(contacts: Contacts, decision: Decision, _client_id: str) -> str:
    known = contacts.one(decision.contact_id)
    with Both(contacts) as both:
        both.contact(replace(known, left_out=True), known)
        both.answer(decision)
    return f"{decision.facts.name} is left out of imports."


def _archive(contacts: Contacts, decision: Decision, _client_id: str) -> str:
    with Both(contacts) as both:
        both.client(decision.client_id, lambda _: {"archived": True, "archived_by_xero": False})
        both.answer(decision)
    return "The client is archived."


def _unlink(contacts: Contacts, decision: Decision, _client_id: str) -> str:
    client = _client(contacts, decision.client_id)
    unlink(contacts, client, decision)
    return f"{client.name} is no longer linked."


def _take_over(contacts: Contacts, decision: Decision, _client_id: str) -> str:
    """The other client lets its contact go, and this one, whose contact was lost, gets it."""
    stayed = decision.facts.contact_id
    owner = contacts.one(stayed).client_id
    if owner and owner != decision.client_id:
        unlink(contacts, _client(contacts, owner))
    move(contacts, decision.client_id, decision.contact_id, decision.facts, "")
    contacts.decision_row(decision).delete()
    return f"{decision.facts.name} is linked."


def _client(contacts: Contacts, client_id: str) -> Client:
    return clients.get(contacts.tenant_id, client_id, organisation_id=contacts.organisation_id)


ACTS: Mapping[Answer, Callable[[Contacts, Decision, str], str]] = {
    Answer.SAME: _same,
    Answer.NONE: _none,
    Answer.LEAVE_OUT: _leave_out,
    Answer.ARCHIVE: _archive,
    Answer.UNLINK: _unlink,
    Answer.TAKE_OVER: _take_over,
}
