"""A record is a dict under Xero's own field names holding Python values.

Money is Decimal, a day is `date`, a moment is an aware `datetime` in UTC. A nested
record (an invoice's Contact, a payment's Invoice) is the live record itself, not a
copy. Names in lower case are the books' own notes and never leave them.
"""

import uuid
from collections.abc import Iterable
from typing import Any

Record = dict[str, Any]

ZERO_ID = "00000000-0000-0000-0000-000000000000"
_NAMESPACE = uuid.UUID("6f5b7a52-3c1d-4d7e-9a7f-0d5f1c2b8e10")


def seeded_id(organisation: str, kind: str, key: str) -> str:
    """The same id every time for the same seed of the same organisation."""
    return str(uuid.uuid5(_NAMESPACE, f"{organisation}/{kind}/{key}"))


def new_id() -> str:
    return str(uuid.uuid4())


def in_default_order(records: Iterable[Record], id_field: str) -> list[Record]:
    """Oldest change first, ties by id: stable across pages, as Xero promises."""
    return sorted(records, key=lambda record: (record["UpdatedDateUTC"], record[id_field]))


def replace(record: Record, candidate: Record) -> None:
    """Makes the live record equal to a checked candidate, keeping its identity."""
    record.clear()
    record.update(candidate)
