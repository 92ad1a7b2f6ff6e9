"""The chart of accounts and which account a line or a payment may use."""

from datetime import datetime

from local.xero.books.errors import NotFound, Refused
from local.xero.books.records import Record, new_id

_CLASSES = {
    "ASSET": ("BANK", "CURRENT", "FIXED", "INVENTORY", "NONCURRENT", "PREPAYMENT"),
    "LIABILITY": ("CURRLIAB", "LIABILITY", "TERMLIAB", "PAYG"),
    "EQUITY": ("EQUITY",),
    "EXPENSE": ("EXPENSE", "OVERHEADS", "DIRECTCOSTS", "DEPRECIATN"),
    "REVENUE": ("REVENUE", "SALES", "OTHERINCOME"),
}
CLASS_OF = {kind: name for name, kinds in _CLASSES.items() for kind in kinds}

# Xero posts to these itself; a document's line never may.
_CLOSED_TO_LINES = frozenset(
    {
        "DEBTORS",
        "CREDITORS",
        "BANKCURRENCYGAIN",
        "REALISEDCURRENCYGAIN",
        "UNREALISEDCURRENCYGAIN",
        "TRACKINGTRANSFERS",
        "RETAINEDEARNINGS",
        "UNPAIDEXPCLM",
    }
)
_EDITABLE = (
    "Code",
    "Name",
    "Type",
    "Description",
    "TaxType",
    "EnablePaymentsToAccount",
    "ShowInExpenseClaims",
    "BankAccountNumber",
    "BankAccountType",
    "CurrencyCode",
    "AddToWatchlist",
)


class Accounts:
    """Accounts by id and by code; nothing else changes them."""

    def __init__(self) -> None:
        self.by_id: dict[str, Record] = {}
        self._by_code: dict[str, Record] = {}

    def all(self) -> list[Record]:
        """Every account but deleted ones, archived ones included."""
        return [a for a in self.by_id.values() if a["Status"] != "DELETED"]

    def store(self, account: Record) -> Record:
        self.by_id[account["AccountID"]] = account
        self._by_code = {
            a["Code"].casefold(): a
            for a in self.by_id.values()
            if a.get("Code") and a["Status"] != "DELETED"
        }
        return account

    def get(self, key: str) -> Record:
        """By id or by code; raises NotFound."""
        account = self.by_id.get(key.lower()) or self.coded(key)
        if account is None:
            raise NotFound([f"Account {key} was not found."])
        return account

    def coded(self, code: str) -> Record | None:
        return self._by_code.get(code.casefold())

    def create(self, sent: Record, now: datetime) -> Record:
        """A new active account; Code (except for banks), Name and Type are needed."""
        account: Record = {
            "AccountID": new_id(),
            "Status": "ACTIVE",
            "TaxType": "NONE",
            "EnablePaymentsToAccount": False,
            "ShowInExpenseClaims": False,
            "AddToWatchlist": False,
            **{name: sent[name] for name in _EDITABLE if name in sent},
            "UpdatedDateUTC": now,
        }
        self._check(account)
        account["Class"] = CLASS_OF[account["Type"]]
        if account["Type"] == "BANK":
            account.setdefault("BankAccountType", "BANK")
        return self.store(account)

    def update(self, account: Record, sent: Record, now: datetime) -> Record:
        """Changes the sent fields, or the Status alone (archive, restore)."""
        candidate = {**account, **{n: sent[n] for n in _EDITABLE if n in sent}}
        if account.get("SystemAccount") and sent.get("Status") == "ARCHIVED":
            raise Refused(["System accounts cannot be archived."])
        candidate["Status"] = sent.get("Status", account["Status"])
        self._check(candidate)
        account.update(candidate, Class=CLASS_OF[candidate["Type"]], UpdatedDateUTC=now)
        return self.store(account)

    def archive(self, key: str, now: datetime) -> Record:
        return self.update(self.get(key), {"Status": "ARCHIVED"}, now)

    def delete(self, account: Record, *, in_use: bool, now: datetime) -> Record:
        """Deletes an account without transactions; others can only be archived."""
        if account.get("SystemAccount") or in_use:
            raise Refused(["This account cannot be deleted because it is in use."])
        account.update(Status="DELETED", UpdatedDateUTC=now)
        return self.store(account)

    def _check(self, account: Record) -> None:
        messages = []
        if not account.get("Name"):
            messages.append("Name is required.")
        if account.get("Type") not in CLASS_OF:
            messages.append("Account type is invalid.")
        if not account.get("Code") and account.get("Type") != "BANK":
            messages.append("Code is required.")
        if len(account.get("Code", "")) > 10:
            messages.append("The length of the Code cannot be greater than 10 characters.")
        if self._taken(account, "Code"):
            messages.append("Please enter a unique Code.")
        if self._taken(account, "Name"):
            messages.append("Please enter a unique Name.")
        if messages:
            raise Refused(messages)

    def _taken(self, account: Record, field: str) -> bool:
        wanted = account.get(field, "").casefold()
        return bool(wanted) and any(
            other.get(field, "").casefold() == wanted
            for other in self.all()
            if other["AccountID"] != account["AccountID"]
        )


def open_to_lines(account: Record) -> bool:
    """Whether a document's line may be posted to this account."""
    return account["Type"] != "BANK" and account.get("SystemAccount") not in _CLOSED_TO_LINES


def takes_payments(account: Record) -> bool:
    return account["Type"] == "BANK" or bool(account["EnablePaymentsToAccount"])
