"""Noticing, whenever Xero tells of an invoice, that it has it otherwise than it is here."""

from chalicelib import wiring
from chalicelib.invoices import drift, drift_store
from chalicelib.invoices.drift import Difference
from chalicelib.invoices.mirror import ENDED
from chalicelib.invoices.model import Drift, Invoice
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice


def noticed(
    tenant_id: str, invoice: Invoice, record: XeroInvoice, *, by_us: bool = False
) -> Drift | None:
    """How the invoice differs from this record; what is new is kept before it is told.

    Differences that somebody lets be stay so until they are others. ``by_us`` says that it was
    ended from here. An invoice that had ended before differs no more and no less than it did.
    """
    if record.status in ENDED:
        if by_us:
            return None
        if invoice.mirror and invoice.mirror.ended:
            return invoice.drift
    found = differences(tenant_id, invoice, record)
    seen = drift.fingerprint(found)
    if not found:
        return None
    if invoice.drift and invoice.drift.seen == seen:
        return invoice.drift
    drift_store.keep(tenant_id, invoice.invoice_id, found)
    return Drift(seen, len(found), wiring.current().clock.now())


def differences(tenant_id: str, invoice: Invoice, record: XeroInvoice) -> tuple[Difference, ...]:
    """What differs now; of an invoice that was ended in Xero, that alone."""
    if record.status in ENDED:
        return drift.ending(invoice, record)
    here, now = drift.ours(invoice), drift.theirs(record)
    if not drift.compare(here, here, now):
        return ()
    return drift.compare(drift_store.as_sent(tenant_id, invoice), here, now)
