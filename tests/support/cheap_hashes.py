"""Passwords hashed at hardly any cost, in the tests of everything else.

A hash of ours takes a quarter of a second of a processor, on purpose, and every test that signs
somebody in would make some. What is told to the two functions that hash and compare stays the
same; what the product's own costs are is judged by tests that ask for ``product_costs``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from chalicelib.people import passwords

PRODUCTS = {"_hasher": passwords._hasher, "NOBODYS_HASH": passwords.NOBODYS_HASH}


@contextmanager
def cheap_hashes() -> Iterator[None]:
    """The least costs that Argon2id takes, until the end; also for who is unknown."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: hasher)
        patch.setattr(passwords, "NOBODYS_HASH", hasher.hash("nobody's"))
        yield


@contextmanager
def product_costs() -> Iterator[None]:
    """What everybody has outside of tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name, own in PRODUCTS.items():
            patch.setattr(passwords, name, own)
        yield
