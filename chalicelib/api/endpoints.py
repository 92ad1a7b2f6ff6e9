"""Endpoints: addresses outside that are told by signed webhooks what happens."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.clock import stamp
from chalicelib.events import add, change, endpoints, try_out
from chalicelib.events.model import Endpoint
from chalicelib.people.caller import Scope

api = API(__name__)

ONE = "/endpoints/{endpoint_id}"


class EndpointView(msgspec.Struct):
    """An endpoint; ``kinds`` empty means all.

    ``told`` is the number of the last event that it took. ``state`` is active, paused, or
    disabled after three days of failures; ``failing_since`` and ``next_at`` are null while all is
    well. ``outcome`` is what became of the last delivery, a test among them.
    """

    id: str
    name: str
    url: str
    kinds: list[str]
    state: str
    told: int
    outcome: str
    outcome_at: str | None
    failing_since: str | None
    next_at: str | None
    created_at: str


class NewEndpoint(msgspec.Struct, forbid_unknown_fields=True):
    """Where to, what for, and of which kinds of events; none means all."""

    url: str
    name: str
    kinds: list[str] = []


class EndpointChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be otherwise; ``paused`` false also resumes a disabled one."""

    url: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    kinds: list[str] | UnsetType = UNSET
    paused: bool | UnsetType = UNSET


class SecretEndpoint(EndpointView):
    """An endpoint with its new secret, which is shown here and never again."""

    secret: str


class FromNumber(msgspec.Struct, forbid_unknown_fields=True):
    """The number of the first event to be told again."""

    number: int


class TrialView(msgspec.Struct):
    """Whether a test was taken, and what became of it in words."""

    delivered: bool
    outcome: str


@api.get("/endpoints", scope=Scope.ADMIN, answer=List[EndpointView])
def list_endpoints(call: Call) -> List[EndpointView]:
    """All endpoints, the oldest first."""
    return List([EndpointView(**_facts(one)) for one in endpoints.of_tenant(call.tenant_id)])


@api.post(
    "/endpoints",
    scope=Scope.ADMIN,
    body=NewEndpoint,
    answer=SecretEndpoint,
    status=201,
    secret=True,
)
def add_endpoint(call: Call) -> SecretEndpoint:
    """Add an endpoint; its secret is in this answer only."""
    new: NewEndpoint = call.body
    endpoint, secret = add.add(call.caller, new.url, new.name, new.kinds)
    return SecretEndpoint(**_facts(endpoint), secret=secret)


@api.get(ONE, scope=Scope.ADMIN, answer=EndpointView)
def read_endpoint(call: Call, endpoint_id: str) -> EndpointView:
    """One endpoint, and how its deliveries go."""
    return EndpointView(**_facts(endpoints.get(call.tenant_id, endpoint_id)))


@api.patch(ONE, scope=Scope.ADMIN, body=EndpointChange, answer=EndpointView)
def change_endpoint(call: Call, endpoint_id: str) -> EndpointView:
    """Change, pause or resume an endpoint."""
    changes = query.changes(call.body)
    return EndpointView(**_facts(change.change(call.caller, endpoint_id, **changes)))


@api.delete(ONE, scope=Scope.ADMIN, answer=None, status=204)
def remove_endpoint(call: Call, endpoint_id: str) -> None:
    """Tell this endpoint nothing more."""
    change.remove(call.caller, endpoint_id)


@api.post(f"{ONE}/rotate", scope=Scope.ADMIN, answer=SecretEndpoint, secret=True)
def rotate_secret(call: Call, endpoint_id: str) -> SecretEndpoint:
    """A new secret; for a day the former one signs as well."""
    endpoint, secret = change.rotate(call.caller, endpoint_id)
    return SecretEndpoint(**_facts(endpoint), secret=secret)


@api.post(f"{ONE}/send-again", scope=Scope.ADMIN, body=FromNumber, answer=EndpointView)
def send_again(call: Call, endpoint_id: str) -> EndpointView:
    """Tell everything from a number on once more, under the same ids."""
    return EndpointView(**_facts(change.send_again(call.caller, endpoint_id, call.body.number)))


@api.post(f"{ONE}/test", scope=Scope.ADMIN, answer=TrialView)
def test_endpoint(call: Call, endpoint_id: str) -> TrialView:
    """Post a signed test at once, and say what became of it."""
    _, outcome = try_out.try_out(call.caller, endpoint_id)
    return TrialView(outcome.delivered, outcome.words)


def _facts(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.endpoint_id,
        "name": endpoint.name,
        "url": endpoint.url,
        "kinds": list(endpoint.kinds),
        "state": endpoint.state.value,
        "told": endpoint.cursor,
        "outcome": endpoint.outcome,
        "outcome_at": stamp(endpoint.outcome_at) if endpoint.outcome_at else None,
        "failing_since": stamp(endpoint.failing_since) if endpoint.failing_since else None,
        "next_at": stamp(endpoint.next_at) if endpoint.next_at else None,
        "created_at": stamp(endpoint.created_at),
    }
