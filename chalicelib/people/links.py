"""One-time links: whoever opens one may choose a password, once, for 72 hours."""

from dataclasses import dataclass
from datetime import timedelta

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DeleteError, DoesNotExist

from chalicelib import wiring
from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import NotFound
from chalicelib.people.hashes import one_way
from chalicelib.people.model import User
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


def new_link(user: User) -> tuple[str, LinkRow]:
    """The address to hand over, which is kept nowhere, and the row to store."""
    present = wiring.current()
    token = present.token()
    ends = present.clock.now() + LASTS
    row = LinkRow(_key(token), "link")
    row.tenant_id = user.tenant_id
    row.user_id = user.user_id
    row.ends_at = stamp(ends)
    row.expires_at = ends
    return f"{present.settings.public_base_url}/welcome/{token}", row


def look(token: str) -> Link:
    """Whom the link is for, leaving it unused; raises NotFound."""
    try:
        row = LinkRow.get(_key(token), "link", consistent_read=True)
    except DoesNotExist:
        raise NotFound(GONE) from None
    if parse_stamp(row.ends_at) <= wiring.current().clock.now():
        raise NotFound(GONE)
    return Link(row.tenant_id, row.user_id)


def use(token: str) -> Link:
    """Use the link up; of several at once only one succeeds, the others raise NotFound."""
    link = look(token)
    try:
        LinkRow(_key(token), "link").delete(condition=LinkRow.pk.exists())
    except DeleteError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            raise NotFound(GONE) from None
        raise
    return link


def _key(token: str) -> str:
    return f"link#{one_way(token)}"
