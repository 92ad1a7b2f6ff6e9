"""A checkpoint: how many entries a trail has and how it ends, signed by a key of AWS KMS.

The private half of the key never leaves KMS, so nobody who holds an exported file, or even the
tables, can make another checkpoint; whoever keeps the public half can check one anywhere.
"""

import base64
import hashlib
from dataclasses import dataclass

from chalicelib import wiring
from chalicelib.audit.model import canonical
from chalicelib.clock import stamp

ALGORITHM = "ECDSA_SHA_256"
"""Over the curve P-256; the signature is DER (RFC 3279, section 2.2.3) in base64."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of the key; ``fingerprint`` is the SHA-256 of its DER form, in hex."""

    key_id: str
    pem: str
    fingerprint: str


def public_key() -> PublicKey:
    """The key that signs this deployment's checkpoints."""
    present = wiring.current()
    found = present.kms.get_public_key(KeyId=present.settings.audit_key_id)
    der = found["PublicKey"]
    text = base64.b64encode(der).decode()
    lines = [text[place : place + 64] for place in range(0, len(text), 64)]
    pem = "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])
    return PublicKey(found["KeyId"], pem, hashlib.sha256(der).hexdigest())


def line(tenant_id: str, count: int, last_hash: str) -> bytes:
    """The last line of an export: the checkpoint of a trail that ends here.

    What is signed is the checkpoint's canonical JSON without the signature.
    """
    present, key = wiring.current(), public_key()
    facts = {
        "tenant_id": tenant_id,
        "count": count,
        "last_hash": last_hash,
        "made_at": stamp(present.clock.now()),
        "algorithm": ALGORITHM,
        "key_id": key.key_id,
        "fingerprint": key.fingerprint,
        "public_key": key.pem,
    }
    signed = present.kms.sign(
        KeyId=present.settings.audit_key_id,
        Message=canonical(facts),
        MessageType="RAW",
        SigningAlgorithm=ALGORITHM,
    )
    signature = base64.b64encode(signed["Signature"]).decode()
    return canonical({"checkpoint": {**facts, "signature": signature}}) + b"\n"
