"""The clock, and the limits that run by it."""

from datetime import datetime, timedelta

from flask import Response

from local.xero.control.blueprint import OrderError, blueprint, body, done
from local.xero.present import locked, world


@blueprint.get("/clock")
@locked
def clock() -> Response:
    here = world().clock
    return done(
        now=here.now().isoformat(),
        offset_seconds=here.offset.total_seconds(),
        frozen=here.frozen is not None,
    )


@blueprint.post("/clock")
@locked
def set_clock() -> Response:
    """``{"set": ISO moment}``, ``{"advance": seconds}``, ``{"offset": seconds}``,
    ``{"freeze": true|false}``, ``{"reset": true}``; several at once in this order.
    """  # noqa: D205 - one sentence that lists the orders
    order, here = body(), world().clock
    unknown = order.keys() - {"reset", "set", "offset", "advance", "freeze"}
    if unknown:
        raise OrderError(f"The clock does not know {', '.join(sorted(unknown))}.")
    if order.get("reset"):
        here.reset()
    if "set" in order:
        here.set(datetime.fromisoformat(order["set"]))
    if "offset" in order:
        here.reset()
        here.advance(timedelta(seconds=float(order["offset"])))
    if "advance" in order:
        here.advance(timedelta(seconds=float(order["advance"])))
    if "freeze" in order:
        (here.freeze if order["freeze"] else here.resume)()
    return clock()


@blueprint.get("/limits")
def limits() -> Response:
    return done(**world().limiter.settings())


@blueprint.post("/limits")
def set_limits() -> Response:
    """Any of ``enabled``, ``minute``, ``day``, ``app_minute``, ``concurrent``."""
    order, limiter = body(), world().limiter
    for name, value in order.items():
        if name == "enabled":
            limiter.enabled = bool(value)
        elif name in limiter.settings():
            setattr(limiter.sizes, name, int(value))
        else:
            raise OrderError(f"There is no limit called {name}.")
    return limits()
