"""The organisation's tax rates and where each may be used."""

from decimal import Decimal

from local.xero.books.errors import NotFound, Refused
from local.xero.books.records import Record
from local.xero.books.rounding import effective_rate, round_to

_FLAG_OF_CLASS = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}
# Editions whose tax returns need to know what a rate reports as.
_NEEDS_REPORT_TYPE = ("AU", "NZ", "UK")


class TaxRates:
    """Rates by TaxType; system rates never change."""

    def __init__(self, version: str) -> None:
        self.by_type: dict[str, Record] = {}
        self._version = version

    def all(self) -> list[Record]:
        return list(self.by_type.values())

    def get(self, tax_type: str) -> Record:
        """By TaxType, whatever its status; raises NotFound."""
        rate = self.by_type.get(tax_type.upper())
        if rate is None:
            raise NotFound([f"Tax rate {tax_type} was not found."])
        return rate

    def store(self, rate: Record) -> Record:
        percentage = round_to(effective_rate(rate["TaxComponents"]), 4)
        rate.update(DisplayTaxRate=percentage, EffectiveRate=percentage)
        self.by_type[rate["TaxType"]] = rate
        return rate

    def create(self, sent: Record) -> Record:
        """A user-made rate, coded TAX001 and on."""
        self._check(sent)
        rate: Record = {
            "Name": sent["Name"],
            "TaxType": self._next_code(),
            "ReportTaxType": sent.get("ReportTaxType", ""),
            **dict.fromkeys(_FLAG_OF_CLASS.values(), True),
            "Status": "ACTIVE",
            "TaxComponents": [_component(c) for c in sent["TaxComponents"]],
            "user_made": True,
        }
        return self.store(rate)

    def update(self, rate: Record, sent: Record) -> Record:
        """Renames, re-rates or deletes a user-made rate."""
        if not rate.get("user_made"):
            raise Refused(["System tax rates cannot be updated."])
        if "TaxComponents" in sent:
            self._check({**rate, **sent}, ignoring=rate["Name"])
            rate["TaxComponents"] = [_component(c) for c in sent["TaxComponents"]]
        rate["Name"] = sent.get("Name", rate["Name"])
        rate["Status"] = sent.get("Status", rate["Status"])
        return self.store(rate)

    def _check(self, sent: Record, ignoring: str = "") -> None:
        messages = []
        name = sent.get("Name", "")
        if not name:
            messages.append("Name is required.")
        if name != ignoring and any(r["Name"].casefold() == name.casefold() for r in self.all()):
            messages.append("Tax rate name must be unique.")
        if not sent.get("TaxComponents"):
            messages.append("At least one tax component is required.")
        if self._version in _NEEDS_REPORT_TYPE and not sent.get("ReportTaxType"):
            messages.append("ReportTaxType is required.")
        if sum(bool(c.get("IsCompound")) for c in sent.get("TaxComponents", [])) > 1:
            messages.append("Only one tax component may be compound.")
        if messages:
            raise Refused(messages)

    def _next_code(self) -> str:
        made = sum(1 for rate in self.all() if rate["TaxType"].startswith("TAX"))
        return f"TAX{made + 1:03d}"


def applies_to(rate: Record, account: Record) -> bool:
    """Whether the rate may be used on a line of this account."""
    return bool(rate[_FLAG_OF_CLASS[account["Class"]]])


def percentage_of(rate: Record) -> Decimal:
    """The unrounded whole percentage; EffectiveRate is its picture at four decimals."""
    return effective_rate(rate["TaxComponents"])


def _component(sent: Record) -> Record:
    return {
        "Name": sent.get("Name", ""),
        "Rate": round_to(Decimal(sent.get("Rate", 0)), 4),
        "IsCompound": bool(sent.get("IsCompound", False)),
        "IsNonRecoverable": bool(sent.get("IsNonRecoverable", False)),
    }
