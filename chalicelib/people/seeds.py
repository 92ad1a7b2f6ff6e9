"""Two-factor seeds under KMS, bound to the user they are of."""

from base64 import b64decode, b64encode

from chalicelib import wiring
from chalicelib.people.model import User


def lock(seed: str, user: User) -> str:
    """The ciphertext to store; it opens for this user only."""
    present = wiring.current()
    answer = present.kms.encrypt(
        KeyId=present.settings.token_key_id,
        Plaintext=seed.encode(),
        EncryptionContext=_context(user),
    )
    return b64encode(answer["CiphertextBlob"]).decode()


def unlock(user: User) -> str:
    """The user's seed in clear; it is to be neither stored nor logged."""
    present = wiring.current()
    answer = present.kms.decrypt(
        KeyId=present.settings.token_key_id,
        CiphertextBlob=b64decode(user.totp_seed),
        EncryptionContext=_context(user),
    )
    plaintext: bytes = answer["Plaintext"]
    return plaintext.decode()


def _context(user: User) -> dict[str, str]:
    return {"tenant_id": user.tenant_id, "user_id": user.user_id, "purpose": "totp"}
