"""What a change of an invoice tells other programs; pure, and read from the invoice alone."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from chalicelib.events.model import EventKind, Happening
from chalicelib.invoices.mirror import CREDIT_NOTE, LedgerEntry, Mirror
from chalicelib.invoices.model import Invoice, InvoiceState

MOST_PROBLEMS = 5
"""Of an invoice with a thousand lines at fault, the first few tell enough."""


def ended(invoices: Iterable[Invoice]) -> list[Happening]:
    """What is told of invoices whose sending was settled: sent, or not."""
    found = []
    for invoice in invoices:
        if invoice.state is InvoiceState.SENT:
            found.append(Happening(EventKind.INVOICE_SENT, facts(invoice)))
        elif invoice.state is InvoiceState.FAILED:
            data = {**facts(invoice), "problems": _problems(invoice)}
            found.append(Happening(EventKind.SEND_FAILED, data))
    return found


def between(before: Invoice, after: Invoice) -> list[Happening]:
    """What is told of a change: sending that was settled, status, and money that came or went."""
    if before.state is not after.state:
        return ended([after])
    was, now = before.mirror, after.mirror
    if was is None or now is None:
        return []
    found = []
    if was.status != now.status:
        data = {**facts(after), "previous_status": was.status}
        found.append(Happening(EventKind.STATUS_CHANGED, data))
    for kind, entries in (
        (EventKind.PAYMENT_RECEIVED, _new(was, now)),
        (EventKind.PAYMENT_REMOVED, _new(now, was)),
    ):
        found += [Happening(kind, {**facts(after), "payment": _paid(one)}) for one in entries]
    return found


def facts(invoice: Invoice) -> dict[str, Any]:
    """The invoice as it stands, in plain values; amounts are decimals in strings."""
    mirror = invoice.mirror
    return {
        "invoice_id": invoice.invoice_id,
        "number": invoice.number,
        "reference": invoice.reference,
        "client_id": invoice.client_id,
        "client_name": invoice.client_name,
        "currency": invoice.currency,
        "total": _amount(mirror.totals.total if mirror else invoice.totals.total),
        "amount_due": _amount(mirror.amount_due) if mirror else None,
        "amount_paid": _amount(mirror.amount_paid) if mirror else None,
        "status": mirror.status if mirror else None,
        "xero_invoice_id": mirror.xero_invoice_id if mirror else None,
        "organisation_id": invoice.organisation_id,
    }


def _new(was: Mirror, now: Mirror) -> list[LedgerEntry]:
    """Money that stands in ``now`` alone; a credit note is none."""
    known = {one.entry_id for one in was.ledger}
    return [one for one in now.ledger if one.kind != CREDIT_NOTE and one.entry_id not in known]


def _paid(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "id": entry.entry_id,
        "kind": entry.kind,
        "amount": _amount(entry.amount),
        "date": entry.date.isoformat() if entry.date else None,
        "reference": entry.reference,
    }


def _problems(invoice: Invoice) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "sentence": one.sentence, "line": one.line}
        for one in invoice.problems[:MOST_PROBLEMS]
    ]


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}"
