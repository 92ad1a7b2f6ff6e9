"""Payments of invoices: made, deleted, never edited."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from local.xero.books import invoice_status
from local.xero.books.accounts import takes_payments
from local.xero.books.errors import NotFound, Problems, Refused
from local.xero.books.organisation import check_open
from local.xero.books.records import Record, new_id
from local.xero.books.rounding import round2, round_to

if TYPE_CHECKING:
    from local.xero.books.ledger import Ledger

TOO_MUCH = "Payment amount exceeds the amount outstanding on this document"
NOT_AUTHORISED = "Payments can only be made against authorised documents"


class Payments:
    """Payments by id; making or deleting one settles its invoice."""

    def __init__(self, books: "Ledger") -> None:
        self._books = books
        self.by_id: dict[str, Record] = {}

    def all(self) -> list[Record]:
        return list(self.by_id.values())

    def get(self, payment_id: str) -> Record:
        payment = self.by_id.get(payment_id.lower())
        if payment is None:
            raise NotFound([f"Payment {payment_id} was not found."])
        return payment

    def create(self, sent: Record, *, payment_id: str = "") -> Record:
        """A new payment of an authorised invoice; raises Refused and changes nothing else."""
        problems = Problems()
        invoice = self._invoice(sent, problems)
        account = self._account(sent, problems)
        day: date = sent.get("Date") or self._books.today()
        amount = round2(Decimal(sent.get("Amount", 0)))
        self._check(invoice, account, amount, problems)
        check_open(self._books.organisation, day, problems)
        problems.refuse_if_any()
        rate = self._rate(invoice, sent)
        payment: Record = {
            "PaymentID": payment_id or new_id(),
            "Date": day,
            "BankAmount": self._bank_amount(invoice, account, amount, rate, sent),
            "Amount": amount,
            "Reference": sent.get("Reference", ""),
            "CurrencyRate": rate,
            "PaymentType": invoice["Type"] + "PAYMENT",
            "Status": "AUTHORISED",
            "UpdatedDateUTC": self._books.stamp(),
            "HasAccount": True,
            "IsReconciled": bool(sent.get("IsReconciled", False)),
            "Account": account,
            "Invoice": invoice,
        }
        self.by_id[payment["PaymentID"]] = payment
        invoice["Payments"].append(payment)
        self._settle(invoice, "Paid")
        return payment

    def delete(self, payment: Record) -> Record:
        """Takes the money back: the invoice is AUTHORISED again."""
        if payment["Status"] == "DELETED":
            raise Refused(["Payment has already been deleted."])
        if payment["IsReconciled"]:
            raise Refused(["A reconciled payment cannot be deleted."])
        problems = Problems()
        check_open(self._books.organisation, payment["Date"], problems)
        problems.refuse_if_any()
        payment.update(Status="DELETED", UpdatedDateUTC=self._books.stamp())
        payment["Invoice"]["Payments"].remove(payment)
        self._settle(payment["Invoice"], "Payment Deleted")
        return payment

    def _settle(self, invoice: Record, changes: str) -> None:
        invoice_status.settle(invoice)
        invoice["UpdatedDateUTC"] = self._books.stamp()
        self._books.note_change(invoice, changes)

    def _invoice(self, sent: Record, problems: Problems) -> Record:
        named = sent.get("Invoice") or {}
        key = named.get("InvoiceID") or named.get("InvoiceNumber") or sent.get("InvoiceNumber")
        try:
            return self._books.invoices.get(key or "")
        except NotFound:
            problems.say("Invoice could not be found")
            raise Refused(problems.messages) from None

    def _account(self, sent: Record, problems: Problems) -> Record:
        named = sent.get("Account") or {}
        key = named.get("AccountID") or named.get("Code") or sent.get("Code") or ""
        try:
            account = self._books.accounts.get(key)
        except NotFound:
            problems.say("Account could not be found")
            raise Refused(problems.messages) from None
        if account["Status"] != "ACTIVE" or not takes_payments(account):
            problems.say(f"Account code '{key}' is not a valid code for this document.")
        return account

    def _check(
        self, invoice: Record, account: Record, amount: Decimal, problems: Problems
    ) -> None:
        if invoice["Status"] == "PAID":
            problems.say(TOO_MUCH)
        elif invoice["Status"] != "AUTHORISED":
            problems.say(NOT_AUTHORISED)
        elif amount > invoice["AmountDue"]:
            problems.say(TOO_MUCH)
        if amount <= 0:
            problems.say("Payment amount must be greater than zero.")
        base = self._books.organisation["BaseCurrency"]
        if account.get("CurrencyCode", base) not in {base, invoice["CurrencyCode"]}:
            problems.say("The bank account's currency does not match the document's currency.")

    def _rate(self, invoice: Record, sent: Record) -> Decimal:
        foreign = invoice["CurrencyCode"] != self._books.organisation["BaseCurrency"]
        rate = (sent.get("CurrencyRate") if foreign else None) or invoice["CurrencyRate"]
        return round_to(Decimal(rate), 6)

    def _bank_amount(
        self, invoice: Record, account: Record, amount: Decimal, rate: Decimal, sent: Record
    ) -> Decimal:
        base = self._books.organisation["BaseCurrency"]
        if account.get("CurrencyCode", base) == invoice["CurrencyCode"]:
            return amount
        return round2(Decimal(sent.get("BankAmount") or amount / rate))
