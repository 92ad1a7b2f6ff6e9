"""Signing in with e-mail and password, and choosing a first password by a one-time link."""

from dataclasses import replace

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import InvalidInput, NotFound, NotSignedIn
from chalicelib.people import links, passwords, session_list, store, throttle
from chalicelib.people.caller import Caller
from chalicelib.people.hashes import one_way
from chalicelib.people.model import User, normal_email, proper_name
from chalicelib.people.store import UserRow

WRONG = "E-mail or password is not right."


def check_password(email: str, password: str, source: str) -> User:
    """The user whom these belong to.

    Raises NotSignedIn with the same words, after the same work, for an address that nobody has
    and for a wrong password; TooManyRequests when either is tried too often.
    """
    try:
        address = normal_email(email)
    except InvalidInput:
        address = email.strip().lower()[:320]
    throttle.count(throttle.PASSWORD_OF_ACCOUNT, address)
    throttle.count(throttle.PASSWORD_FROM_SOURCE, source)
    user = store.user_by_email(address)
    known = passwords.matches(password, user.password_hash if user else "")
    if not known or user is None or not user.active:
        _record_refusal(user, source)
        raise NotSignedIn(WRONG)
    throttle.forget(throttle.PASSWORD_OF_ACCOUNT, address)
    throttle.give_back(throttle.PASSWORD_FROM_SOURCE, source)
    if passwords.is_outdated(user.password_hash):
        store.change(
            user,
            UserRow.password_hash.set(passwords.make_hash(password)),
            only_if=UserRow.password_hash == user.password_hash,
        )
    return user


def _record_refusal(user: User | None, source: str) -> None:
    """Note it in the tenant's trail, or in one of the source where there is no such user."""
    if user is None:
        caller = Caller(f"nobody#{source}", "user:unknown", "Somebody", frozenset(), source)
    else:
        caller = user.caller(source)
    # A trail whose end is remembered is written sooner, which would tell addresses apart.
    wiring.current().trail_ends.pop(caller.tenant_id, None)
    trail.record(caller, "sign-in", caller.actor, "refused")


def invited(token: str) -> User:
    """Whom a one-time link is for; raises NotFound when it cannot be used any more."""
    link = links.look(token)
    user = store.user(link.tenant_id, link.user_id)
    if not user.active:
        raise NotFound(links.GONE)
    return user


def accept(token: str, name: str, password: str, source: str) -> User:
    """Set name and password by a one-time link, which is then used up.

    Sessions of before end. Raises InvalidInput, leaving the link unused, or NotFound.
    """
    user = invited(token)
    name = proper_name(name, label="Your name")
    passwords.check_strength(password, replace(user, name=name))
    hashed = passwords.make_hash(password)
    links.use(token)
    if not store.change(
        user,
        UserRow.name.set(name),
        UserRow.password_hash.set(hashed),
        UserRow.link_hash.remove(),
        UserRow.epoch.add(1),
        only_if=(UserRow.link_hash == one_way(token)) & UserRow.deactivated_at.does_not_exist(),
    ):
        raise NotFound(links.GONE)
    session_list.end_all(user)
    user = store.user(user.tenant_id, user.user_id)
    trail.record(user.caller(source), "password", f"user:{user.user_id}")
    return user
