"""What somebody approved is what goes to Xero: an approval is bound to a hash of it."""

from chalicelib.invoices import payload
from chalicelib.invoices.model import Invoice, Problem

CHANGED = Problem(
    "changed_since_approval",
    "This is not what was approved: the draft, its client's contact or the status that it was to "
    "arrive with has changed since. Look at it again, then send it.",
)


def of(invoice: Invoice) -> str:
    """The hash of what Xero gets of a frozen invoice, in hexadecimal.

    A number that only sending gives is no part of it; one that the invoice bears is.
    """
    return payload.body_hash(payload.body([invoice]))


def problem(invoice: Invoice, approved: str) -> Problem | None:
    """What to say where somebody approved something else; nothing where nobody was asked to."""
    return CHANGED if approved and of(invoice) != approved else None
