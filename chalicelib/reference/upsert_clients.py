"""From contacts to clients: which are new, which changed, and which are left out and why."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.connection.model import Connection
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.work import clients
from chalicelib.work.ids import same_id
from chalicelib.work.model import Client, Source
from chalicelib.xero.wire.contact import Contact

ACTIVE = "ACTIVE"
Outcome = tuple[str, str]
"""``created``, ``updated``, ``unchanged`` or ``skipped``, and the reason for the last."""


class Upsert:
    """Brings contacts of one organisation in; knows the linked clients from when it was made."""

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        self._tenant_id = connection.tenant_id
        self._organisation_id = connection.organisation_id
        self._now = now
        self._known = clients.by_contact(connection.tenant_id, connection.organisation_id)

    def page(self, contacts: Sequence[Contact]) -> list[Outcome]:
        """What became of each contact; new clients are stored together."""
        created: list[Client] = []
        outcomes = [self._one(contact, created) for contact in contacts]
        if created:
            clients.put_many(self._tenant_id, created, self._organisation_id)
        return outcomes

    def _one(self, contact: Contact, created: list[Client]) -> Outcome:
        known = self._known.get(contact.contact_id)
        if known is not None:
            return self._update(known, contact)
        reason = _why_not(contact)
        if reason:
            return "skipped", reason
        client = self._new(contact)
        self._known[contact.contact_id] = client
        created.append(client)
        return "created", ""

    def _new(self, contact: Contact) -> Client:
        return Client(
            client_id=same_id(self._organisation_id, contact.contact_id),
            contact_id=contact.contact_id,
            source=Source.XERO,
            updated_at=self._now(),
            **_facts(contact),
        )

    def _update(self, known: Client, contact: Contact) -> Outcome:
        """Xero has the say in name, e-mail, currency and tax; one that ended there is archived.

        One that a person archived here stays so, whatever Xero says.
        """
        active = contact.contact_status == ACTIVE
        wanted = _facts(contact) if active else {"archived": True}
        changes = {name: value for name, value in wanted.items() if getattr(known, name) != value}
        if not changes:
            return "unchanged", ""
        try:
            after = self._change(known.client_id, changes)
        except InvalidInput as error:
            return "skipped", error.sentence
        self._known[contact.contact_id] = after
        return "updated", ""

    def _change(self, client_id: str, changes: dict[str, Any]) -> Client:
        """A person who changes the client at this very moment goes first."""
        try:
            return clients.change(self._tenant_id, client_id, **changes)
        except Conflict:
            return clients.change(self._tenant_id, client_id, **changes)


def _why_not(contact: Contact) -> str:
    if contact.merged_to_contact_id:
        return "Merged into another contact in Xero."
    if contact.contact_status != ACTIVE:
        return "Archived in Xero."
    if not contact.contact_id or not contact.name.strip():
        return "Without a name in Xero."
    return ""


def _facts(contact: Contact) -> dict[str, Any]:
    """What a client takes from its contact, in the very form in which clients are kept."""
    return {
        "name": " ".join(contact.name.split()),
        "email": contact.email_address.strip(),
        "currency": contact.default_currency or None,
        "tax_type": contact.accounts_receivable_tax_type or None,
    }
