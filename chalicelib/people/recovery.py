"""Recovery codes: ten that each stand in, once, for a phone that is lost."""

import secrets

from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people import store, throttle
from chalicelib.people.caller import Caller
from chalicelib.people.hashes import one_way
from chalicelib.people.model import User
from chalicelib.people.store import UserRow

COUNT = 10
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, without the letters that read like digits."""

LENGTH = 16
"""Letters of a code, 80 random bits: a plain hash of it cannot be searched."""

LOOKALIKES = str.maketrans("oil", "011")
WRONG = "This is none of your recovery codes, or it was used before."


def renew(caller: Caller, user: User) -> list[str]:
    """Ten new codes, instead of any that are left; they are never to be had again.

    Raises Conflict for a user without two-factor.
    """
    codes = [_new_code() for _ in range(COUNT)]
    hashes = {_hash(user, code) for code in codes}
    if not store.change(
        user,
        UserRow.recovery_codes.set(hashes),
        only_if=UserRow.totp_confirmed_at.exists(),
    ):
        raise Conflict("Set up two-factor first.")
    trail.record(caller, "recovery codes made", f"user:{user.user_id}")
    return codes


def use(user: User, code: str, source: str) -> int:
    """Use a code up, and answer with how many are left.

    Of several uses of one code at once only one succeeds. Raises InvalidInput, or
    TooManyRequests: tries count together with those at codes of the phone.
    """
    with throttle.code_tried(user.user_id, source):
        code_hash = _hash(user, code)
        if not store.change(
            user,
            UserRow.recovery_codes.delete({code_hash}),
            only_if=UserRow.recovery_codes.contains(code_hash),
        ):
            raise InvalidInput(WRONG, field="code")
    return store.user(user.tenant_id, user.user_id).recovery_codes_left


def _new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[place : place + 4] for place in range(0, LENGTH, 4))


def _hash(user: User, code: str) -> str:
    """The same for a code however it was typed: capitals, blanks, an o for a 0."""
    letters = "".join(filter(str.isalnum, code.lower())).translate(LOOKALIKES)
    return one_way(f"{user.tenant_id}/{user.user_id}/{letters}")
