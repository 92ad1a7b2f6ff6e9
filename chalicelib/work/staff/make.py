"""Adding one of the staff."""

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.people.caller import Caller
from chalicelib.work.ids import new_id
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.use import use
from chalicelib.work.staff import checks, store
from chalicelib.work.staff.model import Staff


def make(
    caller: Caller,
    name: str,
    *,
    email: str = "",
    external_id: str = "",
    rate_id: str | None = None,
) -> Staff:
    """Somebody new, with a staff rate where one is given.

    Raises InvalidInput naming the field at fault, and Conflict for a live namesake, or anybody
    with this e-mail or external id.
    """
    tenant_id = caller.tenant_id
    staff = Staff(
        staff_id=new_id(),
        name=checks.name(name),
        email=checks.email(email),
        external_id=checks.external_id(external_id),
        rate_id=rate_id or None,
        updated_at=wiring.current().clock.now(),
    )
    checks.only_one(staff, store.roll(tenant_id))
    if staff.rate_id:
        use(tenant_id, staff.rate_id, RateKind.STAFF)
    trail.record(caller, "staff added", f"staff:{staff.staff_id}", name=staff.name)
    store.add(tenant_id, staff)
    return staff
