"""Changing what is known of one of the staff, archiving them, and bringing them back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.audit import trail
from chalicelib.people.caller import Caller
from chalicelib.work.names import name_key
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.use import use
from chalicelib.work.staff import checks, store
from chalicelib.work.staff.model import Staff

MOST_FORMER = 20


def change(caller: Caller, staff_id: str, **changes: Any) -> Staff:
    """Change name, email, external_id, rate_id or archived; a former name is remembered.

    A new rate holds for all time of theirs that is not on an invoice yet, and for no other.
    Raises NotFound, InvalidInput naming the field at fault, and Conflict for somebody else's
    name, e-mail or external id, or when somebody changed this one at the same moment.
    """
    tenant_id = caller.tenant_id
    before = store.get(tenant_id, staff_id)
    checked = {name: CHECKS[name](value) for name, value in changes.items()}
    after = _renamed(before, replace(before, **checked))
    if after == before:
        return before
    checks.only_one(after, store.roll(tenant_id))
    if after.rate_id and after.rate_id != before.rate_id:
        use(tenant_id, after.rate_id, RateKind.STAFF)
    archived = {True: "yes", False: "no"}[after.archived]
    trail.record(caller, "staff changed", f"staff:{staff_id}", name=after.name, archived=archived)
    return store.save(tenant_id, before, after)


def _renamed(before: Staff, after: Staff) -> Staff:
    if name_key(before.name) == name_key(after.name):
        return after
    kept = [one for one in before.former if name_key(one) != name_key(after.name)]
    return replace(after, former=tuple([before.name, *kept][:MOST_FORMER]))


def _or_none(text: str | None) -> str | None:
    return text or None


CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": checks.name,
    "email": checks.email,
    "external_id": checks.external_id,
    "rate_id": _or_none,
    "archived": bool,
}
