"""The timesheet of an invoice on paper."""

from collections.abc import Sequence

from chalicelib.invoices.model import Invoice
from chalicelib.invoices.timesheet import Entry, hours
from chalicelib.paper import table
from chalicelib.paper.table import Column, Sheet

COLUMNS = (
    Column("Date", 58),
    Column("Person", 88),
    Column("Project and task", 130),
    Column("Note", 172),
    Column("Time or amount", 63, right=True),
)


def draw(company: str, invoice: Invoice, entries: Sequence[Entry]) -> bytes:
    """The work by day as a PDF, the same to the byte for the same work of the same invoice.

    What its font cannot print stands as a question mark, and is told below the table.
    """
    minutes = sum(one.minutes or 0 for one in entries)
    first, last = entries[0].date, entries[-1].date
    until = f" to {last.isoformat()}" if last != first else ""
    facts = [
        f"{company}, for {invoice.client_name}",
        f"{first.isoformat()}{until}, {hours(minutes)} hours in all",
    ]
    rows = [
        [
            one.date.isoformat(),
            one.person,
            f"{one.project}: {one.item}",
            one.note,
            one.amount,
        ]
        for one in entries
    ]
    told = [invoice.number, *facts, *(cell for row in rows for cell in row)]
    missing = sum(table.font().unprintable(text) for text in told)
    notes = [f"Total: {hours(minutes)} hours."]
    if missing:
        notes.append(
            f"{missing} characters cannot be printed in this document's font and stand as “?”. "
            "The timesheet as CSV has them as they were written."
        )
    title = f"Timesheet for {invoice.number}".strip()
    made_at = invoice.sent_at or invoice.created_at
    return table.draw(Sheet(title, facts, COLUMNS, rows, notes, made_at))
