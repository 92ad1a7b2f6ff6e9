"""Removing a rate card that nothing ever named."""

from chalicelib.audit import trail
from chalicelib.errors import Conflict
from chalicelib.people.caller import Caller
from chalicelib.work.rates import store
from chalicelib.work.rates.recheck import recheck

IN_USE = "Something names this rate. Archive it instead."


def remove(caller: Caller, rate_id: str) -> None:
    """Delete it; raises NotFound, and Conflict once a task, a person or a material names it."""
    rate = store.get(caller.tenant_id, rate_id)
    if rate.in_use:
        raise Conflict(IN_USE)
    trail.record(caller, "rate removed", f"rate:{rate_id}", name=rate.name)
    if not store.remove(caller.tenant_id, rate_id):
        raise Conflict(IN_USE)
    recheck(caller.tenant_id)
