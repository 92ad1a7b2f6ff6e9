"""Calls that make a contact in Xero: each is on record before it is made.

While the record is there, the outcome is not known to be settled, and the contact is looked for
before anything is repeated.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from chalicelib.reference.contacts.store import Contacts
from chalicelib.storage.moments import MomentAttribute
from chalicelib.storage.rows import Row

CREATION = "creation#"
KEY_REMEMBERED = timedelta(minutes=5)
"""Xero remembers a key for six minutes; the last is left for the way there."""


class CreationRow(Row):
    """A call that is open."""

    table = "reference"

    class Meta:
        pass

    key = UnicodeAttribute()
    body_hash = UnicodeAttribute()
    key_used_at = MomentAttribute()
    remembered = BooleanAttribute(default=False)


@dataclass(frozen=True, slots=True)
class Creation:
    """``remembered``: Xero answered with an error that the same key would only bring back."""

    client_id: str
    key: str
    body_hash: str
    key_used_at: datetime
    remembered: bool = False

    def next(self, new_key: str, body_hash: str, now: datetime) -> "Creation":
        """The repetition: under the same key while it cannot make anything twice."""
        same = (
            not self.remembered
            and body_hash == self.body_hash
            and now - self.key_used_at < KEY_REMEMBERED
        )
        if same:
            return self
        return Creation(self.client_id, new_key, body_hash, now)

    def spent(self) -> "Creation":
        """The same, with a key that Xero has answered."""
        return replace(self, remembered=True)


def get(contacts: Contacts, client_id: str) -> Creation | None:
    """The open call for a client, if there is one."""
    try:
        row = CreationRow.get(contacts.partition, CREATION + client_id, consistent_read=True)
    except DoesNotExist:
        return None
    return Creation(client_id, row.key, row.body_hash, row.key_used_at, bool(row.remembered))


def put(contacts: Contacts, creation: Creation) -> None:
    """Put a call on record; it may be made after this."""
    CreationRow(
        contacts.partition,
        CREATION + creation.client_id,
        key=creation.key,
        body_hash=creation.body_hash,
        key_used_at=creation.key_used_at,
        remembered=creation.remembered,
    ).save()


def settle(contacts: Contacts, client_id: str) -> None:
    """The outcome is known, and stored elsewhere."""
    CreationRow(contacts.partition, CREATION + client_id).delete()
