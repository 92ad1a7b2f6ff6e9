"""How each fault changes the course of a call and its answer."""

import json
import time
from collections.abc import Callable
from typing import Any

from flask import Request, Response

from local.xero.faults import Fault, Held, Kind, Moment
from local.xero.identity.bearer import token_expired
from local.xero.limits import REMAINING
from local.xero.problems import server_error, unauthorised
from local.xero.render import as_xml
from local.xero.world import World

DROP = "localxero.drop"
OFFLINE = (
    "<html><head><title>503 Service Unavailable</title></head>"
    "<body><h1>The API is currently unavailable</h1></body></html>"
)

FAILURES = {Kind.STATUS, Kind.RATE_LIMIT, Kind.TOKEN_EXPIRED, Kind.SCOPE_MISSING}

Make = Callable[[], Response]
Remember = Callable[[Make], Response]


def faulted(
    world: World, request: Request, fault: Fault | None, remember: Remember, make: Make
) -> Response:
    """The answer to a call that meets this fault, or none.

    ``make`` runs the call itself; ``remember`` does so under the world's lock and inside
    the idempotency memory. Waiting is done outside of both.
    """
    if fault is None:
        return remember(make)
    if fault.kind in FAILURES:
        return _failed(world, request, fault, remember, make)
    if fault.kind in {Kind.SLOW, Kind.HOLD}:
        return _delayed(world, request, fault, remember, make)
    if fault.kind is Kind.DROP:
        if fault.when is Moment.AFTER:
            remember(make)
        request.environ[DROP] = True
        return Response("")
    return _spoilt(fault, remember(make))


def _failed(
    world: World, request: Request, fault: Fault, remember: Remember, make: Make
) -> Response:
    def failure() -> Response:
        if fault.kind is Kind.TOKEN_EXPIRED:
            return token_expired(world.clock.now())
        if fault.kind is Kind.SCOPE_MISSING:
            word = fault.field or "insufficient_scope"
            return unauthorised("AuthorizationUnsuccessful", WWW_Authenticate=word)
        if fault.kind is Kind.RATE_LIMIT:
            return _limited(fault, world, request)
        return _status(fault)

    def made_then_failed() -> Response:
        make()
        return failure()

    after = fault.when is Moment.AFTER
    if fault.memorised:
        return remember(made_then_failed if after else failure)
    if after:
        remember(make)
    return failure()


def _limited(fault: Fault, world: World, request: Request) -> Response:
    """The 429 of a full window, its remaining-header at nought."""
    tenant_id = request.headers.get("xero-tenant-id", "")
    response = world.limiter.refusal(fault.problem, tenant_id, world.clock.now())
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    if fault.problem in REMAINING:
        response.headers[REMAINING[fault.problem]] = "0"
    return response


def _status(fault: Fault) -> Response:
    if fault.body is not None:
        kind = fault.content_type or "application/json"
        return Response(fault.body, fault.status, content_type=kind)
    if fault.status == 500:
        return server_error()
    text = OFFLINE if fault.status == 503 else ""
    return Response(text, fault.status, content_type=fault.content_type or "text/html")


def _delayed(
    world: World, request: Request, fault: Fault, remember: Remember, make: Make
) -> Response:
    def wait() -> None:
        if fault.kind is Kind.HOLD:
            world.faults.hold(_whose(request))
        else:
            time.sleep(fault.seconds)

    if fault.when is Moment.AFTER:
        response = remember(make)
        wait()
        return response
    wait()
    return remember(make)


def _whose(request: Request) -> Held:
    port = int(request.environ.get("REMOTE_PORT") or 0)
    return Held(request.headers.get("xero-tenant-id", ""), port)


def _spoilt(fault: Fault, response: Response) -> Response:
    if fault.kind is Kind.TRUNCATE:
        body = response.get_data()
        response.set_data(body[: len(body) // 2])
        return response
    if fault.kind is Kind.XML:
        return as_xml(response)
    if response.mimetype != "application/json":
        return response
    tree = json.loads(response.get_data())
    if fault.kind is Kind.NULL_ARRAYS:
        tree = _nulled(tree, fault.field)
    else:
        _reworded(tree, fault.field or "Status", fault.value, depth=0)
    response.set_data(json.dumps(tree))
    return response


def _nulled(value: Any, field: str) -> Any:
    """The same tree with null for every empty list, or for every list of that name."""
    if isinstance(value, dict):
        return {
            name: None
            if isinstance(item, list) and (name == field or not item)
            else _nulled(item, field)
            for name, item in value.items()
        }
    return [_nulled(item, field) for item in value] if isinstance(value, list) else value


def _reworded(value: Any, field: str, word: str, depth: int) -> None:
    """Puts an unheard-of word into that field everywhere but in the envelope."""
    if isinstance(value, list):
        for item in value:
            _reworded(item, field, word, depth + 1)
    elif isinstance(value, dict):
        if depth and field in value:
            value[field] = word
        for item in value.values():
            _reworded(item, field, word, depth + 1)
