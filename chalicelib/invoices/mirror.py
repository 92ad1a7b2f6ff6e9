"""What Xero last said of an invoice: its status, its amounts and the money that came in."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from chalicelib.invoices.line import NOTHING, ZERO, Totals


class XeroStatus(StrEnum):
    """The states of an invoice in Xero; others may appear without notice."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    AUTHORISED = "AUTHORISED"
    PAID = "PAID"
    VOIDED = "VOIDED"
    DELETED = "DELETED"


ENDED = frozenset({XeroStatus.VOIDED.value, XeroStatus.DELETED.value})
CREDIT_NOTE = "credit_note"
SETTLED = ENDED | {XeroStatus.PAID.value}


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Money or credit that reached the invoice, as Xero lists it.

    ``kind`` is ``payment``, ``credit_note``, ``prepayment`` or ``overpayment``.
    """

    kind: str
    entry_id: str
    amount: Decimal
    date: dt.date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Mirror:
    """An invoice as Xero holds it, copied and never worked out here.

    ``status`` is Xero's word, even one we do not know.
    """

    xero_invoice_id: str
    status: str
    number: str = ""
    totals: Totals = NOTHING
    amount_due: Decimal = ZERO
    amount_paid: Decimal = ZERO
    amount_credited: Decimal = ZERO
    due_date: dt.date | None = None
    fully_paid_on: dt.date | None = None
    sent_to_contact: bool = False
    ledger: tuple[LedgerEntry, ...] = ()
    updated_at: dt.datetime | None = None

    @property
    def open(self) -> bool:
        """Whether its status is likely to change."""
        return self.status not in SETTLED

    @property
    def ended(self) -> bool:
        """Whether it was voided or deleted in Xero."""
        return self.status in ENDED

    @property
    def credited(self) -> bool:
        """Whether credit notes took all of it back; money paid ahead is none."""
        notes = (one.amount for one in self.ledger if one.kind == CREDIT_NOTE)
        return not self.ended and ZERO < self.totals.total <= sum(notes, ZERO)

    @property
    def taken_back(self) -> bool:
        """Whether nothing is billed by it any more, so that its work may be released."""
        return self.ended or self.credited
