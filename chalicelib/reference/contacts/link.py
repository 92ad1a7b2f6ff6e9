"""Tying a client to a contact and letting it go, always on both sides or on neither.

Only one worker at a time does this for an organisation; the conditions are for people who change
the client meanwhile.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict
from chalicelib.reference.contacts.facts import Facts
from chalicelib.reference.contacts.model import Decision, Known
from chalicelib.reference.contacts.rows import ContactRow
from chalicelib.reference.contacts.store import Contacts
from chalicelib.storage.rows import transaction_connection
from chalicelib.work import linked
from chalicelib.work.clients import CHANGED
from chalicelib.work.linked import Changes
from chalicelib.work.model import Client, Standing

AWAY = frozenset({Standing.ARCHIVED, Standing.REMOVED})
"""What archives a client with its contact."""

OF_XERO = ("contact_id", "standing", "tax_type", "account_code")
"""What a client no longer has once it is unlinked; its particulars it keeps."""

TAKEN = "This contact is another client's. Unlink that one first."
LINKED = "This client is linked to another contact. Unlink it first."


def in_step(facts: Facts) -> Changes:
    """What is to become of a linked client: its contact's facts, and its place on the shelf."""

    def wanted(client: Client) -> Mapping[str, Any]:
        changes = dict(facts.taken_by(client))
        if client.standing is not facts.standing:
            changes |= {"standing": facts.standing, **_shelf(client, facts.standing)}
        return changes

    return wanted


def link(
    contacts: Contacts, facts: Facts, client_id: str, *asked: Decision, by: str = ""
) -> None:
    """Tie a client to a contact and bring it in step; what was ``asked`` is answered by it.

    Linking what is linked so already changes nothing. Raises NotFound, and Conflict when either
    is tied to another, or somebody changed the client at this moment.
    """
    known = contacts.one(facts.contact_id)
    if known.client_id not in {"", client_id}:
        raise Conflict(TAKEN)

    def wanted(client: Client) -> Mapping[str, Any]:
        if client.contact_id not in {None, facts.contact_id}:
            raise Conflict(LINKED)
        return {"contact_id": facts.contact_id, **in_step(facts)(client)}

    after = replace(
        known,
        client_id=client_id,
        seen=facts.print,
        by=by,
        did="updated",
        apart=tuple(one for one in known.apart if one != client_id),
        left_out=False,
    )
    with Both(contacts) as both:
        both.client(client_id, wanted)
        both.contact(after, known)
        both.answer(*asked)


def unlink(contacts: Contacts, client: Client, *asked: Decision) -> None:
    """Let a client go from its contact, which no import brings in again unless it is chosen.

    The client keeps what it knows. Raises Conflict when it is not linked.
    """
    if not client.contact_id:
        raise Conflict("This client is not linked to a contact in Xero.")
    known = contacts.one(client.contact_id)
    with Both(contacts) as both:
        both.client(client.client_id, lambda _: dict.fromkeys(OF_XERO))
        if known.client_id in {"", client.client_id}:
            apart = tuple(dict.fromkeys((*known.apart, client.client_id)))
            freed = Known(client.contact_id, apart=apart, left_out=True)
            both.contact(freed, known)
        both.answer(*asked)


def move(contacts: Contacts, client_id: str, old: str, facts: Facts, by: str) -> None:
    """Follow a merge: a client goes from the contact that lost to the one that stayed."""
    losing, winning = contacts.one(old), contacts.one(facts.contact_id)
    with Both(contacts) as both:
        both.client(client_id, lambda c: {"contact_id": facts.contact_id, **in_step(facts)(c)})
        both.contact(
            replace(losing, client_id="", merged_to=facts.contact_id, by=by, did="updated"),
            losing,
        )
        both.contact(
            replace(winning, client_id=client_id, seen=facts.print, left_out=False), winning
        )


class Both:
    """A transaction over clients, contacts and what was asked; raises Conflict at its end."""

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts
        self._transaction = TransactWrite(connection=transaction_connection())

    def __enter__(self) -> Self:
        self._transaction.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._transaction.__exit__(kind, error, trace)
        except TransactWriteError:
            raise Conflict(CHANGED) from None

    def client(self, client_id: str, wanted: Changes) -> None:
        """Change a client."""
        here = self._contacts
        linked.take_in(self._transaction, here.tenant_id, here.organisation_id, client_id, wanted)

    def contact(self, after: Known, before: Known) -> None:
        """Remember a contact anew, if it still has the client it had."""
        unchanged = (
            ContactRow.client_id == before.client_id
            if before.client_id
            else ContactRow.client_id.does_not_exist()
        )
        self._transaction.save(self._contacts.row(after), condition=unchanged)

    def ask(self, *decisions: Decision) -> None:
        """Let something wait for a person."""
        for decision in decisions:
            self._transaction.save(self._contacts.decision_row(decision))

    def answer(self, *decisions: Decision) -> None:
        """Let something wait no longer."""
        for decision in decisions:
            self._transaction.delete(self._contacts.decision_row(decision))


def _shelf(client: Client, standing: Standing) -> Mapping[str, Any]:
    if standing in AWAY and not client.archived:
        return {"archived": True, "archived_by_xero": True}
    if standing is Standing.ACTIVE and client.archived_by_xero:
        return {"archived": False, "archived_by_xero": False}
    return {}
