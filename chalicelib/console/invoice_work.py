"""What the page of an invoice says of the work on it, of deposits, and of a fresh draft."""

from chalicelib.invoices import deposits
from chalicelib.invoices.deductions import deposits_in
from chalicelib.invoices.deposits import Deposit
from chalicelib.invoices.mirror import XeroStatus
from chalicelib.invoices.model import EDITABLE, Invoice, InvoiceKind, InvoiceState

CREDITABLE = frozenset({XeroStatus.AUTHORISED.value, XeroStatus.PAID.value})


def own_deposit(tenant_id: str, invoice: Invoice) -> Deposit | None:
    """How much of a deposit is left; None for any other invoice."""
    is_one = invoice.kind is InvoiceKind.DEPOSIT and invoice.deposit
    return deposits.get(tenant_id, invoice.invoice_id) if is_one else None


def offered(tenant_id: str, invoice: Invoice) -> list[Deposit]:
    """The deposits that a draft may take off and does not."""
    if invoice.state not in EDITABLE or invoice.kind is InvoiceKind.DEPOSIT:
        return []
    held = deposits_in(invoice)
    return [
        one
        for one in deposits.of_client(tenant_id, invoice.client_id)
        if one.invoice.invoice_id not in held and deposits.fits(one.invoice, invoice)
    ]


def in_xero(invoice: Invoice) -> bool:
    """Whether Xero has it and it has not ended, so that a change has to be written there."""
    mirror = invoice.mirror
    return invoice.state is InvoiceState.SENT and mirror is not None and not mirror.ended


def creditable(invoice: Invoice) -> bool:
    """Whether Xero takes a credit note of it, and something is left to credit."""
    return in_xero(invoice) and invoice.xero_status in CREDITABLE and not invoice.taken_back


def held(invoice: Invoice) -> str:
    """What an invoice holds, in words: "its 3 time records and its part of a fixed price"."""
    works = [line.work for line in invoice.lines if line.work]
    found = [
        _counted(invoice.records, "time record"),
        _counted(invoice.materials, "material"),
        "its part of a fixed price" if any(work.drawn for work in works) else "",
        "the deposit it takes off" if any(work.deposit_id for work in works) else "",
    ]
    *some, last = [*filter(None, found)] or ["its work"]
    return f"{', '.join(some)} and {last}" if some else last


def again(invoice: Invoice) -> str:
    """Where the work that an invoice gave back can be billed anew; nothing for others."""
    over = invoice.released and invoice.taken_back
    return f"/invoices/new?again={invoice.invoice_id}" if over and invoice.project_ids else ""


def _counted(count: int, what: str) -> str:
    return f"its {count} {what}{'' if count == 1 else 's'}" if count else ""
