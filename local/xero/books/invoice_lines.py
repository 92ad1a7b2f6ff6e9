"""From the lines of a request to the lines of an invoice, with Xero's amounts."""

from dataclasses import dataclass
from decimal import Decimal

from local.xero.books.accounts import Accounts, open_to_lines
from local.xero.books.errors import Problems
from local.xero.books.records import Record, new_id
from local.xero.books.rounding import ZERO, line_amount, line_tax, round2, round_to
from local.xero.books.tax_rates import TaxRates, applies_to, percentage_of
from local.xero.books.tracking import Tracking

_LARGEST = Decimal("9999999999.99")
_LONGEST_DESCRIPTION = 4000
_AMOUNTS = ("Quantity", "UnitAmount", "LineAmount")
# A posted line needs all of its facts; a draft's line needs only a description.
POSTED = frozenset({"SUBMITTED", "AUTHORISED", "PAID"})


@dataclass(slots=True)
class LineBuilder:
    """Turns one sent line into a line record, telling `problems` what is wrong with it."""

    accounts: Accounts
    tax_rates: TaxRates
    tracking: Tracking
    no_tax: str
    problems: Problems

    def build(
        self, index: int, sent: Record, invoice: Record, unitdp: int, kept: set[str]
    ) -> Record:
        """The line with its LineAmount and TaxAmount; `kept` are ids it may keep."""
        line_id = sent.get("LineItemID", "").lower()
        line: Record = {"LineItemID": line_id if line_id in kept else new_id()}
        description = sent.get("Description", "")
        if description:
            line["Description"] = description
        if len(description) > _LONGEST_DESCRIPTION:
            self._say(index, "Description must not be more than 4000 characters.")
        line["Tracking"] = self._tracking(index, sent)
        if not any(name in sent for name in _AMOUNTS):
            return self._description_only(index, line, sent)
        if sent.get("ItemCode"):
            self._say(index, f"Item code '{sent['ItemCode']}' is not valid")
        self._say_missing(index, sent, invoice)
        self._amounts(index, line, sent, invoice, unitdp)
        self._account(index, line, sent, invoice)
        self._tax(index, line, sent, invoice)
        return line

    def _say(self, index: int, message: str) -> None:
        self.problems.say_of_line(index, message)

    def _description_only(self, index: int, line: Record, sent: Record) -> Record:
        if not line.get("Description"):
            self._say(index, "Description is required.")
        if sent.get("AccountCode"):
            line["AccountCode"] = sent["AccountCode"]
        return {**line, "TaxAmount": ZERO, "LineAmount": ZERO}

    def _say_missing(self, index: int, sent: Record, invoice: Record) -> None:
        posted = invoice["Status"] in POSTED
        if not sent.get("Description") and posted:
            self._say(index, "Description is required.")
        if posted and "LineAmount" not in sent:
            for name in ("Quantity", "UnitAmount"):
                if name not in sent:
                    self._say(index, f"{name} is required.")

    def _amounts(
        self, index: int, line: Record, sent: Record, invoice: Record, unitdp: int
    ) -> None:
        quantity, unit = _quantity_and_unit(sent)
        line["Quantity"] = round_to(quantity, 4)
        line["UnitAmount"] = round_to(unit, unitdp)
        rate, discount = self._discount(index, line, sent, invoice)
        amount = line_amount(line["Quantity"], line["UnitAmount"], rate, discount)
        line["LineAmount"] = amount
        if "LineAmount" in sent and round2(sent["LineAmount"]) != amount:
            given = round2(sent["LineAmount"])
            self._say(
                index,
                f"The line total {given} does not match the expected line total {amount}",
            )
        if abs(amount) > _LARGEST:
            self._say(index, f"The line amount must not be more than {_LARGEST}.")

    def _discount(
        self, index: int, line: Record, sent: Record, invoice: Record
    ) -> tuple[Decimal | None, Decimal | None]:
        rate, discount = sent.get("DiscountRate"), sent.get("DiscountAmount")
        if not rate and not discount:
            return None, None
        gross = line["Quantity"] * line["UnitAmount"]
        if invoice["Type"] != "ACCREC":
            self._say(index, "Discounts are only supported on ACCREC invoices.")
        if (rate and not 0 <= rate <= 100) or (discount and abs(discount) > abs(gross)):
            self._say(index, "The discount cannot be more than the line amount.")
        if rate:
            line["DiscountRate"] = round2(rate)
            return line["DiscountRate"], None
        line["DiscountAmount"] = round2(discount or ZERO)
        return None, line["DiscountAmount"]

    def _account(self, index: int, line: Record, sent: Record, invoice: Record) -> None:
        code = sent.get("AccountCode", "")
        account = self.accounts.coded(code) if code else None
        if not code and sent.get("AccountID"):
            account = self.accounts.by_id.get(sent["AccountID"].lower())
            code = account["Code"] if account else sent["AccountID"]
        if not code:
            if invoice["Status"] in POSTED:
                self._say(index, "Account code must be specified")
        elif account is None or not open_to_lines(account):
            self._say(index, f"Account code '{code}' is not a valid code for this document.")
        elif account["Status"] != "ACTIVE":
            self._say(index, f"Account code '{code}' has been archived, or deleted.")
        else:
            line.update(AccountCode=account["Code"], AccountID=account["AccountID"])

    def _tax(self, index: int, line: Record, sent: Record, invoice: Record) -> None:
        account = self.accounts.by_id.get(line.get("AccountID", ""))
        tax_type = sent.get("TaxType") or (account or {}).get("TaxType") or self.no_tax
        if invoice["LineAmountTypes"] == "NoTax":
            tax_type = self.no_tax
        line["TaxType"], line["TaxAmount"] = tax_type, ZERO
        rate = self.tax_rates.by_type.get(tax_type)
        if rate is None:
            self._say(
                index,
                f"The TaxType code {tax_type} does not exist or cannot be used for this "
                "type of transaction.",
            )
            return
        if rate["Status"] != "ACTIVE":
            self._say(index, "Tax rate must be Active")
        elif account and not applies_to(rate, account) and tax_type != self.no_tax:
            code = account["Code"]
            self._say(
                index,
                f"The TaxType code '{tax_type}' cannot be used with account code '{code}'.",
            )
        line["TaxAmount"] = self._tax_amount(index, line, sent, invoice, rate)

    def _tax_amount(
        self, index: int, line: Record, sent: Record, invoice: Record, rate: Record
    ) -> Decimal:
        amount_types = invoice["LineAmountTypes"]
        if "TaxAmount" not in sent or amount_types == "NoTax":
            return line_tax(line["LineAmount"], percentage_of(rate), amount_types)
        if abs(sent["TaxAmount"]) > abs(line["LineAmount"]):
            self._say(index, "The tax amount cannot be more than the line amount.")
        return round2(sent["TaxAmount"])

    def _tracking(self, index: int, sent: Record) -> list[Record]:
        pairs = [self.tracking.resolve(t) for t in sent.get("Tracking", [])]
        if None in pairs:
            self._say(index, "The tracking category or option is not valid or not active.")
        if len(pairs) > 2:
            self._say(index, "A line item can have a maximum of 2 tracking categories.")
        return [pair for pair in pairs if pair]


def _quantity_and_unit(sent: Record) -> tuple[Decimal, Decimal]:
    """Fills in the one of Quantity, UnitAmount that a LineAmount leaves out."""
    quantity = Decimal(sent.get("Quantity", 1))
    if "UnitAmount" in sent:
        unit = Decimal(sent["UnitAmount"])
        if "Quantity" not in sent and "LineAmount" in sent and unit:
            quantity = Decimal(sent["LineAmount"]) / unit
        return quantity, unit
    amount = Decimal(sent.get("LineAmount", 0))
    return quantity, amount / quantity if quantity else amount
