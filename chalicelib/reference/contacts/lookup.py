"""What it takes to look into contacts by their ids, for a job."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.reference.contacts.facts import Facts, facts_of
from chalicelib.reference.contacts.store import Contacts
from chalicelib.xero.resources.contacts import MOST_IDS
from chalicelib.xero.wire.contact import Contact


@dataclass(frozen=True, slots=True)
class Lookup:
    """``read`` gives contacts by their ids, at most 40 in one call; ``by`` names the job."""

    contacts: Contacts
    read: Callable[[Sequence[str]], Sequence[Contact]]
    by: str
    now: datetime

    def facts(self, contact_ids: Sequence[str]) -> Iterator[Facts]:
        """Those of the contacts that there are."""
        for start in range(0, len(contact_ids), MOST_IDS):
            yield from map(facts_of, self.read(contact_ids[start : start + MOST_IDS]))
