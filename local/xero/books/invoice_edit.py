"""What may still be changed once money is allocated, and which changes leave no trace."""

from local.xero.books.errors import Refused
from local.xero.books.invoice_status import HAS_PAYMENT, NOT_MODIFIABLE, has_money
from local.xero.books.records import Record

_FIXED_HEADER = ("Date", "LineAmountTypes", "CurrencyCode", "CurrencyRate", "PlannedPaymentDate")
_FIXED_IN_LINE = (
    "Quantity",
    "UnitAmount",
    "LineAmount",
    "TaxType",
    "TaxAmount",
    "DiscountRate",
    "DiscountAmount",
    "ItemCode",
)
# Changing only these on a part-paid document does not move UpdatedDateUTC.
_BLIND = frozenset({"DueDate", "SentToContact"})


def check_allowed(invoice: Record, sent: Record) -> None:
    """Raises Refused when a request changes what a payment has fixed."""
    changed = any(n in sent and sent[n] != invoice.get(n) for n in _FIXED_HEADER)
    if changed or _lines_changed(invoice["LineItems"], sent.get("LineItems")):
        raise Refused([NOT_MODIFIABLE if invoice["Status"] == "PAID" else HAS_PAYMENT])


def _lines_changed(kept: list[Record], sent: list[Record] | None) -> bool:
    if sent is None:
        return False
    by_id = {line["LineItemID"]: line for line in kept}
    ids = [line.get("LineItemID", "").lower() for line in sent]
    if sorted(ids) != sorted(by_id):
        return True
    return any(
        name in line and line[name] != by_id[line_id].get(name)
        for line_id, line in zip(ids, sent, strict=True)
        for name in _FIXED_IN_LINE
    )


def leaves_no_trace(old: Record, invoice: Record) -> bool:
    """Whether a saved change is one of Xero's blind spots for UpdatedDateUTC."""
    if not old or not has_money(old):
        return False
    names = set(old) | set(invoice)
    changed = {name for name in names if old.get(name) != invoice.get(name)}
    return bool(changed) and changed <= _BLIND
