"""API keys, managed by a key with the admin scope."""

from typing import Any

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.clock import stamp
from chalicelib.people import api_keys
from chalicelib.people.caller import Scope

api = API(__name__)


class ApiKeyView(msgspec.Struct):
    """A key, without the key itself; ``last_used_at`` is right to about ten minutes."""

    id: str
    name: str
    scopes: list[Scope]
    created_by: str
    created_at: str
    last_used_at: str | None


class NewApiKey(msgspec.Struct, forbid_unknown_fields=True):
    """What a new key is called and may do."""

    name: str
    scopes: list[Scope]


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
    key, plain = api_keys.make(call.caller, call.body.name, call.body.scopes)
    return MadeApiKey(**_facts(key), key=plain)


@api.delete("/api-keys/{key_id}", scope=Scope.ADMIN, answer=None, status=204)
def revoke_api_key(call: Call, key_id: str) -> None:
    """End a key for good."""
    api_keys.revoke(call.caller, key_id)


def _facts(key: api_keys.ApiKey) -> dict[str, Any]:
    return {
        "id": key.key_id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created_by": key.created_by,
        "created_at": stamp(key.created_at),
        "last_used_at": stamp(key.last_used_at) if key.last_used_at else None,
    }
