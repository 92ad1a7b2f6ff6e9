"""Changing a plan that runs: pause and resume, skip a day, end it, other terms from now on.

What was made stays as it is.
"""

from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.money import round_half_up
from chalicelib.people.caller import Caller, Scope
from chalicelib.people.time_zones import zone
from chalicelib.plans import store
from chalicelib.plans.make import check_terms
from chalicelib.plans.model import SHOWN, Plan

OVER = "This billing plan has ended."


def pause(caller: Caller, plan_id: str) -> Plan:
    """Make nothing until it is resumed; raises Conflict for one that has ended."""
    return _store(caller, replace(_running(caller, plan_id), paused=True), "plan.paused")


def resume(caller: Caller, plan_id: str) -> Plan:
    """Go on with the first day from today on; those that passed meanwhile are skipped."""
    plan = _running(caller, plan_id)
    today = wiring.current().clock.now().astimezone(zone(plan.time_zone)).date()
    done, skipped = plan.done, set(plan.skipped)
    while plan.paused and (one := plan.occurrence(done)) and one.date < today:
        skipped.add(done)
        done += 1
    resumed = replace(plan, paused=False, done=done, skipped=tuple(sorted(skipped)))
    return _store(caller, resumed, "plan.resumed")


def skip(caller: Caller, plan_id: str, number: int) -> Plan:
    """Leave out one of the next twelve; raises InvalidInput for any other number."""
    plan = _running(caller, plan_id)
    if number not in {one.number for one in plan.coming(SHOWN)}:
        raise InvalidInput("This is not one of the next days of the plan.", field="number")
    skipped = tuple(sorted({*plan.skipped, number}))
    return _store(caller, replace(plan, skipped=skipped), "plan.skipped", number=str(number))


def unskip(caller: Caller, plan_id: str, number: int) -> Plan:
    """Take back a skip of a day that is still to come."""
    plan = _running(caller, plan_id)
    if number < plan.done or number not in plan.skipped:
        raise InvalidInput("This day is not skipped, or has passed.", field="number")
    skipped = tuple(one for one in plan.skipped if one != number)
    return _store(caller, replace(plan, skipped=skipped), "plan.unskipped", number=str(number))


def end(caller: Caller, plan_id: str) -> Plan:
    """Make nothing more, ever."""
    return _store(caller, replace(_running(caller, plan_id), ended=True), "plan.ended")


def edit(caller: Caller, plan_id: str, version: int, **changes: Any) -> Plan:
    """Other terms for the days to come; ``changes`` are fields of a plan and of its rule's end.

    ``version`` is that of the plan that was read. Raises Conflict when it is another by now,
    and InvalidInput naming the field.
    """
    plan = _running(caller, plan_id)
    if plan.version != version:
        raise Conflict(store.CHANGED)
    rule_changes = {name: changes.pop(name) for name in ("end", "count") if name in changes}
    if rule_changes and plan.rule is not None:
        changes["rule"] = replace(plan.rule, **rule_changes)
    if changes.get("amount") is not None:
        changes["amount"] = round_half_up(changes["amount"])
    if changes.get("send"):
        caller.must_have(Scope.SEND)
    after = replace(plan, **changes)
    if plan.bills_time != after.bills_time:
        raise InvalidInput("Make a new plan to bill something else.", field="amount")
    check_terms(after)
    return _store(caller, after, "plan.changed")


def _running(caller: Caller, plan_id: str) -> Plan:
    plan = store.get(caller.tenant_id, plan_id)
    if plan.ended:
        raise Conflict(OVER)
    return plan


def _store(caller: Caller, plan: Plan, act: str, **details: str) -> Plan:
    after = store.save(caller.tenant_id, plan)
    trail.record(caller, act, f"plan:{plan.plan_id}", **details)
    return after
