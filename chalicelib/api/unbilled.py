"""Unbilled work, by client and project."""

from datetime import date

import msgspec

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import Amount, List, amount
from chalicelib.invoices.build import hours
from chalicelib.money import Money
from chalicelib.people.caller import Scope
from chalicelib.work import unbilled_list
from chalicelib.work.model import ProjectKind
from chalicelib.work.unbilled_list import Waiting

api = API(__name__)


class UnbilledView(msgspec.Struct):
    """A project's billable work on no invoice; amounts are before tax.

    ``amount`` is what can be billed: time and materials at their prices, of a fixed price what
    is ``remaining`` of it instead of its time. It leaves out ``unpriced_minutes`` and
    ``unpriced_materials``. Not ``complete`` means: there is more than was counted.
    """

    client_id: str
    client_name: str
    project_id: str
    project_name: str
    project_code: str
    project_archived: bool
    kind: ProjectKind
    records: int
    minutes: int
    hours: str
    materials: int
    time_amount: Amount
    materials_amount: Amount
    remaining: Amount | None
    amount: Amount
    unpriced_minutes: int
    unpriced_materials: int
    oldest: date
    complete: bool


@api.get(
    "/unbilled",
    scope=Scope.READ,
    answer=List[UnbilledView],
    query={**query.PAGED, "client_id": "of this client only"},
)
def list_unbilled(call: Call) -> List[UnbilledView]:
    """Projects with unbilled work: every billable piece is here, or on exactly one live invoice.

    A page may be short and not the last.
    """
    found = unbilled_list.listing(
        call.tenant_id,
        client_id=call.query.get("client_id"),
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
    )
    return List([_view(one) for one in found], found.next)


def _view(one: Waiting) -> UnbilledView:
    project, currency = one.project, one.project.currency
    return UnbilledView(
        client_id=one.client.client_id,
        client_name=one.client.name,
        project_id=project.project_id,
        project_name=project.name,
        project_code=project.code,
        project_archived=project.archived,
        kind=project.kind,
        records=one.time.records,
        minutes=one.time.minutes,
        hours=f"{hours(one.time.minutes):f}",
        materials=one.goods.count,
        time_amount=amount(one.time.amount),
        materials_amount=amount(Money(one.goods.amount, currency)),
        remaining=amount(Money(project.remaining, currency)) if project.fixed else None,
        amount=amount(one.amount),
        unpriced_minutes=one.time.unrated_minutes,
        unpriced_materials=one.goods.unpriced,
        oldest=one.oldest,
        complete=one.complete,
    )
