"""API keys, managed by a key with the admin scope."""

import datetime as dt
from typing import Any

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.clock import stamp
from chalicelib.people import api_keys
from chalicelib.people.api_key_rows import ApiKey
from chalicelib.people.caller import Scope

api = API(__name__)


class ApiKeyView(msgspec.Struct):
    """A key, without the key itself; ``last_used_at`` is right to about ten minutes.

    ``expires_on`` is the last day on which it works, on the tenant's clock; null for no end.
    """

    id: str
    name: str
    scopes: list[Scope]
    created_by: str
    created_at: str
    last_used_at: str | None
    expires_on: dt.date | None
    expired: bool


class NewApiKey(msgspec.Struct, forbid_unknown_fields=True):
    """What a new key is called and may do, and the last day on which it is to work, if any."""

    name: str
    scopes: list[Scope]
    expires_on: dt.date | None = None


class MadeApiKey(ApiKeyView):
    """A key just made; ``key`` is shown here and never again."""

    key: str


@api.get("/api-keys", scope=Scope.ADMIN, answer=List[ApiKeyView])
def list_api_keys(call: Call) -> List[ApiKeyView]:
    """All keys, oldest first."""
    return List([ApiKeyView(**_facts(key)) for key in api_keys.listing(call.tenant_id)])


@api.post(
    "/api-keys", scope=Scope.ADMIN, body=NewApiKey, answer=MadeApiKey, status=201, secret=True
)
def make_api_key(call: Call) -> MadeApiKey:
    """Make a key; it is in this answer only."""
    new: NewApiKey = call.body
    key, plain = api_keys.make(call.caller, new.name, new.scopes, expires_on=new.expires_on)
    return MadeApiKey(**_facts(key), key=plain)


@api.delete("/api-keys/{key_id}", scope=Scope.ADMIN, answer=None, status=204)
def revoke_api_key(call: Call, key_id: str) -> None:
    """End a key for good."""
    api_keys.revoke(call.caller, key_id)


def _facts(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.key_id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created_by": key.created_by,
        "created_at": stamp(key.created_at),
        "last_used_at": stamp(key.last_used_at) if key.last_used_at else None,
        "expires_on": key.expires_on,
        "expired": key.expired,
    }
