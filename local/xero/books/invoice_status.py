"""Which status an invoice may move to, and what money does to it by itself."""

from local.xero.books.errors import Refused
from local.xero.books.records import Record
from local.xero.books.rounding import ZERO

HAS_PAYMENT = "This document cannot be edited as it has a payment or credit note allocated to it."
NOT_MODIFIABLE = "Invoice not of valid status for modification"
STARTING = frozenset({"DRAFT", "SUBMITTED", "AUTHORISED"})
APPROVED = frozenset({"AUTHORISED", "PAID"})
TERMINAL = frozenset({"VOIDED", "DELETED"})

# PAID is reached and left by money alone. SUBMITTED back to DRAFT is what the status
# page says; it has not been seen.
_MOVES = {
    "DRAFT": {"SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"DRAFT", "AUTHORISED", "DELETED"},
    "AUTHORISED": {"VOIDED"},
    "PAID": {"VOIDED"},
    "VOIDED": set(),
    "DELETED": set(),
}


def check_move(invoice: Record, wanted: str) -> None:
    """Raises Refused unless the invoice may go from its status to the wanted one."""
    present = invoice["Status"]
    if present in TERMINAL:
        raise Refused([NOT_MODIFIABLE])
    if wanted == present:
        return
    if wanted == "VOIDED" and has_money(invoice):
        raise Refused([HAS_PAYMENT])
    if wanted not in _MOVES[present]:
        raise Refused([NOT_MODIFIABLE])


def newly_approved(old: Record, invoice: Record) -> bool:
    """Whether a change, or the making, of a sales invoice is what approves it."""
    return (
        invoice["Type"] == "ACCREC"
        and invoice["Status"] in APPROVED
        and old.get("Status") not in APPROVED
    )


def live_payments(invoice: Record) -> list[Record]:
    return [p for p in invoice["Payments"] if p["Status"] == "AUTHORISED"]


def has_money(invoice: Record) -> bool:
    """Whether a payment or a credit stands against it, which fixes its amounts."""
    return bool(live_payments(invoice) or invoice["allocations"])


def settle(invoice: Record) -> None:
    """Brings the amounts, PAID and FullyPaidOnDate in line with payments and credits."""
    payments = live_payments(invoice)
    paid = sum((payment["Amount"] for payment in payments), ZERO)
    credited = sum((one["Amount"] for one in invoice["allocations"]), ZERO)
    due = invoice["Total"] - paid - credited
    if invoice["Status"] in TERMINAL:
        due = ZERO
    invoice.update(AmountPaid=paid, AmountCredited=credited, AmountDue=due)
    if invoice["Status"] in APPROVED:
        invoice["Status"] = "AUTHORISED" if due else "PAID"
    if invoice["Status"] == "PAID":
        days = (one["Date"] for one in (*payments, *invoice["allocations"]))
        invoice["FullyPaidOnDate"] = max(days, default=invoice["Date"])
    else:
        invoice.pop("FullyPaidOnDate", None)
