"""Taking over what Xero says of an invoice."""

from chalicelib.invoices.line import ZERO, Totals
from chalicelib.invoices.mirror import CREDIT_NOTE, LedgerEntry, Mirror
from chalicelib.invoices.model import Invoice, InvoiceState, Problem, advance
from chalicelib.xero.errors import Message
from chalicelib.xero.sentences import explain
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice
from chalicelib.xero.written import Written

PLACES = {
    "client": "/clients",
    "mapping": "/settings/codes",
    "invoice": "",
    "xero": "",
    "wait": "",
}
LINES_AT = "LineItems["
MOST_IDS = 300
"""Ids of more lines would make the row of an invoice slow to list; those are told by place."""


def adopt(invoice: Invoice, record: XeroInvoice) -> Invoice:
    """The invoice as sent, with everything Xero says of it; its own lines and sums stay.

    One that went without a number has the one that Xero gave it, for ever.
    """
    return advance(
        invoice,
        InvoiceState.SENT,
        mirror=mirror_of(record),
        xero_line_ids=line_ids(invoice, record),
        number=invoice.number or record.invoice_number,
        call_id="",
        problems=(),
    )


def refused(invoice: Invoice, outcome: Written[XeroInvoice]) -> Invoice:
    """The invoice that Xero did not take, with a sentence for each of its reasons.

    What Xero says of the document and of a line alike is told of the line only.
    """
    placed = {message.message for message in outcome.messages if _line_number(message.where)}
    problems = tuple(
        problem_of(message, outcome.correlation_id)
        for message in outcome.messages
        if _line_number(message.where) or message.message not in placed
    )
    unsaid = (Problem("unknown", "Xero did not take this invoice and gave no reason."),)
    return advance(invoice, InvoiceState.FAILED, call_id="", problems=problems or unsaid)


def problem_of(message: Message, correlation_id: str | None = None) -> Problem:
    """One of Xero's messages as a problem, with its line and the page that mends it."""
    explained = explain(message.message)
    return Problem(
        code=explained.code,
        sentence=explained.sentence,
        place=PLACES.get(explained.place, ""),
        line=_line_number(message.where),
        said=message.message,
        correlation_id=correlation_id or "",
    )


def mirror_of(record: XeroInvoice) -> Mirror:
    """Xero's invoice, copied; an amount that Xero left out is nothing."""
    return Mirror(
        xero_invoice_id=record.invoice_id,
        status=record.status,
        number=record.invoice_number,
        totals=Totals(record.sub_total or ZERO, record.total_tax or ZERO, record.total or ZERO),
        amount_due=record.amount_due or ZERO,
        amount_paid=record.amount_paid,
        amount_credited=record.amount_credited,
        due_date=record.due_date,
        fully_paid_on=record.fully_paid_on_date,
        sent_to_contact=record.sent_to_contact,
        ledger=_ledger(record),
        updated_at=record.updated_date_utc,
    )


def line_ids(invoice: Invoice, record: XeroInvoice) -> tuple[str, ...]:
    """Xero's id of each line; none where Xero has other lines, or there are too many."""
    ids = tuple(item.line_item_id for item in record.line_items)
    return ids if len(ids) == len(invoice.lines) <= MOST_IDS else ()


def _ledger(record: XeroInvoice) -> tuple[LedgerEntry, ...]:
    entries = [
        LedgerEntry("payment", paid.payment_id, paid.amount or ZERO, paid.date, paid.reference)
        for paid in record.payments
        if paid.status != "DELETED"
    ]
    for note in record.credit_notes:
        amount = note.applied_amount or ZERO
        entries.append(
            LedgerEntry(
                CREDIT_NOTE, note.credit_note_id, amount, note.date, note.credit_note_number
            )
        )
    for ahead in record.prepayments:
        amount = ahead.applied_amount or ZERO
        entries.append(LedgerEntry("prepayment", ahead.prepayment_id, amount, ahead.date))
    for over in record.overpayments:
        amount = over.applied_amount or ZERO
        entries.append(LedgerEntry("overpayment", over.overpayment_id, amount, over.date))
    return tuple(entries)


def _line_number(where: str) -> int | None:
    _, found, rest = where.partition(LINES_AT)
    digits = rest.partition("]")[0]
    return int(digits) + 1 if found and digits.isdigit() else None
