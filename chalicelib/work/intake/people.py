"""Who did the work: those of the staff whom a file means, and those whom it adds to them."""

from chalicelib.dispatch.model import Slice
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Caller
from chalicelib.work.intake.answers import LEFT_OUT
from chalicelib.work.intake.plan import PersonPlan, Plan
from chalicelib.work.staff import store
from chalicelib.work.staff.make import make
from chalicelib.work.staff.model import Roll


class People:
    """Finds, or makes, one of the staff for each person of a plan, or says ``LEFT_OUT``.

    Without ``add`` nobody is made: who is not among the staff stays a name on the records.
    """

    def __init__(self, caller: Caller, *, add: bool) -> None:
        self._caller = caller
        self._add = add

    def find(self, plan: Plan, found: list[str | None], slice_: Slice) -> bool:
        """Go on after who is ``found`` and add to it; False when the slice is over first."""
        roll = store.roll(self._caller.tenant_id)
        for person in plan.people[len(found) :]:
            found.append(self._id(person, roll))
            if slice_.over:
                return False
        return True

    def _id(self, person: PersonPlan, roll: Roll) -> str | None:
        means = person.meaning
        if means.left_out:
            return LEFT_OUT
        if means.id is None:
            return self._new(person) if self._add and means.name else None
        there = roll.of_id(means.id)
        if there and not there.in_use:
            store.mark_used(self._caller.tenant_id, means.id)
        return means.id

    def _new(self, person: PersonPlan) -> str | None:
        """Somebody new, once: a lost slice may have made them. None where the list says no."""
        tenant_id, name = self._caller.tenant_id, person.meaning.name
        known = store.roll(tenant_id).find(name, email=person.email)
        try:
            staff = known or make(self._caller, name, email=person.email)
        except (Conflict, InvalidInput):
            return None
        store.mark_used(tenant_id, staff.staff_id)
        return staff.staff_id
