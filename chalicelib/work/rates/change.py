"""Renaming a rate card, archiving it, and bringing it back."""

from dataclasses import replace

from chalicelib.audit import trail
from chalicelib.people.caller import Caller
from chalicelib.work.names import clean_name
from chalicelib.work.rates import store
from chalicelib.work.rates.model import Rate
from chalicelib.work.rates.recheck import recheck


def change(
    caller: Caller, rate_id: str, *, name: str | None = None, archived: bool | None = None
) -> Rate:
    """Change what is given; work that names an archived rate still has its prices.

    Raises NotFound, InvalidInput, and Conflict when somebody else changed it at the same moment.
    """
    before = store.get(caller.tenant_id, rate_id)
    after = replace(
        before,
        name=before.name if name is None else clean_name(name),
        archived=before.archived if archived is None else archived,
    )
    if after == before:
        return before
    archiving = {True: "yes", False: "no"}[after.archived]
    trail.record(caller, "rate changed", f"rate:{rate_id}", name=after.name, archived=archiving)
    saved = store.save(caller.tenant_id, before, after)
    recheck(caller.tenant_id)
    return saved
