"""Everything Workbill asks of the accounting API, as one object per organisation and token."""

from chalicelib.xero.resources.contacts import ContactCalls
from chalicelib.xero.resources.credit_notes import CreditNoteCalls
from chalicelib.xero.resources.invoice_extras import InvoiceExtras
from chalicelib.xero.resources.invoice_writes import InvoiceWrites
from chalicelib.xero.resources.invoices import InvoiceReads
from chalicelib.xero.resources.payments import PaymentCalls
from chalicelib.xero.resources.settings import SettingsCalls


class Accounting(
    SettingsCalls,
    ContactCalls,
    InvoiceReads,
    InvoiceWrites,
    InvoiceExtras,
    PaymentCalls,
    CreditNoteCalls,
):
    """The books of one organisation, reached by one access token.

    Reads are repeated once or twice on a passing fault; writes never. It keeps no state, so it
    is made anew for every token.
    """
