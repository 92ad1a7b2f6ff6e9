"""What Xero tells of a file, or of an entry of history, that belongs to a document."""

from chalicelib.xero.wire.base import Wire


class Attachment(Wire, frozen=True):
    """A file that is attached to a document; ``content_length`` is in bytes."""

    attachment_id: str = ""
    file_name: str = ""
    content_length: int | None = None
    include_online: bool = False


class HistoryRecord(Wire, frozen=True):
    """An entry of a document's history; of a note, ``details`` is what it says."""

    changes: str = ""
    details: str = ""
    user: str = ""
