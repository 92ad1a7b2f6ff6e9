"""Where plans are kept: in the table of invoices, found by the moment of their next day."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.update import Action

from chalicelib.clock import stamp
from chalicelib.errors import Conflict, NotFound
from chalicelib.invoices.rows import ListingIndex
from chalicelib.plans.model import Plan
from chalicelib.storage.rows import Row

DUE = "plans-due"
PLAN = "plan#"
CHANGED = "This billing plan was changed meanwhile. Look at it again."


class PlanRow(Row):
    """A billing plan as JSON; in the listing index by its next day while it has one."""

    table = "invoices"

    class Meta:
        pass

    listing_key = UnicodeAttribute(null=True)
    listing_order = UnicodeAttribute(null=True)
    plan = UnicodeAttribute()
    version = NumberAttribute()

    listing = ListingIndex()


def add(tenant_id: str, plan: Plan) -> None:
    """Store a new plan."""
    row = PlanRow(tenant_id, PLAN + plan.plan_id, plan=_text(plan), version=0)
    row.listing_key, row.listing_order = _place(tenant_id, plan)
    row.save(condition=PlanRow.pk.does_not_exist())


def get(tenant_id: str, plan_id: str) -> Plan:
    """The plan as last stored; raises NotFound."""
    try:
        row = PlanRow.get(tenant_id, PLAN + plan_id, consistent_read=True)
    except DoesNotExist:
        raise NotFound("There is no such billing plan.") from None
    return _plan(row)


def of_tenant(tenant_id: str) -> list[Plan]:
    """All plans of a tenant, oldest first."""
    rows = PlanRow.query(tenant_id, PlanRow.sk.startswith(PLAN))
    return [_plan(row) for row in rows]


def soonest(tenant_id: str) -> list[Plan]:
    """The plans that have a day to come, the soonest first; those that rest are left out."""
    waiting = [(plan.due_at, plan.plan_id, plan) for plan in of_tenant(tenant_id)]
    return [plan for _, _, plan in sorted(one for one in waiting if one[0] is not None)]


def due(now: dt.datetime) -> Iterator[tuple[str, str]]:
    """Tenant and id of every plan whose next day has begun."""
    for row in PlanRow.listing.query(
        DUE, PlanRow.listing_order <= f"{stamp(now)}~", attributes_to_get=["pk", "sk"]
    ):
        yield row.pk, row.sk.removeprefix(PLAN)


def save(tenant_id: str, plan: Plan) -> Plan:
    """Store a change; raises Conflict when the plan is no longer what was read."""
    after = replace(plan, version=plan.version + 1)
    key, order = _place(tenant_id, after)
    actions: list[Action] = [PlanRow.plan.set(_text(after)), PlanRow.version.set(after.version)]
    if key is None or order is None:
        actions += [PlanRow.listing_key.remove(), PlanRow.listing_order.remove()]
    else:
        actions += [PlanRow.listing_key.set(key), PlanRow.listing_order.set(order)]
    try:
        PlanRow(tenant_id, PLAN + plan.plan_id).update(
            actions=actions, condition=PlanRow.version == plan.version
        )
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            raise Conflict(CHANGED) from None
        raise
    return after


def _place(tenant_id: str, plan: Plan) -> tuple[str, str] | tuple[None, None]:
    due_at = plan.due_at
    if due_at is None:
        return None, None
    return DUE, f"{stamp(due_at)}#{tenant_id}#{plan.plan_id}"


def _text(plan: Plan) -> str:
    return msgspec.json.encode(plan).decode()


def _plan(row: PlanRow) -> Plan:
    return replace(msgspec.json.decode(row.plan, type=Plan), version=int(row.version))
