"""Reads all contacts with pyxero, in the largest pages that it lets through."""

import os
import time

from xero import Xero
from xero.auth import OAuth2Credentials

from bench.peers.told import tell

# Its library for OAuth refuses plain http otherwise, and the local Xero speaks nothing else.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
PAGE = 1000
credentials = OAuth2Credentials(
    "bench",
    "bench",
    token={
        "access_token": os.environ["ACCESS_TOKEN"],
        "token_type": "Bearer",
        "expires_at": time.time() + 1800,
    },
    tenant_id=os.environ["ORGANISATION"],
)
credentials.base_url = os.environ["XERO_URL"]
manager = Xero(credentials).contacts
contacts, number = 0, 1
while True:
    found = manager.filter(page=number, pageSize=PAGE, includeArchived=True)
    contacts += len(found)
    if len(found) < PAGE:
        break
    number += 1
tell(contacts)
