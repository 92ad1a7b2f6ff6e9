"""Contacts that Xero no longer lists: asked for once more, then flagged for a person."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from chalicelib.errors import Conflict, NotFound
from chalicelib.reference.contacts.facts import Facts
from chalicelib.reference.contacts.link import Both
from chalicelib.reference.contacts.lookup import Lookup
from chalicelib.reference.contacts.model import Decision, DecisionKind
from chalicelib.work import clients
from chalicelib.work.model import Standing


def flag(lookup: Lookup, suspects: Sequence[str]) -> list[str]:
    """The names of the clients whose contact is gone; of at most 40 suspects, by one call."""
    there = {facts.contact_id for facts in lookup.facts(suspects)}
    names: list[str] = []
    for contact_id in suspects:
        if contact_id not in there:
            with suppress(Conflict, NotFound):
                names += _gone(lookup, contact_id)
    return names


def _gone(lookup: Lookup, contact_id: str) -> Iterable[str]:
    contacts = lookup.contacts
    known = contacts.one(contact_id)
    if not known.client_id:
        return []
    client = clients.get(
        contacts.tenant_id, known.client_id, organisation_id=contacts.organisation_id
    )
    if known.did == DecisionKind.GONE:
        return [client.name] if known.by == lookup.by else []
    decision = Decision(
        DecisionKind.GONE,
        contact_id,
        Facts(contact_id, client.name),
        client_id=client.client_id,
        since=lookup.now,
    )
    # Without a print, the client is brought in step again should Xero list it one day.
    after = replace(known, seen="", by=lookup.by, did=DecisionKind.GONE.value)
    with Both(contacts) as both:
        both.client(client.client_id, lambda _: {"standing": Standing.GONE})
        both.contact(after, known)
        both.ask(decision)
    return [client.name]
