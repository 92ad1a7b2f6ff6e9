"""What invoices are judged against, read as it stands now."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from chalicelib.connection import store as connections
from chalicelib.errors import NotFound
from chalicelib.invoices import deposits, totals
from chalicelib.invoices.deductions import deposits_in
from chalicelib.invoices.model import Invoice
from chalicelib.invoices.preflight import Facts, TaxFact
from chalicelib.reference import small_lists
from chalicelib.reference import store as reference
from chalicelib.reference.model import Account, TaxRate
from chalicelib.reference.small_lists import SmallLists
from chalicelib.work import clients
from chalicelib.work.model import Client

FactsOf = Callable[[Invoice], Facts]
ClientOf = Callable[[str], Client | None]


class Codes(NamedTuple):
    """What the lines of invoices may bear."""

    accounts: Iterable[Account]
    tax_rates: Iterable[TaxRate]


def load(tenant_id: str, organisation_id: str | None = None) -> FactsOf:
    """Read the tenant's codes once; the answer gives the facts of one invoice after another.

    Who knows which organisation is connected names it, and spares a request.
    """
    if organisation_id is None:
        organisation_id = connections.get(tenant_id).organisation_id
    known: dict[str, Client | None] = {}

    def client_of(client_id: str) -> Client | None:
        if client_id not in known:
            known[client_id] = _client(tenant_id, client_id, organisation_id)
        return known[client_id]

    return of(
        tenant_id,
        organisation_id,
        Codes(
            reference.accounts(tenant_id, organisation_id),
            reference.tax_rates(tenant_id, organisation_id),
        ),
        small_lists.everything(tenant_id, organisation_id),
        client_of,
    )


def of(
    tenant_id: str, organisation_id: str, codes: Codes, short: SmallLists, client_of: ClientOf
) -> FactsOf:
    """The same of what was read before; the deposits that an invoice takes off are read here."""
    usable = {account.code: account.usable_for_lines for account in codes.accounts}
    rates = {rate.tax_type: _fact(rate) for rate in codes.tax_rates}
    categories = {one.category_id: one for one in short.tracking}
    currencies = frozenset(one.code for one in short.currencies)

    def facts(invoice: Invoice) -> Facts:
        ended = frozenset(deposits.ended_among(tenant_id, deposits_in(invoice)))
        return Facts(
            client_of(invoice.client_id),
            usable,
            rates,
            organisation_id,
            categories,
            ended,
            currencies,
            short.organisation,
        )

    return facts


def _fact(rate: TaxRate) -> TaxFact:
    percent = totals.percentage(rate.components, rate.effective_rate)
    return TaxFact(percent, rate.usable_for_lines)


def _client(tenant_id: str, client_id: str, organisation_id: str) -> Client | None:
    try:
        return clients.get(tenant_id, client_id, organisation_id=organisation_id)
    except NotFound:
        return None
