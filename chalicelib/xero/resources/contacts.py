"""Contacts: read in pages, made in batches, never changed."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.xero.caller import LARGEST_PAGE, Caller, Page
from chalicelib.xero.formats import write_json
from chalicelib.xero.wire.base import quoted, single
from chalicelib.xero.wire.contact import Contact, NewContact
from chalicelib.xero.written import Written, read_written


class ContactCalls(Caller):
    """Calls about contacts."""

    def contacts_page(
        self,
        page: int = 1,
        *,
        page_size: int = LARGEST_PAGE,
        modified_since: datetime | None = None,
        include_archived: bool = True,
    ) -> Page[Contact]:
        """One page of contacts, the longest unchanged first.

        Only a paged read has persons, terms, defaults and the winner of a merge. A change of
        balances or of a contact's role is no change to ``modified_since``.
        """
        query = {"includeArchived": "true"} if include_archived else {}
        return self._page(
            Contact,
            "Contacts",
            query,
            page=page,
            page_size=page_size,
            modified_since=modified_since,
        )

    def contact(self, contact_id: str) -> Contact:
        """One contact by its id or its contact number; raises XeroNotFound."""
        tree = self._read(f"/Contacts/{quoted(contact_id)}", template="/Contacts/{id}")
        return single(Contact, tree, "Contacts")

    def create_contacts(self, contacts: Sequence[NewContact], key: str) -> list[Written[Contact]]:
        """Make contacts; the outcome of each, at most 50 in one call.

        Raises XeroOutcomeUnknown when they may have been made.
        """
        tree = self._write(
            "PUT",
            "/Contacts",
            write_json({"Contacts": contacts}),
            key,
            query={"summarizeErrors": "false"},
        )
        return read_written(tree, Contact, "Contacts", "ContactID")
