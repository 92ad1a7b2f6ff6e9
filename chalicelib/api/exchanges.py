"""Exchanges with Xero that did or failed something."""

import msgspec

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.dispatch.exchanges import Exchange, Outcome, Wanted, listing
from chalicelib.dispatch.failures import sentence_of
from chalicelib.invoices import store
from chalicelib.people.caller import Scope

api = API(__name__)

FILTERS = {
    **query.PAGED,
    "kind": "one kind of work, such as send-invoices",
    "outcome": "done, partly or failed",
    "invoice_id": "only what was about this invoice",
}


class ExchangeView(msgspec.Struct):
    """A call to Xero: ``kind`` and ``job_id`` are those of the work it was made for.

    ``path`` has names in place of ids. ``status`` is null when no answer came; ``failure`` is the
    code of the error, and ``sentence`` what came of it in words. ``correlation_id`` is Xero's own
    name of the exchange, for its support.
    """

    at: str
    kind: str
    job_id: str
    method: str
    path: str
    outcome: str
    status: int | None
    failure: str
    sentence: str
    correlation_id: str
    milliseconds: int
    invoice_ids: list[str]


@api.get("/exchanges", scope=Scope.READ, answer=List[ExchangeView], query=FILTERS)
def list_exchanges(call: Call) -> List[ExchangeView]:
    """Exchanges of the last ninety days, newest first; a page may be short and not the last.

    Looks that found nothing new are counted (usage) and not kept.
    """
    invoice_id = call.query.get("invoice_id", "")
    if invoice_id:
        store.get(call.tenant_id, invoice_id)
    wanted = Wanted(
        call.query.get("kind", ""),
        query.one_of(call, "outcome", [one.value for one in Outcome]) or "",
        invoice_id,
    )
    after, limit = call.query.get("cursor"), query.limit(call)
    found = listing(call.tenant_id, wanted, limit=limit, after=after)
    return List([_view(one) for one in found], found.next)


def _view(one: Exchange) -> ExchangeView:
    return ExchangeView(
        at=one.at,
        kind=one.kind,
        job_id=one.job_id,
        method=one.method,
        path=one.path,
        outcome=one.outcome.value,
        status=one.status,
        failure=one.failure,
        sentence=sentence_of(one.failure) or one.said,
        correlation_id=one.correlation_id,
        milliseconds=one.milliseconds,
        invoice_ids=list(one.invoice_ids),
    )
