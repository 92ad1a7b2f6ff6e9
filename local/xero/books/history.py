"""History and notes of a document: appended to, never edited or deleted."""

from datetime import datetime

from local.xero.books.errors import Refused
from local.xero.books.records import Record

_LONGEST_NOTE = 2500  # the history and notes page; an older one says 250


class History:
    """Entries by the id of the document they are about, oldest first."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Record]] = {}

    def of(self, document_id: str) -> list[Record]:
        """Newest first, as Xero shows them."""
        return list(reversed(self._entries.get(document_id, [])))

    def add(self, document_id: str, changes: str, details: str, now: datetime) -> Record:
        entry = {
            "Changes": changes,
            "DateUTC": now,
            "User": "System Generated",
            "Details": details,
        }
        self._entries.setdefault(document_id, []).append(entry)
        return entry

    def note(self, document_id: str, details: str, now: datetime) -> Record:
        """A note of the API's user; refused when empty or too long."""
        if not details:
            raise Refused(["Details is required."])
        if len(details) > _LONGEST_NOTE:
            raise Refused([f"Details must not be more than {_LONGEST_NOTE} characters."])
        return self.add(document_id, "Note", details, now)
