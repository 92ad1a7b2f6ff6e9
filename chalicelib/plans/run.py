"""The hourly run: asks for a draft of each plan whose day has begun where the tenant is.

A day missed is made up for, since a plan stays due until its draft is there; a run that comes
twice asks for the same job.
"""

from decimal import Decimal

import msgspec

from chalicelib import log, wiring
from chalicelib.dispatch import enqueue, store
from chalicelib.dispatch.model import Job, Priority, tenant_lane
from chalicelib.dispatch.wake import wake
from chalicelib.errors import NotFound
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.plans import store as plans
from chalicelib.plans.model import Plan
from chalicelib.plans.schedule import DAY, Occurrence

KIND = "make-occurrence"


def run() -> int:
    """Ask for every draft that is due; answers how many were not asked for already."""
    now = wiring.current().clock.now()
    asked = 0
    for tenant_id, plan_id in plans.due(now):
        try:
            plan = plans.get(tenant_id, plan_id)
        except NotFound:
            continue
        if ask(tenant_id, plan):
            asked += 1
        wake([tenant_lane(tenant_id)])
    log.event("billing_run", asked=asked)
    return asked


def ask(tenant_id: str, plan: Plan) -> bool:
    """Ask for the plan's next draft if its day has begun; False when it is asked for already."""
    coming, due_at = plan.next, plan.due_at
    if coming is None or due_at is None or due_at > wiring.current().clock.now():
        return False
    return store.ask(job_of(tenant_id, plan, coming), unless_open=True)


def job_of(tenant_id: str, plan: Plan, occurrence: Occurrence) -> Job:
    """The one job that makes this occurrence's draft."""
    return enqueue.job(
        KIND,
        tenant_lane(tenant_id),
        tenant_id,
        params={
            "wanted": msgspec.to_builtins(wanted(plan, occurrence)),
            "invoice_id": plan.invoice_id(occurrence.number),
            "plan_id": plan.plan_id,
            "number": occurrence.number,
        },
        priority=Priority.BACKGROUND,
        created_by=plan.created_by,
        name=f"plan-{plan.plan_id}-{occurrence.number}",
    )


def wanted(plan: Plan, occurrence: Occurrence) -> NewInvoice:
    """What the invoice of an occurrence is made from."""
    common = NewInvoice(
        basis=Basis.TRACKED_TIME if plan.bills_time else Basis.FIXED_DATES,
        client_id=plan.client_id,
        project_ids=(plan.project_id,) if plan.project_id else (),
        currency=plan.currency,
        reference=plan.reference,
        date=occurrence.date,
        grouping=plan.grouping,
        rounding=plan.rounding,
        notes=plan.notes,
        send=plan.send,
        send_as=plan.send_as,
    )
    if plan.bills_time:
        return msgspec.structs.replace(
            common,
            start=occurrence.period_start,
            end=occurrence.period_end,
        )
    return msgspec.structs.replace(common, lines=(_line(plan, occurrence),))


def _line(plan: Plan, occurrence: Occurrence) -> Line:
    if plan.rule is None:
        instalment = plan.instalments[occurrence.number]
        return Line(instalment.description, quantity=Decimal(1), unit_price=instalment.amount)
    start, end = occurrence.period_start, occurrence.period_end
    if plan.in_advance:
        start, end = end + DAY, occurrence.following - DAY
    description = f"{plan.description.strip()} ({start.isoformat()} to {end.isoformat()})"
    return Line(description, quantity=Decimal(1), unit_price=plan.amount or Decimal(0))
