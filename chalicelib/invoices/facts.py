"""What invoices are judged against, read as it stands now."""

from collections.abc import Callable

from chalicelib.connection import store as connections
from chalicelib.errors import NotFound
from chalicelib.invoices import deposits, totals
from chalicelib.invoices.deductions import deposits_in
from chalicelib.invoices.model import Invoice
from chalicelib.invoices.preflight import Facts, TaxFact
from chalicelib.reference import small_lists
from chalicelib.reference import store as reference
from chalicelib.work import clients
from chalicelib.work.model import Client


def load(tenant_id: str, organisation_id: str | None = None) -> Callable[[Invoice], Facts]:
    """Read the tenant's codes once; the answer gives the facts of one invoice after another.

    Who knows which organisation is connected names it, and spares a request.
    """
    if organisation_id is None:
        organisation_id = connections.get(tenant_id).organisation_id
    accounts = {
        account.code: account.usable_for_lines
        for account in reference.accounts(tenant_id, organisation_id)
    }
    rates = {
        rate.tax_type: TaxFact(
            totals.percentage(rate.components, rate.effective_rate), rate.usable_for_lines
        )
        for rate in reference.tax_rates(tenant_id, organisation_id)
    }
    short = small_lists.everything(tenant_id, organisation_id)
    categories = {one.category_id: one for one in short.tracking}
    currencies = frozenset(one.code for one in short.currencies)
    known: dict[str, Client | None] = {}

    def of(invoice: Invoice) -> Facts:
        if invoice.client_id not in known:
            known[invoice.client_id] = _client(tenant_id, invoice.client_id, organisation_id)
        ended = frozenset(deposits.ended_among(tenant_id, deposits_in(invoice)))
        return Facts(
            known[invoice.client_id],
            accounts,
            rates,
            organisation_id,
            categories,
            ended,
            currencies,
            short.organisation,
        )

    return of


def _client(tenant_id: str, client_id: str, organisation_id: str) -> Client | None:
    try:
        return clients.get(tenant_id, client_id, organisation_id=organisation_id)
    except NotFound:
        return None
