"""The way of a call through the door: who, where, how often, once, and what was said.

An accounting call is identified, led to its organisation, checked for its scope, counted,
perhaps spoilt by a fault, looked up in the idempotency memory, and only then reaches the
books. Calls to the identity endpoints take the same way without those checks.
"""

import traceback
from collections.abc import Callable
from uuid import uuid4

from flask import Request, Response, g, request

from local.xero.calls import Call
from local.xero.identity import bearer
from local.xero.inject import faulted
from local.xero.problems import TurnedAwayError, server_error, too_large
from local.xero.render import as_asked
from local.xero.world import World

API = "/api.xro/2.0"
LARGEST = 10_000_000
BROWSERS_OWN = ("/favicon.ico", "/robots.txt")
IDENTITY = ("/connect/", "/connections", "/Connections")

Dispatch = Callable[[], Response]


def pass_through(world: World, dispatch: Dispatch) -> Response:
    """Answers the present request by ``dispatch``, unless something stands in the way."""
    if request.path.startswith(f"{API}/"):
        return _logged(world, request, lambda c: _accounting(world, request, c, dispatch))
    if request.path.startswith(IDENTITY):
        return _logged(world, request, lambda c: _identity(world, request, c, dispatch))
    return _noted(world, dispatch())


def _noted(world: World, response: Response) -> Response:
    """Records an address that nothing here answers, a browser's own wishes aside."""
    if request.url_rule is None and request.path not in BROWSERS_OWN:
        world.unexpected(request, "There is no such address or method here.")
    return response


def _logged(world: World, asked: Request, answer: Callable[[Call], Response]) -> Response:
    call = world.calls.begin(asked, world.clock.now())
    try:
        response = answer(call)
    except TurnedAwayError as turned:
        response = turned.response
    call.correlation_id = str(uuid4())
    response.headers["Xero-Correlation-Id"] = call.correlation_id
    if call.client_id and call.tenant_id:
        now = world.clock.now()
        left = world.limiter.headers(call.client_id, call.tenant_id, now)
        for name, value in left.items():
            response.headers.setdefault(name, value)
    if asked.path.startswith(API):
        response = as_asked(asked, response)
    world.calls.end(call, response)
    world.ledger.note(asked, response, call.fault)
    return _noted(world, response)


def _accounting(world: World, asked: Request, call: Call, dispatch: Dispatch) -> Response:
    _admit(world, asked, call)
    client_id, tenant_id = str(call.client_id), str(call.tenant_id)

    def remember(make: Dispatch) -> Response:
        with world.lock:
            now = world.clock.now()
            response, call.replayed = world.memory.recall(asked, client_id, now, make)
            _touch(world, asked)
            return response

    with world.limiter.slot(client_id, tenant_id, world.clock.now()):
        fault = world.faults.take(asked.method, asked.path, tenant_id)
        call.fault = str(fault.kind) if fault else None
        return faulted(world, asked, fault, remember, lambda: _made(world, asked, dispatch))


def _admit(world: World, asked: Request, call: Call) -> None:
    if call.bytes_in > LARGEST:
        raise TurnedAwayError(too_large())
    with world.lock:
        caller = bearer.identify(world, asked)
        call.client_id = caller.client_id
        tenant_id = asked.headers.get("xero-tenant-id", "")
        organisation = bearer.open_organisation(world, caller, tenant_id)
        bearer.require_scope(caller, asked.method, asked.path.removeprefix(API))
    g.books = organisation.books
    g.app_client_id = caller.client_id
    g.user = caller.user
    g.scopes = set(caller.scopes)


def _identity(world: World, asked: Request, call: Call, dispatch: Dispatch) -> Response:
    def remember(make: Dispatch) -> Response:
        with world.lock:
            response = make()
            _touch(world, asked)
            return response

    fault = world.faults.take(asked.method, asked.path, call.tenant_id)
    call.fault = str(fault.kind) if fault else None
    return faulted(world, asked, fault, remember, lambda: _made(world, asked, dispatch))


def _made(world: World, asked: Request, dispatch: Dispatch) -> Response:
    try:
        return dispatch()
    except TurnedAwayError:
        raise
    except Exception:  # noqa: BLE001 - a crash here answers as Xero's own would, and is told
        world.unexpected(asked, traceback.format_exc())
        return server_error()


def _touch(world: World, asked: Request) -> None:
    if asked.method not in {"GET", "HEAD"}:
        world.touch()
