"""Requests to DynamoDB of one click that sends one invoice, counted at its client.

The real code runs in this process, against tables in memory and the local Xero. What is counted
is requests, as the network sees them: reading many rows of several tables is one, a transaction
is one. Beside each stand the items that it reads or writes, which is what DynamoDB charges for,
those of a transaction twice. A process that has just started also reads the end of the trail and
its token once. What each is for is in ``docs/adr/0016``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalicelib.invoices import send, store
from chalicelib.invoices.model import Invoice, InvoiceState
from chalicelib.people import api_keys
from chalicelib.storage.rows import transaction_connection
from tests.invoices.fault_lab import TENANT, Lab, lab, line

LIMIT = 8


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its operation, the tables that it is about, and how many items."""

    operation: str
    tables: str
    items: int


def measure() -> list[Request]:
    """Each request of a click in order, from finding out who clicks to the end."""
    with lab() as made:
        _, key = api_keys.make(made.caller, "Bench", ["send"])
        for _ in range(2):
            _click(key, made.draft(line(12_000)))
        invoice = made.draft(line(12_000))
        with _counted() as requests:
            _click(key, invoice)
        _demand_sent(made, invoice)
    return requests


def _click(key: str, invoice: Invoice) -> None:
    send.start(api_keys.caller_of(key), [invoice.invoice_id])


def _demand_sent(made: Lab, invoice: Invoice) -> None:
    there = len(made.documents(invoice.invoice_id))
    if store.get(TENANT, invoice.invoice_id).state is not InvoiceState.SENT or there != 1:
        raise RuntimeError("The click did not send it, so that there is nothing to count.")


@contextmanager
def _counted() -> Iterator[list[Request]]:
    requests: list[Request] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        requests.append(_request(model.name, params))

    events = transaction_connection().client.meta.events
    events.register("provide-client-params.dynamodb.*", note)
    try:
        yield requests
    finally:
        events.unregister("provide-client-params.dynamodb.*", note)


def _request(operation: str, params: dict[str, Any]) -> Request:
    if "RequestItems" in params:
        asked = {table: len(one["Keys"]) for table, one in params["RequestItems"].items()}
    elif "TransactItems" in params:
        acts = [act for item in params["TransactItems"] for act in item.values()]
        tables = [act["TableName"] for act in acts]
        asked = {table: tables.count(table) for table in tables}
    else:
        asked = {params["TableName"]: 1}
    names = ", ".join(sorted(table.removeprefix("test-") for table in asked))
    return Request(operation, names, sum(asked.values()))
