"""Removing one of the staff who never had any time."""

from chalicelib.audit import trail
from chalicelib.errors import Conflict
from chalicelib.people.caller import Caller
from chalicelib.work.staff import store


def remove(caller: Caller, staff_id: str) -> None:
    """Delete them; raises NotFound, and Conflict once there is time of theirs."""
    staff = store.get(caller.tenant_id, staff_id)
    in_use = Conflict(f"There is time of {staff.name}. Archive them instead.")
    if staff.in_use:
        raise in_use
    trail.record(caller, "staff removed", f"staff:{staff_id}", name=staff.name)
    if not store.remove(caller.tenant_id, staff_id):
        raise in_use
