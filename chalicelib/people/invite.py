"""Inviting people to a tenant, and the links by which they choose a password."""

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite
from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people import links, store
from chalicelib.people.caller import Caller
from chalicelib.people.model import Role, User, normal_email, role_of
from chalicelib.people.store import EmailRow
from chalicelib.storage.rows import transaction_connection

MOST = 500


def invite(caller: Caller, email: str, role: str) -> tuple[User, str]:
    """A new user, and the one-time link to hand to that person; it is kept nowhere.

    Raises InvalidInput, NotAllowed for a role that may do more than the caller, or Conflict.
    """
    wanted, address = role_of(role), normal_email(email)
    may_give(caller, wanted)
    everybody = store.users(caller.tenant_id)
    if any(user.email == address for user in everybody):
        raise InvalidInput(f"{address} is a user already.", field="email")
    if len(everybody) >= MOST:
        raise Conflict(f"There are {MOST} users already.")
    now = wiring.current().clock.now()
    user = User(
        user_id=str(ULID.from_datetime(now)).lower(),
        tenant_id=caller.tenant_id,
        email=address,
        name="",
        role=wanted,
        created_at=now,
    )
    link = _store(user)
    trail.record(caller, "user invited", f"user:{user.user_id}", role=wanted.value)
    return user, link


def invite_again(caller: Caller, user_id: str) -> str:
    """A new link for somebody who has not used the one before, which is void from now on.

    Raises NotFound, or Conflict for who has a password already or was deactivated.
    """
    user = store.user(caller.tenant_id, user_id)
    if user.password_hash:
        raise Conflict("This user has accepted the invitation already.")
    link = links.issue(user)
    trail.record(caller, "user invited", f"user:{user_id}", role=user.role.value)
    return link


def reset_password(caller: Caller, user_id: str) -> str:
    """A link to choose a new password by; the old one works until the link is used.

    Raises NotFound, or Conflict for who has no password yet or was deactivated.
    """
    user = store.user(caller.tenant_id, user_id)
    if not user.password_hash:
        raise Conflict("This user has no password yet. Invite again instead.")
    link = links.issue(user)
    trail.record(caller, "password reset", f"user:{user_id}")
    return link


def may_give(caller: Caller, role: Role) -> None:
    """Raise NotAllowed for a role that may do what the caller may not."""
    for scope in sorted(role.scopes):
        caller.must_have(scope)


def _store(user: User) -> str:
    """All rows or none; answers with the link."""
    address, link_row, link_hash = links.new_link(user)
    user_row, email_row = store.rows_of(user)
    user_row.link_hash = link_hash
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.save(email_row, condition=EmailRow.pk.does_not_exist())
            transaction.save(user_row)
            transaction.save(link_row)
    except TransactWriteError as error:
        if any(r and r.code == "ConditionalCheckFailed" for r in error.cancellation_reasons):
            raise InvalidInput(
                "This e-mail address cannot be used here. Use another one.", field="email"
            ) from None
        raise
    return address
