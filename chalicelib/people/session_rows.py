"""How sessions are stored: each under its token's hash, and listed under its user."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.people import store
from chalicelib.people.model import User
from chalicelib.people.store import USER, UserRow
from chalicelib.storage.rows import Row, transaction_connection


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


def put(row: SessionRow, user: User, replaced: ListedRow | None, *, until: datetime) -> None:
    """Store a session and end the one that it replaces.

    It is one transaction with the user's own row, so that whoever takes something from the user
    either sees the session or keeps it from beginning. It raises TransactWriteError when the user
    is of another epoch, and for a full session of a user without a second factor: nothing else
    can be done without one.
    """
    may_begin: Condition = UserRow.pk.exists() & store.of_epoch(user)
    if row.second_factor_at:
        may_begin &= UserRow.totp_confirmed_at.exists()
    place = listed_row(user.tenant_id, user.user_id, row.pk.removeprefix("session#"))
    place.expires_at = until
    with TransactWrite(connection=transaction_connection()) as transaction:
        transaction.update(
            UserRow(user.tenant_id, USER + user.user_id),
            actions=[UserRow.signed_in_at.set(row.began_at)],
            condition=may_begin,
        )
        transaction.save(row, condition=SessionRow.pk.does_not_exist())
        transaction.save(place)
        if replaced is not None:
            transaction.delete(session_row(replaced.sk))
            transaction.delete(replaced)


def session_key(id_hash: str) -> str:
    """The partition of a session."""
    return f"session#{id_hash}"


def _list_key(tenant_id: str, user_id: str) -> str:
    return f"{tenant_id}#sessions#{user_id}"
