"""Making one occurrence: its draft, and then the plan's step to the next."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.dispatch.model import Done, Failed, Job, Slice, Step
from chalicelib.dispatch.wake import wake
from chalicelib.errors import Conflict, NotFound
from chalicelib.invoices import build_job
from chalicelib.plans import run, store
from chalicelib.plans.model import Plan

LEFT = "The plan has moved on or rests; nothing was made."
NOTHING = "There was no unbilled time in this period, so there is no invoice for it."


def handle(job: Job, part: Slice) -> Step:
    """Make the draft that is due, or go on making it; safe to repeat at any point.

    An occurrence is settled only when its draft is there, or there is nothing to bill; what
    stands in the way is shown with the plan, and the hourly run asks again.
    """
    try:
        plan = store.get(job.tenant_id, job.params["plan_id"])
    except NotFound:
        return Done(LEFT)
    number = job.params["number"]
    if plan.due_at is None or plan.next is None or plan.next.number != number:
        return Done(LEFT)
    step = build_job.handle(job, part)
    match step:
        case Done():
            _settle(job, plan, number)
        case Failed(why) if why == build_job.NOTHING:
            _settle(job, plan, number, empty=True)
            return Done(NOTHING)
        case Failed(why):
            _show(job, plan, why)
    return step


def _settle(job: Job, plan: Plan, number: int, *, empty: bool = False) -> None:
    """Step to the next occurrence, and ask for it if a day was missed.

    A plan that was changed meanwhile is read again: whatever else was changed stays.
    """
    while plan.done <= number:
        stepped = replace(
            plan,
            done=number + 1,
            empty=(*plan.empty, number) if empty else plan.empty,
            problem="",
        )
        try:
            plan = store.save(job.tenant_id, stepped)
        except Conflict:
            plan = store.get(job.tenant_id, plan.plan_id)
    if run.ask(job.tenant_id, plan):
        wake([job.lane])


def _show(job: Job, plan: Plan, why: str) -> None:
    """What is shown may be a little behind: the next try says it again."""
    if plan.problem != why:
        with suppress(Conflict):
            store.save(job.tenant_id, replace(plan, problem=why))
