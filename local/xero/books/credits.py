"""What a customer has to its credit, and how it is spent on invoices.

Credit notes, prepayments and overpayments come about differently and are spent by one
rule. An allocation stands both in its credit and, as the books' own note, in its invoice.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from local.xero.books import invoice_status
from local.xero.books.errors import NotFound, Problems, Refused
from local.xero.books.organisation import check_open
from local.xero.books.records import Record, new_id
from local.xero.books.rounding import ZERO, round2

if TYPE_CHECKING:
    from local.xero.books.ledger import Ledger

TOO_MUCH = "The amount allocated cannot be more than the remaining credit."
MORE_THAN_DUE = "The amount allocated cannot be more than the amount outstanding."
NOT_SPENDABLE = "Only authorised credits with a remaining credit can be allocated."
NOT_OPEN = "Credit can only be allocated to authorised invoices."
OTHER_CONTACT = "The credit and the invoice must be for the same contact."
OTHER_CURRENCY = "The credit and the invoice must be in the same currency."


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three: what its id is called, and the category of its webhooks."""

    name: str
    category: str

    @property
    def id_field(self) -> str:
        return f"{self.name}ID"

    @property
    def plural(self) -> str:
        return f"{self.name}s"


CREDIT_NOTE = Kind("CreditNote", "CREDITNOTE")
PREPAYMENT = Kind("Prepayment", "PREPAYMENT")
OVERPAYMENT = Kind("Overpayment", "OVERPAYMENT")
KINDS = (CREDIT_NOTE, PREPAYMENT, OVERPAYMENT)


class Credits:
    """The credits of one kind in one organisation. Every change is whole or refused."""

    def __init__(self, books: "Ledger", kind: Kind) -> None:
        self._books = books
        self.kind = kind
        self.by_id: dict[str, Record] = {}

    def all(self) -> list[Record]:
        return list(self.by_id.values())

    def get(self, key: str) -> Record:
        """By id; raises NotFound."""
        found = self.by_id.get(key.lower())
        if found is None:
            raise NotFound([f"{self.kind.name} {key} was not found."])
        return found

    def allocate(self, credit: Record, sent: Record) -> Record:
        """Spends some of the credit on an invoice; raises Refused and changes nothing."""
        invoice = self._invoice(sent)
        amount = round2(Decimal(sent.get("Amount", 0)))
        day: date = sent.get("Date") or self._books.today()
        problems = Problems()
        self._check(credit, invoice, amount, problems)
        check_open(self._books.organisation, day, problems)
        problems.refuse_if_any()
        allocation: Record = {
            "AllocationID": new_id(),
            "Amount": amount,
            "Date": day,
            "Invoice": invoice,
            self.kind.name: credit,
        }
        credit["Allocations"].append(allocation)
        invoice["allocations"].append(allocation)
        self._settle(credit, invoice)
        return allocation

    def take_back(self, credit: Record, allocation_id: str) -> Record:
        """Undoes an allocation: the invoice is due again and the credit is there again."""
        wanted = allocation_id.lower()
        found = [one for one in credit["Allocations"] if one["AllocationID"] == wanted]
        if not found:
            raise NotFound([f"Allocation {allocation_id} was not found."])
        allocation = found[0]
        problems = Problems()
        check_open(self._books.organisation, allocation["Date"], problems)
        problems.refuse_if_any()
        invoice = allocation["Invoice"]
        credit["Allocations"].remove(allocation)
        invoice["allocations"].remove(allocation)
        self._settle(credit, invoice)
        return allocation

    def add(self, credit: Record) -> Record:
        """Keeps a checked new credit and tells about it."""
        self.by_id[credit[self.kind.id_field]] = credit
        settle(credit)
        self.told(credit, "Created")
        return credit

    def told(self, credit: Record, changes: str) -> None:
        """Stamps a change, writes it into the history, and announces it."""
        books, key = self._books, credit[self.kind.id_field]
        credit["UpdatedDateUTC"] = books.stamp()
        details = f"{credit['Status']} {credit['Total']}"
        books.history.add(key, changes, details, books.stamp())
        books.tell(
            self.kind.category,
            "CREATE" if changes == "Created" else "UPDATE",
            key,
            {"Type": credit["Type"], "Status": credit["Status"]},
        )

    def _settle(self, credit: Record, invoice: Record) -> None:
        settle(credit)
        self.told(credit, "Edited")
        invoice_status.settle(invoice)
        invoice["UpdatedDateUTC"] = self._books.stamp()
        self._books.note_change(invoice, "Edited")

    def _invoice(self, sent: Record) -> Record:
        named = sent.get("Invoice") or {}
        key = named.get("InvoiceID") or named.get("InvoiceNumber") or ""
        try:
            return self._books.invoices.get(key)
        except NotFound:
            raise Refused(["Invoice could not be found"]) from None

    @staticmethod
    def _check(credit: Record, invoice: Record, amount: Decimal, problems: Problems) -> None:
        if credit["Status"] != "AUTHORISED":
            problems.say(NOT_SPENDABLE)
        elif amount > credit["RemainingCredit"]:
            problems.say(TOO_MUCH)
        if invoice["Status"] != "AUTHORISED":
            problems.say(NOT_OPEN)
        elif amount > invoice["AmountDue"]:
            problems.say(MORE_THAN_DUE)
        if amount <= 0:
            problems.say("The amount allocated must be greater than zero.")
        if credit["Contact"] is not invoice["Contact"]:
            problems.say(OTHER_CONTACT)
        if credit["CurrencyCode"] != invoice["CurrencyCode"]:
            problems.say(OTHER_CURRENCY)


def settle(credit: Record) -> None:
    """Brings the remaining credit, PAID and FullyPaidOnDate in line with the allocations."""
    spent = sum((one["Amount"] for one in credit["Allocations"]), ZERO)
    dead = credit["Status"] in invoice_status.TERMINAL
    credit["RemainingCredit"] = ZERO if dead else credit["Total"] - spent
    if credit["Status"] in {"AUTHORISED", "PAID"}:
        credit["Status"] = "AUTHORISED" if credit["RemainingCredit"] else "PAID"
    if credit["Status"] == "PAID":
        days = (one["Date"] for one in credit["Allocations"])
        credit["FullyPaidOnDate"] = max(days, default=credit["Date"])
    else:
        credit.pop("FullyPaidOnDate", None)
