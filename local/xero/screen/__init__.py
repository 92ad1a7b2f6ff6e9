"""The small screen on which a person plays Xero's side."""

from local.xero.screen import apps, contacts, invoices, settings
from local.xero.screen.blueprint import blueprint

__all__ = ["apps", "blueprint", "contacts", "invoices", "settings"]
