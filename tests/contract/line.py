"""The line between the SDK and the local Xero: leads it there and listens in.

The SDK keeps Xero's own addresses; only what it would open a connection with is replaced.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

import urllib3
from xero_python.accounting import models

from tests.contract import strict

HOSTS = ("https://identity.xero.com", "https://api.xero.com")
API = "/api.xro/2.0/"

# What an answer is a list of, by the last named part of the path.
LISTS = {
    "Organisation": "Organisations",
    "Actions": "Actions",
    "Accounts": "Accounts",
    "TaxRates": "TaxRates",
    "TrackingCategories": "TrackingCategories",
    "Options": "TrackingOptions",
    "Currencies": "Currencies",
    "BrandingThemes": "BrandingThemes",
    "Users": "Users",
    "Contacts": "Contacts",
    "Invoices": "Invoices",
    "OnlineInvoice": "OnlineInvoices",
    "History": "HistoryRecords",
    "Payments": "Payments",
    "CreditNotes": "CreditNotes",
    "Prepayments": "Prepayments",
    "Overpayments": "Overpayments",
    "Allocations": "Allocations",
    "Attachments": "Attachments",
}
# What one element of such a list is.
ELEMENTS = {
    "Accounts": "Account",
    "TaxRates": "TaxRate",
    "TrackingCategories": "TrackingCategory",
    "TrackingOptions": "TrackingOption",
    "Currencies": "Currency",
    "Contacts": "Contact",
    "Invoices": "Invoice",
    "HistoryRecords": "HistoryRecord",
    "Payments": "Payment",
    "CreditNotes": "CreditNote",
    "Allocations": "Allocation",
    "Attachments": "Attachment",
}


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    sent: object
    status: int
    mimetype: str
    answer: bytes

    def tree(self):
        return json.loads(self.answer, parse_float=Decimal)


class Line(urllib3.PoolManager):
    """Opens every connection to the local Xero, and keeps what passed."""

    def __init__(self, url):
        super().__init__()
        self.url = url
        self.exchanges = []

    def request(self, method, url, body=None, **more):
        for host in HOSTS:
            url = url.replace(host, self.url)
        answer = super().request(method, url, body=body, **more)
        self.exchanges.append(
            Exchange(
                method,
                urlsplit(url).path,
                json.loads(body, parse_float=Decimal) if body and _is_json(more) else None,
                answer.status,
                answer.headers.get("Content-Type", "").partition(";")[0],
                answer.data,
            )
        )
        return answer

    def faults(self):
        """Everything wrong with what has passed so far."""
        return [fault for e in self.exchanges for fault in exchange_faults(e)]


def _is_json(request):
    """A file goes as it is, and is no model's business."""
    return "json" in (request.get("headers") or {}).get("Content-Type", "")


def exchange_faults(exchange):
    """Judges an accounting exchange both ways; the others are not the models' business."""
    if not exchange.path.startswith(API):
        return []
    model = list_of(exchange.path)
    faults = _request_faults(exchange, model) + _answer_faults(exchange, model)
    return [f"{exchange.method} {exchange.path}: {fault}" for fault in faults]


def list_of(path):
    named = [part for part in path.removeprefix(API).split("/") if part in LISTS]
    return LISTS[named[-1]] if named else None


def _request_faults(exchange, model):
    if exchange.sent is None or exchange.path.endswith("/Email"):
        return []
    whole = getattr(models, model).attribute_map.values()
    kind = model if set(exchange.sent) & set(whole) else ELEMENTS[model]
    return strict.faults_of(exchange.sent, kind, kind)


def _answer_faults(exchange, model):
    if exchange.mimetype != "application/json":
        return []
    if exchange.status == 400:
        return strict.faults_of_refusal(exchange.tree(), ELEMENTS[model])
    return strict.faults_of_answer(exchange.tree(), model)
