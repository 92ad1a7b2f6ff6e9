"""Where users are kept: the table of people."""

import contextlib
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import NotFound
from chalicelib.people.model import Role, User
from chalicelib.storage.rows import Row

USER = "user#"
NOBODY = ("nobody", "nobody")


class UserRow(Row):
    """A user, under its tenant."""

    table = "people"

    class Meta:
        pass

    email = UnicodeAttribute()
    name = UnicodeAttribute(default="")
    role = UnicodeAttribute()
    created_at = UnicodeAttribute()
    password_hash = UnicodeAttribute(null=True)
    totp_seed = UnicodeAttribute(null=True)
    totp_confirmed_at = UnicodeAttribute(null=True)
    totp_last_step = NumberAttribute(null=True)
    deactivated_at = UnicodeAttribute(null=True)
    signed_in_at = UnicodeAttribute(null=True)
    epoch = NumberAttribute(null=True)
    link_hash = UnicodeAttribute(null=True)
    recovery_codes = UnicodeSetAttribute(null=True)


class EmailRow(Row):
    """Who an e-mail address belongs to; one row for each, across all tenants."""

    table = "people"

    class Meta:
        pass

    tenant_id = UnicodeAttribute()
    user_id = UnicodeAttribute()


def user(tenant_id: str, user_id: str) -> User:
    """The user as last stored; raises NotFound."""
    try:
        return _user(UserRow.get(tenant_id, USER + user_id, consistent_read=True))
    except DoesNotExist:
        raise NotFound("There is no such user.") from None


def user_by_email(email: str) -> User | None:
    """The user with this normalised address, whichever tenant it is of.

    It reads as much for an address that nobody has, so that time does not tell them apart.
    """
    place = NOBODY
    with contextlib.suppress(DoesNotExist):
        row = EmailRow.get(email_key(email), "email", consistent_read=True)
        place = (row.tenant_id, row.user_id)
    try:
        return user(*place)
    except NotFound:
        return None


def users(tenant_id: str) -> list[User]:
    """All users of a tenant as last stored, oldest first."""
    rows = UserRow.query(tenant_id, UserRow.sk.startswith(USER), consistent_read=True)
    return [_user(row) for row in rows]


def change(user: User, *actions: Action, only_if: Condition | None = None) -> bool:
    """Change attributes of a user; False when the condition does not hold (any more)."""
    row = UserRow(user.tenant_id, USER + user.user_id)
    exists = UserRow.pk.exists()
    try:
        row.update(
            actions=list(actions),
            condition=exists if only_if is None else exists & only_if,
        )
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def of_epoch(user: User) -> Condition:
    """The condition that the user has lost nothing since it was read."""
    known = UserRow.epoch == user.epoch
    return known if user.epoch else UserRow.epoch.does_not_exist()


def rows_of(user: User) -> tuple[UserRow, EmailRow]:
    """The two rows that make a new user; they are stored in one transaction."""
    row = UserRow(user.tenant_id, USER + user.user_id)
    row.email = user.email
    row.name = user.name
    row.role = user.role.value
    row.created_at = stamp(user.created_at)
    email = EmailRow(email_key(user.email), "email")
    email.tenant_id = user.tenant_id
    email.user_id = user.user_id
    return row, email


def email_key(email: str) -> str:
    """The partition of an e-mail address."""
    return f"email#{email}"


def _user(row: UserRow) -> User:
    return User(
        user_id=row.sk.removeprefix(USER),
        tenant_id=row.pk,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        created_at=parse_stamp(row.created_at),
        password_hash=row.password_hash or "",
        totp_seed=row.totp_seed or "",
        totp_confirmed_at=_moment(row.totp_confirmed_at),
        totp_last_step=int(row.totp_last_step or 0),
        deactivated_at=_moment(row.deactivated_at),
        signed_in_at=_moment(row.signed_in_at),
        epoch=int(row.epoch or 0),
        link_hash=row.link_hash or "",
        recovery_codes_left=len(row.recovery_codes or ()),
    )


def _moment(text: str | None) -> datetime | None:
    return parse_stamp(text) if text else None
