"""/Prepayments and /Overpayments: read, and spent on invoices; the bank's side makes them."""

from flask import Response

from local.xero.accounting import allocations, history, show
from local.xero.accounting.listing import among, changed, filtered
from local.xero.accounting.query import Query, paged
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.schemas import CREDIT
from local.xero.accounting.wire import envelope
from local.xero.books.advances import Advances

_EITHER = "<any(Prepayments,Overpayments):plural>"


def _ledger(plural: str) -> Advances:
    return books().prepayments if plural == "Prepayments" else books().overpayments


@blueprint.get(f"/{_EITHER}")
def list_advances(plural: str) -> Response:
    query = Query("where order page pageSize unitdp References")
    ledger = _ledger(plural)
    kind = ledger.kind
    found = filtered(changed(ledger.all(), kind.id_field), query, CREDIT)
    found = among(found, "Reference", query.listed("References"))
    if query.page is None:
        return envelope(plural, [show.credit_plain(kind, c, query.unitdp) for c in found])
    found, about = paged(found, query.page, query.page_size)
    return envelope(plural, [show.credit_paged(kind, c, query.unitdp) for c in found], about)


@blueprint.get(f"/{_EITHER}/<key>")
def get_advance(plural: str, key: str) -> Response:
    query = Query("unitdp")
    ledger = _ledger(plural)
    return envelope(plural, [show.credit(ledger.kind, ledger.get(key), query.unitdp)])


@blueprint.put(f"/{_EITHER}/<key>/Allocations")
def allocate_advance(plural: str, key: str) -> Response:
    ledger = _ledger(plural)
    return allocations.spent(ledger, ledger.get(key))


@blueprint.delete(f"/{_EITHER}/<key>/Allocations/<allocation_id>")
def delete_advance_allocation(plural: str, key: str, allocation_id: str) -> Response:
    ledger = _ledger(plural)
    return allocations.taken_back(ledger, ledger.get(key), allocation_id)


@blueprint.get(f"/{_EITHER}/<key>/History")
def get_advance_history(plural: str, key: str) -> Response:
    ledger = _ledger(plural)
    return history.listed(str(ledger.get(key)[ledger.kind.id_field]))


@blueprint.put(f"/{_EITHER}/<key>/History")
def add_advance_history(plural: str, key: str) -> Response:
    ledger = _ledger(plural)
    return history.noted(lambda: str(ledger.get(key)[ledger.kind.id_field]))
