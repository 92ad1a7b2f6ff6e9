"""Billing plans: invoices on fixed days, or as a day comes round."""

from chalicelib.api import plan_requests as requests
from chalicelib.api import plan_views as views
from chalicelib.api.plan_requests import PlanChange, PlanDay, PlanRequest
from chalicelib.api.plan_views import PlanView
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.plans import change, make, store

api = API(__name__)

ONE = "/billing-plans/{plan_id}"


@api.get("/billing-plans", scope=Scope.READ, answer=List[PlanView])
def list_plans(call: Call) -> List[PlanView]:
    """Billing plans, the oldest first."""
    return List([views.view(plan) for plan in store.of_tenant(call.tenant_id)])


@api.post("/billing-plans", scope=Scope.WRITE, body=PlanRequest, answer=PlanView, status=201)
def make_plan(call: Call) -> PlanView:
    """Make a billing plan; its invoices come by themselves when their days begin."""
    return views.view(make.make(call.caller, requests.plan(call.body)))


@api.post("/billing-plans/preview", scope=Scope.WRITE, body=PlanRequest, answer=PlanView)
def preview_plan(call: Call) -> PlanView:
    """A plan as it would be, with its next twelve days; nothing is stored."""
    return views.view(make.checked(call.caller, requests.plan(call.body)))


@api.get(ONE, scope=Scope.READ, answer=PlanView)
def read_plan(call: Call, plan_id: str) -> PlanView:
    """One plan, its next twelve days, and the invoices made."""
    return views.view(store.get(call.tenant_id, plan_id))


@api.patch(ONE, scope=Scope.WRITE, body=PlanChange, answer=PlanView)
def change_plan(call: Call, plan_id: str) -> PlanView:
    """Other terms for the days to come."""
    asked: PlanChange = call.body
    changes = requests.changes(asked)
    return views.view(change.edit(call.caller, plan_id, asked.version, **changes))


@api.post(f"{ONE}/pause", scope=Scope.WRITE, answer=PlanView)
def pause_plan(call: Call, plan_id: str) -> PlanView:
    """Make nothing until the plan is resumed."""
    return views.view(change.pause(call.caller, plan_id))


@api.post(f"{ONE}/resume", scope=Scope.WRITE, answer=PlanView)
def resume_plan(call: Call, plan_id: str) -> PlanView:
    """Go on from today; days that passed meanwhile are skipped."""
    return views.view(change.resume(call.caller, plan_id))


@api.post(f"{ONE}/skip", scope=Scope.WRITE, body=PlanDay, answer=PlanView)
def skip_day(call: Call, plan_id: str) -> PlanView:
    """Leave out one of the next twelve days."""
    return views.view(change.skip(call.caller, plan_id, call.body.number))


@api.post(f"{ONE}/unskip", scope=Scope.WRITE, body=PlanDay, answer=PlanView)
def unskip_day(call: Call, plan_id: str) -> PlanView:
    """Take back a skip."""
    return views.view(change.unskip(call.caller, plan_id, call.body.number))


@api.post(f"{ONE}/end", scope=Scope.WRITE, answer=PlanView)
def end_plan(call: Call, plan_id: str) -> PlanView:
    """Make nothing more, ever; what was made stays."""
    return views.view(change.end(call.caller, plan_id))
