"""One-time links: whoever opens one may choose a password, once, for 72 hours.

A user has at most one link that works: a new one voids the one before.
"""

from dataclasses import dataclass
from datetime import timedelta

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DeleteError, DoesNotExist

from chalicelib import wiring
from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import Conflict, NotFound
from chalicelib.people import store
from chalicelib.people.hashes import one_way
from chalicelib.people.model import User
from chalicelib.people.store import UserRow
from chalicelib.storage.rows import Row

LASTS = timedelta(hours=72)
GONE = "This link was used already or is older than 72 hours. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a link is for."""

    tenant_id: str
    user_id: str


class LinkRow(Row):
    """A link, under the hash of its token."""

    table = "people"

    class Meta:
        pass

    tenant_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    ends_at = UnicodeAttribute()


def new_link(user: User) -> tuple[str, LinkRow, str]:
    """The address to hand over, which is kept nowhere, the row to store, and its hash."""
    present = wiring.current()
    token = present.token()
    ends = present.clock.now() + LASTS
    row = LinkRow(_key(one_way(token)), "link")
    row.tenant_id = user.tenant_id
    row.user_id = user.user_id
    row.ends_at = stamp(ends)
    row.expires_at = ends
    return f"{present.settings.public_base_url}/welcome/{token}", row, one_way(token)


def issue(user: User) -> str:
    """A new link for a user, instead of the one before; answers with its address.

    Raises Conflict when the user was deactivated or got another link at this very moment.
    """
    address, row, link_hash = new_link(user)
    same = (
        UserRow.link_hash == user.link_hash
        if user.link_hash
        else UserRow.link_hash.does_not_exist()
    )
    if not user.active or not store.change(
        user,
        UserRow.link_hash.set(link_hash),
        only_if=same & UserRow.deactivated_at.does_not_exist(),
    ):
        raise Conflict("This user cannot have a link now. Look again, then decide.")
    _forget(user)
    row.save()
    return address


def void(user: User) -> None:
    """Make the user's link worthless, where there is one."""
    store.change(user, UserRow.link_hash.remove())
    _forget(user)


def look(token: str) -> Link:
    """Whom the link is for, leaving it unused; raises NotFound."""
    try:
        row = LinkRow.get(_key(one_way(token)), "link", consistent_read=True)
    except DoesNotExist:
        raise NotFound(GONE) from None
    if parse_stamp(row.ends_at) <= wiring.current().clock.now():
        raise NotFound(GONE)
    return Link(row.tenant_id, row.user_id)


def use(token: str) -> Link:
    """Use the link up; of several at once only one succeeds, the others raise NotFound."""
    link = look(token)
    try:
        LinkRow(_key(one_way(token)), "link").delete(condition=LinkRow.pk.exists())
    except DeleteError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            raise NotFound(GONE) from None
        raise
    return link


def _forget(user: User) -> None:
    if user.link_hash:
        LinkRow(_key(user.link_hash), "link").delete()


def _key(link_hash: str) -> str:
    return f"link#{link_hash}"
