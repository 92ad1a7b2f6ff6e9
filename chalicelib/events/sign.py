"""How deliveries are signed: as Standard Webhooks does, which many libraries verify.

See https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md:
HMAC-SHA256 over id, time and the raw body, joined by dots; one signature for each valid secret.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

PREFIX = "whsec_"
SECRET_BYTES = 32


def secret_of(random: bytes) -> str:
    """A secret as it is shown to people."""
    return PREFIX + b64encode(random).decode()


def headers(
    secrets: Sequence[str], event_id: str, moment: datetime, body: bytes
) -> Mapping[str, str]:
    """The headers that prove where ``body`` comes from and when it was sent."""
    seconds = str(int(moment.timestamp()))
    content = b".".join((event_id.encode(), seconds.encode(), body))
    signatures = (
        hmac.digest(b64decode(secret.removeprefix(PREFIX)), content, sha256) for secret in secrets
    )
    return {
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{b64encode(one).decode()}" for one in signatures),
    }
