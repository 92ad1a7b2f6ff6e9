"""What was really done in a project, beside what was quoted."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import Amount, amount
from chalicelib.people.caller import Scope
from chalicelib.work import actual, projects

api = API(__name__)


class ActualView(msgspec.Struct):
    """All work of a project, billed or not, at the prices of now.

    ``minutes`` are all that were tracked; ``time`` and ``materials`` are what the billable work
    comes to, ``amount`` both together. ``unpriced`` pieces of work have no price and are left
    out. At most 5,000 records and as many materials are counted: ``complete`` says if that is
    all.
    """

    minutes: int
    time: Amount
    materials: Amount
    amount: Amount
    unpriced: int
    complete: bool


@api.get("/projects/{project_id}/actual", scope=Scope.READ, answer=ActualView)
def read_actual(call: Call, project_id: str) -> ActualView:
    """What was done in a project, to be held against its price and budget."""
    project = projects.get(call.tenant_id, project_id)
    found = actual.of_project(call.tenant_id, project)
    return ActualView(
        minutes=found.minutes,
        time=amount(found.time),
        materials=amount(found.materials),
        amount=amount(found.amount),
        unpriced=found.unpriced,
        complete=found.complete,
    )
