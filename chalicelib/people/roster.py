"""Roles, deactivation, and the rule that a tenant always keeps an administrator.

The rule concerns all users of a tenant together, so each change is judged on all of them and
written only if nobody else changed any meanwhile: of two administrators who demote each other
at once, one is told to look again.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.clock import stamp
from chalicelib.errors import Conflict, NotFound
from chalicelib.people import links, session_list, store
from chalicelib.people.caller import Caller
from chalicelib.people.invite import may_give
from chalicelib.people.model import User, role_of
from chalicelib.people.store import USER, UserRow
from chalicelib.storage.refused import CONDITION_FAILED, CONFLICT, refused
from chalicelib.storage.rows import Row, transaction_connection

TRIES = 5
LAST = "This is the last active administrator. Make somebody else an administrator first."


class RosterRow(Row):
    """Counts the changes of a tenant's roster; whoever writes one names the count it read."""

    table = "people"

    class Meta:
        pass

    version = NumberAttribute()


def change_role(caller: Caller, user_id: str, role: str) -> User:
    """Give a user a role, which ends that user's sessions.

    Raises InvalidInput, NotFound, NotAllowed for a role that may do more than the caller, or
    Conflict for the last active administrator.
    """
    wanted = role_of(role)
    may_give(caller, wanted)
    user = _change(caller.tenant_id, user_id, lambda user: replace(user, role=wanted))
    trail.record(caller, "role changed", f"user:{user_id}", role=wanted.value)
    return user


def deactivate(caller: Caller, user_id: str) -> User:
    """Shut a user out: sessions end, a one-time link is void, the password opens nothing.

    Raises NotFound, or Conflict for the last active administrator.
    """
    now = wiring.current().clock.now()

    def shut(user: User) -> User:
        return user if not user.active else replace(user, deactivated_at=now)

    user = _change(caller.tenant_id, user_id, shut)
    links.void(user)
    trail.record(caller, "user deactivated", f"user:{user_id}")
    return user


def reactivate(caller: Caller, user_id: str) -> User:
    """Let a user in again, with the password and second factor of before; raises NotFound."""
    user = _change(caller.tenant_id, user_id, lambda user: replace(user, deactivated_at=None))
    trail.record(caller, "user reactivated", f"user:{user_id}")
    return user


def _change(tenant_id: str, user_id: str, new: Callable[[User], User]) -> User:
    """Judge and write a change; sessions end even when a change before this one died half-way."""
    for _ in range(TRIES):
        version = _version(tenant_id)
        everybody = store.users(tenant_id)
        before = next((user for user in everybody if user.user_id == user_id), None)
        if before is None:
            raise NotFound("There is no such user.")
        after = new(before)
        if before.administers and not after.administers and _alone(before, everybody):
            raise Conflict(LAST)
        if after == before or _write(after, version):
            session_list.end_all(after)
            return store.user(tenant_id, user_id)
    raise Conflict("Somebody else is changing users at this moment. Look again, then decide.")


def _alone(user: User, everybody: list[User]) -> bool:
    return not any(other.administers for other in everybody if other.user_id != user.user_id)


def _version(tenant_id: str) -> int:
    try:
        return int(RosterRow.get(tenant_id, "roster", consistent_read=True).version)
    except DoesNotExist:
        return 0


def _write(user: User, version: int) -> bool:
    """Store role and standing; False when the roster is not the one that was judged."""
    roster = RosterRow(user.tenant_id, "roster")
    roster.version = version + 1
    known: Any = RosterRow.version == version if version else RosterRow.pk.does_not_exist()
    standing = (
        UserRow.deactivated_at.set(stamp(user.deactivated_at))
        if user.deactivated_at
        else UserRow.deactivated_at.remove()
    )
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.update(
                UserRow(user.tenant_id, USER + user.user_id),
                actions=[UserRow.role.set(user.role.value), standing, UserRow.epoch.add(1)],
                condition=UserRow.pk.exists(),
            )
            transaction.save(roster, condition=known)
    except TransactWriteError as error:
        if refused(error, CONDITION_FAILED, CONFLICT):
            return False
        raise
    return True
