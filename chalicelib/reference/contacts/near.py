"""Contacts that may be a client already: looked for in Xero before one is made for it."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.connection import access
from chalicelib.connection.model import Connection
from chalicelib.reference.contacts.evidence import (
    LEGAL_FORMS,
    Candidate,
    Kind,
    bare_name,
    compare,
)
from chalicelib.reference.contacts.facts import Facts, facts_of
from chalicelib.reference.contacts.store import Contacts
from chalicelib.work.model import Client
from chalicelib.work.names import name_key
from chalicelib.xero.caller import Page
from chalicelib.xero.wire.contact import Contact

if TYPE_CHECKING:
    from chalicelib.xero.accounting import Accounting

ALIKE = 0.85
SHOWN = 20
LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class Near:
    """A contact, what it has in common with the client, and whose it is if it is linked."""

    facts: Facts
    evidence: tuple[Kind, ...]
    against: tuple[Kind, ...] = ()
    client_id: str = ""


def near(contacts: Contacts, connection: Connection, client: Client) -> list[Near]:
    """Active contacts like the client, the likeliest first; one call to three.

    Xero searches for the longest word of the name, also without its accents, and for the e-mail
    address; how like they are is judged here.
    """
    found: dict[str, Facts] = {}
    for words in _searches(client):
        page = access.call(connection, partial(_search, words=words))
        found |= {one.contact_id: facts_of(one) for one in page.items}
    alike = [(facts, _compared(client, facts)) for facts in found.values()]
    some = sorted((pair for pair in alike if pair[1].evidence), key=_likeliest_first)[:SHOWN]
    known = contacts.known(facts.contact_id for facts, _ in some)
    linked = {contact_id: about.client_id for contact_id, about in known.items()}
    return [
        Near(facts, one.evidence, one.against, linked.get(facts.contact_id, ""))
        for facts, one in some
    ]


def _search(books: "Accounting", words: str) -> Page[Contact]:
    return books.contacts_searched(words, page_size=LOOKED_THROUGH)


def _searches(client: Client) -> list[str]:
    """The longest word as it is written and without its accents, and the e-mail address."""
    words = [word for word in client.name.split() if bare_name(word) not in LEGAL_FORMS]
    longest = max(words or [client.name], key=len)
    return [one for one in dict.fromkeys((longest, name_key(longest), client.email)) if one]


def _compared(client: Client, facts: Facts) -> Candidate:
    """By the signs that matches go by, else by the look of the name."""
    candidate = compare(client, facts)
    if candidate.evidence:
        return candidate
    ratio = SequenceMatcher(None, bare_name(client.name), bare_name(facts.name)).ratio()
    return Candidate(client.client_id, (Kind.LOOKS_ALIKE,) if ratio >= ALIKE else ())


def _likeliest_first(pair: tuple[Facts, Candidate]) -> tuple[list[int], str]:
    order, (facts, candidate) = list(Kind), pair
    return [order.index(kind) for kind in candidate.evidence], facts.name
