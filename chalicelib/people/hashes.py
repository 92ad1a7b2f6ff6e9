"""One-way names for secrets: what is stored in place of a token or a key."""

import hashlib


def one_way(secret: str) -> str:
    """SHA-256 in hexadecimal; enough for secrets of 256 random bits, never for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()
