"""Files attached to documents, by the id of the document."""

from dataclasses import dataclass

from local.xero.books.errors import NotFound, Refused
from local.xero.books.records import new_id

MOST = 10
LARGEST = 10 * 1024 * 1024
_NOT_IN_NAMES = frozenset('<>:"/\\|?*+\0')


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file, as it was sent."""

    attachment_id: str
    name: str
    mime_type: str
    content: bytes
    include_online: bool


class Attachments:
    """At most ten files of 10 MB to a document; a name stands once."""

    def __init__(self) -> None:
        self._of: dict[str, list[Attachment]] = {}

    def of(self, document_id: str) -> list[Attachment]:
        return list(self._of.get(document_id, []))

    def get(self, document_id: str, key: str) -> Attachment:
        """By its id or its name; raises NotFound."""
        folded = key.casefold()
        for one in self.of(document_id):
            if folded in {one.attachment_id, one.name.casefold()}:
                return one
        raise NotFound([f"Attachment {key} was not found."])

    def put(
        self,
        document_id: str,
        name: str,
        mime_type: str,
        content: bytes,
        *,
        include_online: bool = False,
    ) -> Attachment:
        """Attaches a file in place of one of the same name; raises Refused."""
        if not name or _NOT_IN_NAMES & set(name):
            raise Refused(["The attachment's file name is not valid."])
        if not content:
            raise Refused(["The attachment has no content."])
        if len(content) > LARGEST:
            raise Refused(["The attachment is larger than 10 MB."])
        kept = [one for one in self.of(document_id) if one.name.casefold() != name.casefold()]
        if len(kept) >= MOST:
            raise Refused(["A document can have at most 10 attachments."])
        made = Attachment(new_id(), name, mime_type, content, include_online)
        self._of[document_id] = [*kept, made]
        return made
