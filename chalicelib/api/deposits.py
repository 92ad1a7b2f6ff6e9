"""Deposits: invoiced ahead, and taken off later invoices."""

import datetime as dt

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import Amount, List, amount
from chalicelib.errors import InvalidInput
from chalicelib.invoices import deposits
from chalicelib.invoices.line import LineAmountTypes
from chalicelib.money import Money
from chalicelib.people.caller import Scope
from chalicelib.work import clients

api = API(__name__)


class DepositView(msgspec.Struct):
    """A deposit that can be taken off; ``id`` is that of its invoice.

    Amounts are with tax or without, as ``line_amount_types`` says.
    """

    id: str
    number: str
    date: dt.date
    project_ids: list[str]
    line_amount_types: LineAmountTypes
    amount: Amount
    remaining: Amount


@api.get(
    "/deposits",
    scope=Scope.READ,
    answer=List[DepositView],
    query={"client_id": "the client; needed"},
)
def list_deposits(call: Call) -> List[DepositView]:
    """A client's deposits of which something is left, the oldest first."""
    client_id = call.query.get("client_id")
    if not client_id:
        raise InvalidInput("Say which client: client_id.", field="client_id")
    client = clients.get(call.tenant_id, client_id)
    found = deposits.of_client(call.tenant_id, client.client_id)
    return List(
        [
            DepositView(
                id=one.invoice.invoice_id,
                number=one.invoice.number,
                date=one.invoice.date,
                project_ids=list(one.invoice.project_ids),
                line_amount_types=one.invoice.line_amount_types,
                amount=amount(Money(one.invoice.deposit, one.invoice.currency)),
                remaining=amount(Money(one.remaining, one.invoice.currency)),
            )
            for one in found
        ]
    )
