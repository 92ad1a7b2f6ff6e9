"""The hourly run: asks for a draft of each instalment whose day has begun where the tenant is.

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
from chalicelib.invoices import plans
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis
from chalicelib.invoices.plans import Instalment, Plan
from chalicelib.invoices.wanted import NewInvoice


def run() -> int:
    """Ask for every draft that is due; answers how many were not asked for already."""
    now = wiring.current().clock.now()
    asked = 0
    for tenant_id, plan_id in plans.due(now):
        try:
            plan = plans.get(tenant_id, plan_id)
        except NotFound:
            continue
        for place, instalment in plan.waiting:
            if plans.begins(instalment.date, plan.time_zone) <= now:
                asked += store.ask(job_of(tenant_id, plan, place, instalment), unless_open=True)
        wake([tenant_lane(tenant_id)])
    log.event("billing_run", asked=asked)
    return asked


def job_of(tenant_id: str, plan: Plan, place: int, instalment: Instalment) -> Job:
    """The one job that makes this instalment's draft."""
    wanted = NewInvoice(
        basis=Basis.FIXED_DATES,
        client_id=plan.client_id,
        lines=(Line(instalment.description, quantity=Decimal(1), unit_price=instalment.amount),),
        currency=plan.currency,
        reference=plan.reference,
        date=instalment.date,
        send=plan.send,
        plan_id=plan.plan_id,
        instalment=place,
    )
    return enqueue.job(
        "build-invoice",
        tenant_lane(tenant_id),
        tenant_id,
        params={
            "wanted": msgspec.to_builtins(wanted),
            "invoice_id": f"{plan.plan_id}-{place + 1:03d}",
        },
        priority=Priority.BACKGROUND,
        created_by=plan.created_by,
        name=f"plan-{plan.plan_id}-{place}",
    )
