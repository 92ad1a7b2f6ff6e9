"""The way from an invoice here to the same invoice in Xero's own pages."""

from chalicelib.connection.model import Connection
from chalicelib.invoices.model import Invoice
from chalicelib.settings import Settings

XERO_LOGIN = "https://login.xero.com"
XERO_PAGES = "https://go.xero.com"


def in_xero(invoice: Invoice, connection: Connection, settings: Settings) -> str:
    """The invoice's page in Xero; nothing while it is not there, or its books are not ours."""
    if invoice.mirror is None or invoice.organisation_id != connection.organisation_id:
        return ""
    home = settings.xero_login_url
    pages = XERO_PAGES if home == XERO_LOGIN else home
    return f"{pages}/app/{connection.short_code}/invoicing/view/{invoice.mirror.xero_invoice_id}"
