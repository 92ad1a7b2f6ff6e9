"""The Allocations sub-resource of any credit."""

from flask import Response

from local.xero.accounting import show
from local.xero.accounting.batch import save_all
from local.xero.accounting.query import Query
from local.xero.accounting.read import elements
from local.xero.accounting.schemas import ALLOCATION
from local.xero.accounting.wire import answer, pick, wire
from local.xero.books.credits import Credits
from local.xero.books.records import Record


def spent(ledger: Credits, credit: Record) -> Response:
    """Allocates to invoices as the request says."""
    query = Query("summarizeErrors")
    sent = elements("Allocations", "Allocation", ALLOCATION)

    def save(element: Record) -> tuple[Record, list[str]]:
        made = ledger.allocate(credit, element)
        named = {ledger.kind.name: pick(credit, (ledger.kind.id_field,))}
        return {**show.allocation_in_credit(made), **named, "ValidationErrors": []}, []

    return save_all("Allocations", sent, save, "AllocationID", summarize=query.summarize_errors)


def taken_back(ledger: Credits, credit: Record, allocation_id: str) -> Response:
    """Undoes one allocation; the answer is the allocation alone, marked as deleted."""
    Query()
    gone = ledger.take_back(credit, allocation_id)
    return answer(wire({**show.allocation_in_credit(gone), "IsDeleted": True}))
