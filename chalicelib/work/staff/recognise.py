"""Knowing one of the staff by what a time record says."""

from chalicelib.work.staff import store
from chalicelib.work.staff.model import Roll


def recognise(tenant_id: str, roll: Roll, said: str) -> str | None:
    """The id of the one whom a record means, who is then marked as having time; None if nobody.

    Nobody is made up: who is not on the list yet is known by name once added to it.
    """
    found = roll.find(said)
    if found is None:
        return None
    if not found.in_use:
        store.mark_used(tenant_id, found.staff_id)
    return found.staff_id
