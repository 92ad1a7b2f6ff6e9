"""What the organisation's plan in Xero, and the role of the person who connected, allow."""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.connection.model import Connection


class Act(StrEnum):
    """What matters to us, by Xero's own names (Accounting API, Organisation Actions)."""

    DRAFTS = "CreateDraftInvoice"
    APPROVED = "CreateApprovedInvoice"
    CURRENCIES = "UseMulticurrency"
    FILES = "AttachFilesIntoInvoice"


WORDS: Mapping[Act, tuple[str, str]] = {
    Act.DRAFTS: (
        "May create draft invoices.",
        "May not create invoices at all. Ask for a role with invoices in Xero.",
    ),
    Act.APPROVED: (
        "May create approved invoices.",
        "May not create approved invoices: send as draft, or ask for another role in Xero.",
    ),
    Act.CURRENCIES: (
        "May invoice in other currencies.",
        "Invoices in its own currency only: the plan in Xero has no other currencies.",
    ),
    Act.FILES: (
        "May attach files to invoices.",
        "May not attach files to invoices.",
    ),
}
"""What is said of each, when it is allowed and when it is not."""


def allows(connection: Connection, act: Act) -> bool:
    """Whether Xero would let it be done; what was never read is left to Xero to refuse."""
    return connection.acts.get(act, True)


def sentences(connection: Connection) -> list[tuple[Act, bool, str]]:
    """What is known of each act: whether it is allowed, and the words for it."""
    known = [(act, connection.acts[act]) for act in Act if act in connection.acts]
    return [(act, allowed, WORDS[act][not allowed]) for act, allowed in known]
