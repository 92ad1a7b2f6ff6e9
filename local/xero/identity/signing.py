"""Access and id tokens: RS256, of the size that Xero's have."""

import json
import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

ALGORITHM = "RS256"
LENGTH = 3_000


class SigningKey:
    """One RSA key, kept as PEM so that it outlives a restart."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.key_id = secrets.token_hex(16).upper()

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, _loaded(self.pem), ALGORITHM, headers={"kid": self.key_id})

    def claims(self, token: str) -> dict[str, Any]:
        """The claims of a token signed here, whatever its age; raises ``jwt.PyJWTError``.

        Age is judged by the world's clock, not by the machine's.
        """
        return dict(_checked(self.pem, token))

    def jwks(self) -> dict[str, Any]:
        """The public half as a JSON Web Key Set."""
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_loaded(self.pem).public_key()))
        return {"keys": [{**key, "use": "sig", "kid": self.key_id, "alg": ALGORITHM}]}


@lru_cache(maxsize=8)
def _loaded(pem: bytes) -> rsa.RSAPrivateKey:
    """The key itself; reading it takes longer than a whole call, so it is kept."""
    key = load_pem_private_key(pem, None)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - made by SigningKey
    return key


@lru_cache(maxsize=64)
def _checked(pem: bytes, token: str) -> dict[str, Any]:
    """What a token claims; one that is good stays so, and each call brings it anew."""
    return jwt.decode(
        token,
        _loaded(pem).public_key(),
        [ALGORITHM],
        options={
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
            "verify_aud": False,
            "require": ["jti", "client_id"],
        },
    )


def padded(key: SigningKey, claims: dict[str, Any]) -> str:
    """The token, filled with an opaque claim to about three kilobytes.

    Xero's access tokens are long enough to overflow a cookie or a small column, and a
    short stand-in would hide that.
    """
    missing = LENGTH - len(key.sign(claims))
    if missing > 0:
        claims = {**claims, "xero_context": secrets.token_urlsafe(missing)[: missing * 3 // 4]}
    return key.sign(claims)


def seconds(moment: datetime) -> int:
    """A moment as JWT writes it."""
    return int(moment.timestamp())
