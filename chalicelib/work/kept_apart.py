"""What a client has in one organisation's books, kept apart from what it has in others'.

The id of a contact, an account and a tax rate mean something in one organisation only. A
client's row holds those of the organisation under which it was last changed; those of earlier
ones wait beside them and count again when the tenant connects to theirs. So a change of
organisation writes nothing.
"""

from collections.abc import Iterable
from typing import Any, Protocol

OURS = ("contact_id", "standing", "tax_type", "account_code")
"""The attributes of a client that belong to an organisation."""


class Bound(Protocol):
    """A row of a client; ``books`` is the organisation that its own ``OURS`` belong to.

    ``elsewhere`` has those of other organisations by their ids, what is None left out. Either
    may be None.
    """

    books: Any
    elsewhere: Any


class Present:
    """The organisation that counts now: the tenant's present one, else its last.

    Looked up at most once, and only when a row says that it has something in some organisation.
    """

    def __init__(self, tenant_id: str, organisation_id: str | None = None) -> None:
        self._tenant_id = tenant_id
        self._organisation_id = organisation_id

    @property
    def organisation_id(self) -> str:
        """Its id, empty when the tenant was never connected."""
        if self._organisation_id is None:
            from chalicelib.connection import store as connections

            self._organisation_id = connections.get(self._tenant_id).organisation_id
        return self._organisation_id


def in_present(row: Bound, present: Present) -> dict[str, Any]:
    """What the client has in the organisation that counts; None for what it has not."""
    if row.books is None or row.books == present.organisation_id:
        return {name: getattr(row, name) for name in OURS}
    kept = (row.elsewhere or {}).get(present.organisation_id, {})
    return {name: kept.get(name) for name in OURS}


def keep_apart(row: Bound, before: Bound | None, present: Present) -> None:
    """Mark a row's own as the present organisation's, with what ``before`` had elsewhere."""
    elsewhere = dict(before.elsewhere or {}) if before else {}
    if before and before.books:
        elsewhere[before.books] = _given((name, getattr(before, name)) for name in OURS)
    has_own = any(getattr(row, name) is not None for name in OURS)
    if has_own or elsewhere:
        elsewhere.pop(present.organisation_id, None)
        row.books = present.organisation_id or None
    row.elsewhere = {where: kept for where, kept in elsewhere.items() if kept} or None


def _given(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in values if value is not None}
