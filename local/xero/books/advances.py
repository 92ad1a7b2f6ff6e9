"""Prepayments and overpayments: money received before, or beyond, what is due.

The API makes neither; they come from the bank's side, here from the screen or by order.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from local.xero.books.credits import OVERPAYMENT, PREPAYMENT, Credits, Kind
from local.xero.books.errors import Problems
from local.xero.books.organisation import check_open
from local.xero.books.records import Record, new_id
from local.xero.books.rounding import ZERO, round2

if TYPE_CHECKING:
    from local.xero.books.ledger import Ledger

TYPES = {PREPAYMENT: "RECEIVE-PREPAYMENT", OVERPAYMENT: "RECEIVE-OVERPAYMENT"}


class Advances(Credits):
    """The prepayments, or the overpayments, of one organisation."""

    def __init__(self, books: "Ledger", kind: Kind) -> None:
        super().__init__(books, kind)

    def receive(
        self,
        contact: Record,
        amount: Decimal,
        day: date,
        *,
        currency: str = "",
        reference: str = "",
    ) -> Record:
        """Money from a contact that no invoice asked for; raises Refused."""
        problems = Problems()
        base = self._books.organisation["BaseCurrency"]
        code = currency or base
        if code not in self._books.currency_rates:
            problems.say(f"Organisation is not subscribed to currency {code}")
        if amount <= 0:
            problems.say("Payment amount must be greater than zero.")
        check_open(self._books.organisation, day, problems)
        problems.refuse_if_any()
        total = round2(amount)
        return self.add(
            {
                self.kind.id_field: new_id(),
                "Type": TYPES[self.kind],
                "Contact": contact,
                "Date": day,
                "Status": "AUTHORISED",
                "LineAmountTypes": "NoTax",
                "LineItems": [],
                "SubTotal": total,
                "TotalTax": ZERO,
                "Total": total,
                "Reference": reference,
                "CurrencyCode": code,
                "CurrencyRate": Decimal(1) if code == base else self._books.currency_rates[code],
                "HasAttachments": False,
                "Allocations": [],
            }
        )
