"""Choosing another password, by who knows the present one."""

from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people import links, passwords, session_list, store, throttle
from chalicelib.people.caller import Caller
from chalicelib.people.model import User
from chalicelib.people.store import UserRow


def change_password(caller: Caller, user: User, present: str, new: str) -> User:
    """Change the user's password, which ends all sessions and voids an open password link.

    Answers with the user as stored. Raises InvalidInput naming ``present`` or ``password``,
    TooManyRequests when the present one is guessed at, or Conflict when another change won.
    """
    _must_match(user, present, caller.source)
    passwords.check_strength(new, user)
    if new == present:
        raise InvalidInput("This is the password of before.", field="password")
    if not store.change(
        user,
        UserRow.password_hash.set(passwords.make_hash(new)),
        UserRow.epoch.add(1),
        only_if=UserRow.password_hash == user.password_hash,
    ):
        raise Conflict("The password was changed meanwhile. Sign in again.")
    links.void(user)
    session_list.end_all(user)
    trail.record(caller, "password", f"user:{user.user_id}")
    return store.user(user.tenant_id, user.user_id)


def _must_match(user: User, present: str, source: str) -> None:
    """Counted as tries at sign-in are, so that a stolen session is no way round the delays."""
    throttle.count(throttle.PASSWORD_OF_ACCOUNT, user.email)
    throttle.count(throttle.PASSWORD_FROM_SOURCE, source)
    if not passwords.matches(present, user.password_hash):
        raise InvalidInput("This is not your present password.", field="present")
    throttle.forget(throttle.PASSWORD_OF_ACCOUNT, user.email)
    throttle.give_back(throttle.PASSWORD_FROM_SOURCE, source)
