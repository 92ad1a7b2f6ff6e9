"""What was called, what was not understood, and starting over."""

from flask import Response, request

from local.xero.calls import grouped
from local.xero.control.blueprint import OrderError, blueprint, body, done
from local.xero.present import locked, world


@blueprint.get("/calls")
def calls() -> Response:
    """Filters: ``since`` (a call's number), ``method``, ``path`` (a part), ``tenant_id``.

    ``last`` is the number to give as ``since`` the next time.
    """
    args = request.args
    chosen = world().calls.listed(
        since=args.get("since", 0, int),
        method=args.get("method", ""),
        path=args.get("path", ""),
        tenant_id=args.get("tenant_id", ""),
    )
    last = chosen[-1]["number"] if chosen else args.get("since", 0, int)
    facts = {"count": len(chosen), "grouped": grouped(chosen), "last": last}
    return done(**facts) if args.get("grouped") else done(calls=chosen, **facts)


@blueprint.post("/calls")
def keep_bodies() -> Response:
    """``{"keep_bodies": true}`` keeps what is sent and answered from now on."""
    world().calls.keep_bodies = bool(body().get("keep_bodies"))
    return done(keep_bodies=world().calls.keep_bodies)


@blueprint.delete("/calls")
def forget_calls() -> Response:
    world().calls.clear()
    return done()


@blueprint.get("/ledger")
def ledger() -> Response:
    """Every exchange since the start, and every secret in one, by its kind."""
    return done(**world().ledger.told())


@blueprint.get("/unexpected")
@locked
def unexpected() -> Response:
    return done(unexpected=world().surprises, count=len(world().surprises))


@blueprint.delete("/unexpected")
@locked
def forget_unexpected() -> Response:
    world().surprises.clear()
    return done()


@blueprint.post("/reset")
@locked
def reset() -> Response:
    """``{"only": ["calls", "faults", "limits", "unexpected"]}``, else everything.

    Everything means new organisations and no grants; registered apps stay as they are.
    """
    here = world()
    parts = {
        "calls": here.calls.clear,
        "faults": here.faults.clear,
        "limits": here.limiter.reset,
        "unexpected": here.surprises.clear,
    }
    chosen = body().get("only")
    if chosen and set(chosen) - parts.keys():
        raise OrderError(f"Only {', '.join(parts)} can be reset apart.")
    for name in chosen or parts:
        parts[name]()
    if not chosen:
        here.seed()
    return done()
