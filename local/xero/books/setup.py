"""What a person may do, at Xero's own screen, to how an organisation is set up."""

from datetime import date

from local.xero.books.errors import NotFound, Refused
from local.xero.books.ledger import Ledger
from local.xero.books.records import Record

STATUSES = ("ACTIVE", "ARCHIVED", "DELETED")


class Setup(Ledger):
    """Acts are by code or name and raise Refused (NotFound for an unknown one)."""

    refused_acts: frozenset[str] = frozenset()

    def refuse_acts(self, *names: str) -> None:
        """Only these acts, by the names that Xero's API gives them, are not allowed any more."""
        self.refused_acts = frozenset(names)

    def archive_account(self, code: str) -> None:
        self.accounts.archive(code, self.stamp())

    def restore_account(self, code: str) -> None:
        self.accounts.update(self.accounts.get(code), {"Status": "ACTIVE"}, self.stamp())

    def delete_account(self, code: str) -> None:
        """Only one that no document uses can be deleted; it is then no longer listed."""
        account = self.accounts.get(code)
        self.accounts.delete(account, in_use=self.uses_account(account), now=self.stamp())

    def renumber_account(self, code: str, new: str) -> None:
        self.accounts.update(self.accounts.get(code), {"Code": new}, self.stamp())

    def retype_account(self, code: str, kind: str) -> None:
        """Another type, and with it perhaps another class."""
        self.accounts.update(self.accounts.get(code), {"Type": kind}, self.stamp())

    def set_tax_rate_status(self, tax_type: str, status: str) -> None:
        """Archived, deleted or active again; what is deleted stays in Xero's list as such."""
        self.tax_rates.get(tax_type)["Status"] = _known(status)

    def remove_tax_rate(self, tax_type: str) -> None:
        """Xero no longer lists it, as after a change of its own."""
        del self.tax_rates.by_type[self.tax_rates.get(tax_type)["TaxType"]]

    def apply_tax_rate(self, tax_type: str, *, to_revenue: bool) -> None:
        """Whether lines of revenue accounts may bear it."""
        self.tax_rates.get(tax_type)["CanApplyToRevenue"] = to_revenue

    def set_category_status(self, name: str, status: str) -> None:
        self._category(name)["Status"] = _known(status)

    def set_option_status(self, category: str, option: str, status: str) -> None:
        found = [one for one in self._category(category)["Options"] if one["Name"] == option]
        if not found:
            raise NotFound([f"Tracking option {option} was not found."])
        found[0]["Status"] = _known(status)

    def unsubscribe_currency(self, code: str) -> None:
        """Invoices in it can no longer be made; the base currency stays."""
        if code == self.organisation["BaseCurrency"]:
            raise Refused(["The base currency cannot be removed."])
        if code not in self.currency_rates:
            raise NotFound([f"Currency {code} was not found."])
        del self.currency_rates[code]
        self.currencies = [one for one in self.currencies if one["Code"] != code]

    def set_pays_tax(self, *, registered: bool) -> None:
        """Registered for tax, or not."""
        self.organisation["PaysTax"] = registered

    def set_approvals(self, a_month: int | None) -> None:
        """How many sales invoices the plan lets be approved in a calendar month; None: any."""
        self.approvals_a_month = a_month

    def set_lock_dates(self, period: date | None, year_end: date | None) -> None:
        """Sets or, with None, lifts the two lock dates."""
        for field, day in (("PeriodLockDate", period), ("EndOfYearLockDate", year_end)):
            self.organisation.pop(field, None)
            if day is not None:
                self.organisation[field] = day

    def _category(self, name: str) -> Record:
        for category in self.tracking.by_id.values():
            if category["Name"] == name:
                return category
        raise NotFound([f"Tracking category {name} was not found."])


def _known(status: str) -> str:
    if status not in STATUSES:
        raise Refused([f"A status is {', '.join(STATUSES)}."])
    return status
