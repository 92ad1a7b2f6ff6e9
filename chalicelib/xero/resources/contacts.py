"""Contacts: read in pages, by their ids or by a search, made in batches, never changed."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.xero.caller import LARGEST_PAGE, Caller, Page
from chalicelib.xero.formats import write_json
from chalicelib.xero.wire.base import quoted, single
from chalicelib.xero.wire.contact import Contact, NewContact
from chalicelib.xero.written import Written, read_written

MOST_IDS = 40
"""What Xero advises for one address."""


class ContactCalls(Caller):
    """Calls about contacts.

    Lists leave out a contact that cannot be read, and name it, so that one of them does not
    keep back all others.
    """

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
        balances or of a contact's role, and a merge, are no change to ``modified_since``.
        """
        query = {"includeArchived": "true"} if include_archived else {}
        return self._page(
            Contact,
            "Contacts",
            query,
            page=page,
            page_size=page_size,
            modified_since=modified_since,
            lenient=True,
        )

    def contacts_by_ids(self, contact_ids: Sequence[str]) -> Page[Contact]:
        """Those of at most 40 contacts that there are, in full, archived ones too."""
        query = {"IDs": ",".join(contact_ids[:MOST_IDS]), "includeArchived": "true"}
        return self._page(
            Contact, "Contacts", query, page=1, page_size=LARGEST_PAGE, lenient=True
        )

    def contacts_searched(
        self, words: str, page: int = 1, *, page_size: int = LARGEST_PAGE
    ) -> Page[Contact]:
        """One page of the active contacts with these words in a name, number or e-mail address.

        By name; no words find all. Addresses, phones, persons and terms are left out, which makes
        the answer many times shorter.
        """
        query = {"summaryOnly": "true", "order": "Name"}
        if words:
            query["searchTerm"] = words
        return self._page(
            Contact, "Contacts", query, page=page, page_size=page_size, lenient=True
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
