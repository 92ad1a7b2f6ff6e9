"""Why a contact in Xero and a client here may be the same: what they have in common.

Nothing here links anything. Names that differ only in case, spaces, accents, punctuation or in
how their legal form is written are a reason to ask, never a reason to decide.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.reference.contacts.facts import Facts
from chalicelib.work.model import Client
from chalicelib.work.names import name_key

LEGAL_FORMS = frozenset(
    {
        *("ltd", "limited", "pty", "inc", "incorporated", "llc", "llp", "lp", "plc", "corp"),
        *("corporation", "co", "company", "trust", "gmbh", "ag", "kg", "sa", "sas", "sarl"),
        *("srl", "spa", "bv", "nv", "oy", "ab", "as", "aps", "kk", "the", "and"),
    }
)
"""Words that people write, shorten and leave out at will."""


class Kind(StrEnum):
    """What the two have in common, the strongest first."""

    CONTACT_ID = "contact_id"
    CONTACT_NUMBER = "contact_number"
    ACCOUNT_NUMBER = "account_number"
    TAX_NUMBER = "tax_number"
    SAME_NAME = "same_name"
    NAME = "name"
    SIMILAR_NAME = "similar_name"
    EMAIL = "email"
    LOOKS_ALIKE = "looks_alike"


WORDS: Mapping[Kind, str] = {
    Kind.CONTACT_ID: "It was linked to this very contact before",
    Kind.CONTACT_NUMBER: "The contact bears this client's number",
    Kind.ACCOUNT_NUMBER: "Same account number",
    Kind.TAX_NUMBER: "Same tax number",
    Kind.SAME_NAME: "Same name",
    Kind.NAME: "Same name but for case, spaces, accents or punctuation",
    Kind.SIMILAR_NAME: "Same name but for its legal form",
    Kind.EMAIL: "Same e-mail address",
    Kind.LOOKS_ALIKE: "The names look alike",
}
BY_ID = frozenset({Kind.CONTACT_ID, Kind.CONTACT_NUMBER})
SECOND_SIGNS = frozenset({Kind.ACCOUNT_NUMBER, Kind.TAX_NUMBER, Kind.EMAIL})
NAMES = (Kind.SAME_NAME, Kind.NAME, Kind.SIMILAR_NAME)

Sign = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A client that may be the contact, and why; ``against`` names numbers that contradict."""

    client_id: str
    evidence: tuple[Kind, ...]
    against: tuple[Kind, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether one click may accept it with others: by an id, or by name and a second sign.

        The very same spelling counts as both. What a number contradicts is never exact.
        """
        found = set(self.evidence)
        named = bool(found & {Kind.SAME_NAME, Kind.NAME})
        sure = found & BY_ID or Kind.SAME_NAME in found or (named and found & SECOND_SIGNS)
        return bool(sure) and not self.against


class Unlinked:
    """The clients that are not linked in an organisation, found by any of their signs."""

    def __init__(self, clients: Iterable[Client], stored: Mapping[str, AbstractSet[str]]) -> None:
        """``stored`` has the contact ids that a client bore before, by client id."""
        self._stored = stored
        self._clients: dict[str, Client] = {}
        self._by_sign: defaultdict[Sign, set[str]] = defaultdict(set)
        for client in clients:
            self.add(client)

    def __bool__(self) -> bool:
        return bool(self._clients)

    def add(self, client: Client) -> None:
        """Let a client be found."""
        self._clients[client.client_id] = client
        for sign in self._signs(client):
            self._by_sign[sign].add(client.client_id)

    def discard(self, client_id: str) -> None:
        """Let a client be found no more, since it is linked now."""
        client = self._clients.pop(client_id, None)
        for sign in self._signs(client) if client else ():
            self._by_sign[sign].discard(client_id)

    def like(self, facts: Facts, *, apart: Iterable[str] = ()) -> tuple[Candidate, ...]:
        """The clients that have a sign in common with a contact, the likeliest first."""
        found: set[str] = set()
        for sign in signs_of_contact(facts):
            found |= self._by_sign.get(sign, set())
        candidates = [
            compare(self._clients[client_id], facts, self._stored.get(client_id, frozenset()))
            for client_id in found - set(apart)
        ]
        return tuple(sorted(candidates, key=_likeliest_first))

    def _signs(self, client: Client) -> set[Sign]:
        return signs_of_client(client, self._stored.get(client.client_id, frozenset()))


def compare(client: Client, facts: Facts, stored: Iterable[str] = ()) -> Candidate:
    """What a client and a contact have in common, and which numbers contradict."""
    common = {kind for kind, _ in signs_of_client(client, stored) & signs_of_contact(facts)}
    strongest = next((kind for kind in NAMES if kind in common), None)
    shown = [kind for kind in Kind if kind is strongest or kind in common - set(NAMES)]
    return Candidate(client.client_id, tuple(shown), tuple(_contradicting(client, facts)))


def signs_of_client(client: Client, stored: Iterable[str] = ()) -> set[Sign]:
    """By what a client can be known."""
    details = client.details
    numbers = {client.client_id, details.contact_number}
    return _given(
        *_signs(client.name, client.email, details.account_number, details.tax_number),
        *((Kind.CONTACT_NUMBER, number.casefold()) for number in numbers),
        *((Kind.CONTACT_ID, contact_id) for contact_id in stored),
    )


def signs_of_contact(facts: Facts) -> set[Sign]:
    """By what a contact can be known."""
    details = facts.details
    return _given(
        *_signs(facts.name, facts.email, details.account_number, details.tax_number),
        (Kind.CONTACT_NUMBER, details.contact_number.casefold()),
        (Kind.CONTACT_ID, facts.contact_id),
    )


def bare_name(name: str) -> str:
    """A name's key without its legal form; all of it when there is nothing else."""
    words = name_key(name).split()
    return " ".join(word for word in words if word not in LEGAL_FORMS) or " ".join(words)


def _signs(name: str, email: str, account_number: str, tax_number: str) -> tuple[Sign, ...]:
    return (
        (Kind.SAME_NAME, name),
        (Kind.NAME, name_key(name)),
        (Kind.SIMILAR_NAME, bare_name(name)),
        (Kind.EMAIL, email.casefold()),
        (Kind.ACCOUNT_NUMBER, _bare_number(account_number)),
        (Kind.TAX_NUMBER, _bare_number(tax_number)),
    )


def _given(*signs: Sign) -> set[Sign]:
    return {sign for sign in signs if sign[1]}


def _bare_number(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum()).casefold()


def _contradicting(client: Client, facts: Facts) -> Iterable[Kind]:
    for kind, ours, theirs in (
        (Kind.ACCOUNT_NUMBER, client.details.account_number, facts.details.account_number),
        (Kind.TAX_NUMBER, client.details.tax_number, facts.details.tax_number),
    ):
        if ours and theirs and _bare_number(ours) != _bare_number(theirs):
            yield kind


def _likeliest_first(candidate: Candidate) -> tuple[bool, bool, list[int], str]:
    order = list(Kind)
    places = [order.index(kind) for kind in candidate.evidence]
    return bool(candidate.against), not candidate.exact, places, candidate.client_id
