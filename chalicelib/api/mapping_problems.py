"""What Xero would refuse of the mapping as it stands, and where each fault is put right."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.people.caller import Scope
from chalicelib.reference import found_faults
from chalicelib.reference.faults import Fault, Where
from chalicelib.reference.found_faults import Found

api = API(__name__)


class MappingProblem(msgspec.Struct):
    """A fault; ``code`` is stable, ``path`` is the page on which it is put right.

    ``id`` and ``name`` are those of the thing at fault, null for the organisation and the
    defaults. ``stops`` says that invoices are refused for it.
    """

    code: str
    message: str
    where: Where
    id: str | None
    name: str | None
    field: str
    stops: bool
    path: str


class MappingProblems(msgspec.Struct):
    """The first faults of all; ``total`` and ``stopping`` count them, kept here or not."""

    items: list[MappingProblem]
    total: int
    stopping: int
    next: str | None = None


@api.get("/mapping/problems", scope=Scope.READ, answer=MappingProblems)
def list_mapping_problems(call: Call) -> MappingProblems:
    """What was found when something last changed; nothing is read from Xero for it."""
    return _view(found_faults.last(call.tenant_id))


@api.post("/mapping/problems", scope=Scope.WRITE, answer=MappingProblems)
def check_mapping_now(call: Call) -> MappingProblems:
    """Check the mapping anew, against the lists as last imported."""
    from chalicelib.reference.check_mapping import check

    return _view(check(call.tenant_id))


def _view(found: Found) -> MappingProblems:
    return MappingProblems([_problem(one) for one in found.faults], found.total, found.stopping)


def _problem(fault: Fault) -> MappingProblem:
    return MappingProblem(
        code=fault.code,
        message=fault.sentence,
        where=fault.where,
        id=fault.thing_id or None,
        name=fault.name or None,
        field=fault.field,
        stops=fault.stops,
        path=fault.path,
    )
