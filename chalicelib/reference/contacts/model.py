"""What is remembered of contacts: links, what waits for a person, how far they were read."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec

from chalicelib.reference.contacts.evidence import Candidate
from chalicelib.reference.contacts.facts import Facts


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of one contact.

    ``client_id`` is its client, empty for none. ``seen`` is the print of the facts that the
    client was last brought in step with. ``by`` and ``did`` say which job did what with it last,
    so that a page read twice by one job is counted as if it had been read once. ``apart`` are the
    clients that a person said are not the same; ``left_out`` contacts come in only when chosen.
    """

    contact_id: str
    client_id: str = ""
    seen: str = ""
    by: str = ""
    did: str = ""
    apart: tuple[str, ...] = ()
    left_out: bool = False
    merged_to: str = ""


class DecisionKind(StrEnum):
    """What a person is asked: whether two are the same, or what becomes of a client.

    ``MERGED``: the client's contact was merged in Xero into one that is another client's.
    ``GONE``: Xero no longer lists the client's contact.
    """

    MATCH = "match"
    MERGED = "merged"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that waits for a person.

    A match has the contact's ``facts``, its ``candidates``, and whether a client is to be made
    of it (``create``) when it is none of them. The others have the client they are about, and
    ``other_id``, whose contact it was merged into.
    """

    kind: DecisionKind
    contact_id: str
    facts: Facts
    candidates: tuple[Candidate, ...] = ()
    create: bool = False
    client_id: str = ""
    other_id: str = ""
    since: datetime | None = field(default=None, compare=False)

    @property
    def decision_id(self) -> str:
        """The opaque id that pages and the API show."""
        return f"{self.kind}.{self.contact_id}"


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an import does: make clients, bring those there are in step, or both; and with whom.

    ``customers_only`` and ``with_email`` narrow down of whom clients are made; a client that is
    linked is brought in step whoever it is. ``automatic``: by itself from now on.
    """

    create: bool = True
    update: bool = True
    customers_only: bool = False
    with_email: bool = False
    automatic: bool = False

    def reaches(self, other: "Choice") -> bool:
        """Whether all that ``other`` brings in was brought in when this one was the choice."""
        return (
            self.create >= other.create
            and self.update >= other.update
            and self.customers_only <= other.customers_only
            and self.with_email <= other.with_email
        )


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the contacts of an organisation were read.

    ``since`` is where the next look at changes begins, by Xero's clock; everything that changed
    before was brought in as ``choice`` says. ``whole_at`` is when all were last read, and
    ``listed`` how many there were.
    """

    since: datetime
    choice: Choice
    whole_at: datetime
    listed: int = 0
