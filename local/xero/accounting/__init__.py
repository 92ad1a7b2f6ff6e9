"""Xero's accounting API over the books: routes, wire formats, filters and envelopes."""

from local.xero.accounting import (
    accounts,
    contacts,
    invoices,
    payments,
    settings,
    tax_rates,
    tracking,
)
from local.xero.accounting.routing import blueprint

__all__ = [
    "accounts",
    "blueprint",
    "contacts",
    "invoices",
    "payments",
    "settings",
    "tax_rates",
    "tracking",
]
