"""Inviting people to a tenant, and the links by which they choose a password.

A link goes to the person's own address where e-mail is set up, and is handed to whoever asked
for it in any case.
"""

from dataclasses import dataclass

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite
from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.mail import letters
from chalicelib.mail.send import Delivery, send
from chalicelib.people import links, store, throttle
from chalicelib.people.caller import Caller
from chalicelib.people.model import Role, User, normal_email, role_of
from chalicelib.people.store import EmailRow
from chalicelib.storage.refused import CONDITION_FAILED, refused
from chalicelib.storage.rows import transaction_connection

MOST = 500


@dataclass(frozen=True, slots=True)
class HandOver:
    """A one-time link for a user, kept nowhere, and what became of the e-mail with it."""

    user: User
    link: str
    mail: Delivery


def invite(caller: Caller, email: str, role: str) -> HandOver:
    """A new user with the one-time link for that person.

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
    return HandOver(user, link, mail_invitation(caller, user, link))


def invite_again(caller: Caller, user_id: str) -> HandOver:
    """A new link for somebody who has not used the one before, which is void from now on.

    Raises NotFound, Conflict for who has a password already or was deactivated, or
    TooManyRequests.
    """
    user = store.user(caller.tenant_id, user_id)
    if user.password_hash:
        raise Conflict("This user has accepted the invitation already.")
    throttle.count(throttle.LINK_OF_ACCOUNT, user.email)
    link = links.issue(user)
    trail.record(caller, "user invited", f"user:{user_id}", role=user.role.value)
    return HandOver(user, link, mail_invitation(caller, user, link))


def reset_password(caller: Caller, user_id: str) -> HandOver:
    """A link to choose a new password by; the old one works until the link is used.

    Raises NotFound, Conflict for who has no password yet or was deactivated, or
    TooManyRequests.
    """
    user = store.user(caller.tenant_id, user_id)
    if not user.password_hash:
        raise Conflict("This user has no password yet. Invite again instead.")
    throttle.count(throttle.LINK_OF_ACCOUNT, user.email)
    link = links.issue(user)
    trail.record(caller, "password reset", f"user:{user_id}")
    mail = send(caller, user, lambda name: letters.password_link(name, link))
    return HandOver(user, link, mail)


def mail_invitation(caller: Caller, user: User, link: str) -> Delivery:
    """E-mail somebody the link of an invitation, where e-mail is set up."""
    return send(caller, user, lambda name: letters.invitation(name, user.role, link))


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
        if refused(error, CONDITION_FAILED):
            raise InvalidInput(
                "This e-mail address cannot be used here. Use another one.", field="email"
            ) from None
        raise
    return address
