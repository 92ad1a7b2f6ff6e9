"""Tokens under the key service, each bound to its user and kind.

The encryption context is checked at decryption, so a ciphertext moved to another record, or
from refresh to access, is refused.
"""

from chalicelib import wiring
from chalicelib.errors import WorkbillError

LARGEST = 4096
"""Bytes that KMS encrypts at once; checked here, because not every key service refuses more."""


class TokenTooLong(WorkbillError):
    """A token is longer than the key service can encrypt at once."""

    code = "token_too_long"


def seal(plaintext: str, identity: str, kind: str) -> bytes:
    """The ciphertext of a token; raises TokenTooLong over 4,096 bytes."""
    raw = plaintext.encode()
    if len(raw) > LARGEST:
        raise TokenTooLong(f"Xero's {kind} token has {len(raw)} bytes; {LARGEST} is the most.")
    present = wiring.current()
    sealed: bytes = present.kms.encrypt(
        KeyId=present.settings.token_key_id,
        Plaintext=raw,
        EncryptionContext=_context(identity, kind),
    )["CiphertextBlob"]
    return sealed


def unseal(ciphertext: bytes, identity: str, kind: str) -> str:
    """The token in a ciphertext that was sealed for this very identity and kind."""
    present = wiring.current()
    raw: bytes = present.kms.decrypt(
        KeyId=present.settings.token_key_id,
        CiphertextBlob=ciphertext,
        EncryptionContext=_context(identity, kind),
    )["Plaintext"]
    return raw.decode()


def _context(identity: str, kind: str) -> dict[str, str]:
    return {"xero_userid": identity, "kind": kind}
