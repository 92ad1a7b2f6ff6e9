"""The secrets that deliveries are signed with: shown once, kept sealed, each for one endpoint."""

import secrets as random
from base64 import b64decode, b64encode
from datetime import datetime, timedelta

from chalicelib import wiring
from chalicelib.clock import stamp
from chalicelib.events import sign
from chalicelib.events.model import Endpoint

BOTH_VALID = timedelta(hours=24)
"""After a rotation, so that a receiver can change over without losing a delivery."""

FOR_EVER = ""


def new() -> str:
    """A secret that nobody had before."""
    return sign.secret_of(random.token_bytes(sign.SECRET_BYTES))


def seal(plain: str, tenant_id: str, endpoint_id: str) -> str:
    """The ciphertext to store; it opens for this endpoint only."""
    present = wiring.current()
    answer = present.kms.encrypt(
        KeyId=present.settings.token_key_id,
        Plaintext=plain.encode(),
        EncryptionContext=_context(tenant_id, endpoint_id),
    )
    return b64encode(answer["CiphertextBlob"]).decode()


def valid(endpoint: Endpoint, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first, in clear; to be neither stored nor logged."""
    present = wiring.current()
    return [
        present.kms.decrypt(
            KeyId=present.settings.token_key_id,
            CiphertextBlob=b64decode(sealed),
            EncryptionContext=_context(endpoint.tenant_id, endpoint.endpoint_id),
        )["Plaintext"].decode()
        for sealed, until in endpoint.secrets
        if until == FOR_EVER or stamp(now) < until
    ]


def rotated(endpoint: Endpoint, plain: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """The endpoint's secrets with a new one first; only the one before it goes on for a while."""
    sealed = seal(plain, endpoint.tenant_id, endpoint.endpoint_id)
    former = tuple((one, stamp(now + BOTH_VALID)) for one, _ in endpoint.secrets[:1])
    return ((sealed, FOR_EVER), *former)


def _context(tenant_id: str, endpoint_id: str) -> dict[str, str]:
    return {"tenant_id": tenant_id, "endpoint_id": endpoint_id, "purpose": "webhook"}
