"""How sessions are stored: each under its token's hash, and listed under its user."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.people.model import User
from chalicelib.storage.rows import Row


class SessionRow(Row):
    """A session; name, role and epoch are the user's as they were when it began."""

    table = "people"

    class Meta:
        pass

    csrf = UnicodeAttribute()
    tenant_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    name = UnicodeAttribute()
    role = UnicodeAttribute()
    epoch = NumberAttribute()
    state = UnicodeAttribute()
    began_at = UnicodeAttribute()
    seen_at = UnicodeAttribute()
    second_factor_at = UnicodeAttribute(null=True)
    source = UnicodeAttribute()
    browser = UnicodeAttribute()


class ListedRow(Row):
    """A session in the list of its user's sessions; the sort key is the token's hash."""

    table = "people"

    class Meta:
        pass


def session_row(id_hash: str) -> SessionRow:
    """The row of a session, by its key alone."""
    return SessionRow(session_key(id_hash), "session")


def listed_row(tenant_id: str, user_id: str, id_hash: str) -> ListedRow:
    """The session's place in its user's list."""
    return ListedRow(_list_key(tenant_id, user_id), id_hash)


def listed(user: User) -> list[str]:
    """The hashes of all sessions of a user, those that expired lately among them."""
    key = _list_key(user.tenant_id, user.user_id)
    return [row.sk for row in ListedRow.query(key, consistent_read=True)]


def session_key(id_hash: str) -> str:
    """The partition of a session."""
    return f"session#{id_hash}"


def _list_key(tenant_id: str, user_id: str) -> str:
    return f"{tenant_id}#sessions#{user_id}"
