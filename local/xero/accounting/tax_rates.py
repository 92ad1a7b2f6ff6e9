"""/TaxRates. Never paged; one rate per write."""

from flask import Response

from local.xero.accounting import show
from local.xero.accounting.batch import one
from local.xero.accounting.listing import filtered
from local.xero.accounting.query import Query
from local.xero.accounting.read import elements
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.schemas import TAX_RATE
from local.xero.accounting.wire import envelope
from local.xero.books.records import Record


@blueprint.get("/TaxRates")
def list_tax_rates() -> Response:
    found = filtered(books().tax_rates.all(), Query("where order"), TAX_RATE)
    return envelope("TaxRates", [show.public(rate) for rate in found])


@blueprint.get("/TaxRates/<key>")
def get_tax_rate(key: str) -> Response:
    Query()
    return envelope("TaxRates", [show.public(books().tax_rates.get(key))])


@blueprint.put("/TaxRates")
def create_tax_rate() -> Response:
    Query()
    sent = elements("TaxRates", "TaxRate", TAX_RATE)[0]
    return one("TaxRates", lambda: show.public(books().tax_rates.create(sent)), sent, "TaxType")


@blueprint.post("/TaxRates")
def save_tax_rate() -> Response:
    """Updates the rate of that TaxType or name, else creates one."""
    Query()
    sent = elements("TaxRates", "TaxRate", TAX_RATE)[0]
    return one("TaxRates", lambda: show.public(_save(sent)), sent, "TaxType")


def _save(sent: Record) -> Record:
    rates = books().tax_rates
    for rate in rates.all():
        if sent.get("TaxType", "") == rate["TaxType"] or sent.get("Name") == rate["Name"]:
            return rates.update(rate, sent)
    return rates.create(sent)
