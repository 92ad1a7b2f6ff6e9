"""Billing plans: instalments on fixed dates, each made into a draft exactly once.

A plan's next date, as a moment, puts it into an index; ``billing_run`` reads only plans whose
moment has come. The instalment's invoice has its id from the plan, so that a repetition finds
what is there.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.update import Action

from chalicelib.clock import stamp
from chalicelib.errors import Conflict, NotFound
from chalicelib.invoices.rows import PlanRow
from chalicelib.people.time_zones import zone

DUE = "plans-due"
PLAN = "plan#"


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is billed on one day; ``invoice_id`` is set once its draft was made."""

    date: dt.date
    description: str
    amount: Decimal
    invoice_id: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Instalments of one client, in order of date; days are those of ``time_zone``."""

    plan_id: str
    client_id: str
    client_name: str
    currency: str
    time_zone: str
    instalments: tuple[Instalment, ...]
    project_id: str = ""
    reference: str = ""
    send: bool = False
    created_by: str = ""
    version: int = 0

    @property
    def waiting(self) -> tuple[tuple[int, Instalment], ...]:
        """Instalments that are not made yet, with their places."""
        return tuple(
            (place, one) for place, one in enumerate(self.instalments) if not one.invoice_id
        )

    @property
    def due_at(self) -> dt.datetime | None:
        """The first moment of the next instalment's day, None when all are made."""
        return min((begins(one.date, self.time_zone) for _, one in self.waiting), default=None)


def begins(day: dt.date, time_zone: str) -> dt.datetime:
    """The first moment of a day in a time zone, in UTC."""
    return dt.datetime.combine(day, dt.time(), zone(time_zone)).astimezone(dt.UTC)


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


def due(now: dt.datetime) -> Iterator[tuple[str, str]]:
    """Tenant and id of every plan with an instalment whose day has begun."""
    for row in PlanRow.listing.query(
        DUE, PlanRow.listing_order <= f"{stamp(now)}~", attributes_to_get=["pk", "sk"]
    ):
        yield row.pk, row.sk.removeprefix(PLAN)


def made(tenant_id: str, plan_id: str, place: int, invoice_id: str) -> None:
    """Note the invoice of an instalment; raises Conflict when the plan changed meanwhile."""
    plan = get(tenant_id, plan_id)
    if plan.instalments[place].invoice_id:
        return
    instalments = list(plan.instalments)
    instalments[place] = replace(instalments[place], invoice_id=invoice_id)
    after = replace(plan, instalments=tuple(instalments), version=plan.version + 1)
    key, order = _place(tenant_id, after)
    actions: list[Action] = [PlanRow.plan.set(_text(after)), PlanRow.version.set(after.version)]
    if key is None or order is None:
        actions += [PlanRow.listing_key.remove(), PlanRow.listing_order.remove()]
    else:
        actions += [PlanRow.listing_key.set(key), PlanRow.listing_order.set(order)]
    try:
        PlanRow(tenant_id, PLAN + plan_id).update(
            actions=actions, condition=PlanRow.version == plan.version
        )
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            raise Conflict("This billing plan was changed meanwhile.") from None
        raise


def in_order(instalments: Sequence[Instalment]) -> tuple[Instalment, ...]:
    """By date, those of one day as given."""
    return tuple(sorted(instalments, key=lambda one: one.date))


def _place(tenant_id: str, plan: Plan) -> tuple[str, str] | tuple[None, None]:
    due_at = plan.due_at
    if due_at is None:
        return None, None
    return DUE, f"{stamp(due_at)}#{tenant_id}#{plan.plan_id}"


def _text(plan: Plan) -> str:
    return msgspec.json.encode(plan).decode()


def _plan(row: PlanRow) -> Plan:
    return replace(msgspec.json.decode(row.plan, type=Plan), version=int(row.version))
