"""Whether a delivery comes from Xero: HMAC-SHA256 over the raw body, in base64.

The key is used as the text that Xero shows, not decoded (Xero, "Configuring your server").
"""

import base64
import hashlib
import hmac


def signed(body: bytes, signature: str, key: str) -> bool:
    """Whether the signature is right, in a time that tells nothing; never without a key."""
    if not key:
        return False
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.encode())
