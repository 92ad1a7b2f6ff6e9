"""Passwords: what is good enough, and Argon2id hashes of them."""

import re
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.errors import InvalidInput
from chalicelib.people.model import User

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
LONGEST = 256
JUDGED = 72
"""Characters that are judged: as many as zxcvbn takes, whose work grows with them."""

STRONG = 3
"""Of zxcvbn's 0 to 4: safely unguessable, more than 10 billion guesses."""

EASY = "A few words that do not belong together are good."

NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$Jp454Q8PgP/j+WW5ye33aQ"
    "$3RG0vLZL9L8tpo6KKoTClZFv/jd7pXrPbM6J/JfpMqg"
)
"""The hash of a random password that nobody kept: what an unknown address is checked against,
so that its refusal takes as long as any other."""


def check_strength(password: str, user: User) -> None:
    """Raise InvalidInput when a password is too short, too long, or easily guessed.

    There are no rules of composition: what counts is how many guesses it takes, by somebody who
    knows the person's name and address.
    """
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # it ships no types

    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(
            f"The password needs {SHORTEST} to {LONGEST} characters.", field="password"
        )
    known = ["workbill", user.email, *re.split(r"\W+", f"{user.email} {user.name}")]
    judged = zxcvbn(password[:JUDGED], user_inputs=known)
    if judged["score"] < STRONG:
        why = judged["feedback"]["warning"].replace("This is", "It is") or EASY
        raise InvalidInput(f"This password is too easy to guess. {why}", field="password")


def make_hash(password: str) -> str:
    """The Argon2id hash to store, with its salt and costs in it (RFC 9106, second choice)."""
    return _hasher().hash(password)


def matches(password: str, stored: str) -> bool:
    """Whether it is the password; takes as long for an empty ``stored`` as for a wrong one."""
    from argon2.exceptions import VerificationError

    if len(password) > LONGEST:
        password = ""
    try:
        return _hasher().verify(stored or NOBODYS_HASH, password) and bool(stored)
    except VerificationError:
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other costs than today's and should be made anew."""
    return _hasher().check_needs_rehash(stored)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()
