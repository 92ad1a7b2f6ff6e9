"""Xero's accounting API over the books: routes, wire formats, filters and envelopes."""

from local.xero.accounting import (
    accounts,
    advances,
    attachments,
    contacts,
    credit_notes,
    invoices,
    payments,
    settings,
    tax_rates,
    tracking,
)
from local.xero.accounting.routing import blueprint

__all__ = [
    "accounts",
    "advances",
    "attachments",
    "blueprint",
    "contacts",
    "credit_notes",
    "invoices",
    "payments",
    "settings",
    "tax_rates",
    "tracking",
]
