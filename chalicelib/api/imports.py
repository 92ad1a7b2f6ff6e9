"""Imports from Xero: each is a job, one of a kind at a time."""

from chalicelib.api.jobs import LISTED, JobView, accepted, listed
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope

api = API(__name__)

KINDS = ("import-clients", "import-codes", "import-time-records")


@api.get("/imports", scope=Scope.READ, answer=List[JobView], query=LISTED)
def list_imports(call: Call) -> List[JobView]:
    """The imports that were asked for, newest first; a page may be short and not the last."""
    return listed(call, KINDS)


@api.post("/imports/codes", scope=Scope.WRITE, answer=JobView, status=202)
def import_codes(call: Call) -> Answer:
    """Refresh account codes and tax rates."""
    from chalicelib.reference.import_codes import start

    return accepted(start(call.caller))
