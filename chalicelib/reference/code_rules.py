"""Why Xero would refuse a code, a currency or a day on a sales invoice: pure rules.

Whether one may be used is said in ``model.py``; here is what to tell a person about one that may
not.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chalicelib.reference.model import (
    ACTIVE,
    GONE,
    Account,
    TaxRate,
    TrackingCategory,
)
from chalicelib.reference.organisation import Organisation

MOST_TRACKED = 2
"""Options that Xero takes on one line."""

CHOOSE = "Choose another."


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a code: a stable name for it, and a sentence with the next step."""

    code: str
    sentence: str


class Entry(Protocol):
    """An option of a tracking category, by their ids."""

    @property
    def category_id(self) -> str:
        """The category."""
        return ""

    @property
    def option_id(self) -> str:
        """The option."""
        return ""


def of_account(code: str, accounts: Mapping[str, Account]) -> Finding | None:
    """Why no line may be posted to the account of this code; None when one may."""
    account = accounts.get(code)
    if account is None:
        return Finding("account_unknown", f"Xero has no account {code}. {CHOOSE}")
    if account.usable_for_lines:
        return None
    called = f"Account {code} {account.name}"
    if account.status == GONE:
        return _gone(called, account, accounts.values())
    if account.status != ACTIVE:
        return Finding(
            "account_archived",
            f"{called} is archived in Xero. Restore it there, or choose another.",
        )
    if account.system_account:
        return Finding("account_of_system", f"{called} is for Xero's own use. {CHOOSE}")
    return Finding(
        "account_not_for_sales", f"{called} is not an account for sales in Xero. {CHOOSE}"
    )


def of_tax_rate(tax_type: str, rates: Mapping[str, TaxRate]) -> Finding | None:
    """Why no line of a sales account may bear this tax rate; None when one may."""
    rate = rates.get(tax_type)
    if rate is None:
        return Finding("tax_unknown", f"Xero has no tax rate {tax_type}. {CHOOSE}")
    if rate.usable_for_lines:
        return None
    called = f"The tax rate “{rate.name}”"
    if rate.status == GONE:
        return Finding("tax_deleted", f"{called} was deleted in Xero. {CHOOSE}")
    if rate.status != ACTIVE:
        return Finding("tax_archived", f"{called} is no longer in use in Xero. {CHOOSE}")
    if not rate.for_revenue:
        return Finding(
            "tax_not_for_account",
            f"{called} cannot be used with accounts for sales in Xero. {CHOOSE}",
        )
    return Finding(
        "tax_not_by_api",
        f"{called} is Xero's automatic sales tax, which only invoices made in Xero can bear. "
        f"{CHOOSE}",
    )


def of_tracking(
    entries: Collection[Entry], categories: Mapping[str, TrackingCategory]
) -> Iterator[Finding]:
    """Why no line may bear these options, one by one and together."""
    for entry in entries:
        found = _of_entry(entry, categories.get(entry.category_id))
        if found:
            yield found
    if len({entry.category_id for entry in entries}) < len(entries):
        yield Finding("tracking_twice", "A line bears one option of a tracking category.")
    if len(entries) > MOST_TRACKED:
        yield Finding(
            "tracking_too_many",
            f"A line bears at most {MOST_TRACKED} tracking options in Xero, and gets "
            f"{len(entries)}.",
        )


def of_currency(code: str, subscribed: Collection[str]) -> Finding | None:
    """Why no invoice can be in this currency; None when one can, or nothing is known yet."""
    if not subscribed or code in subscribed:
        return None
    return Finding(
        "currency_not_subscribed",
        f"The organisation does not use {code} in Xero. Add the currency there, or bill in "
        "another.",
    )


def of_day(day: date, organisation: Organisation | None) -> Finding | None:
    """Why no invoice may be of this day; None when one may, or nothing is known yet."""
    locked = organisation.locked_until if organisation else None
    if locked is None or day > locked:
        return None
    return Finding(
        "day_locked",
        f"Xero's books are locked until {locked.day} {locked:%B %Y}, so {day.day} {day:%B %Y} is "
        "refused. Move the lock date in Xero, or take a later day.",
    )


def _gone(called: str, account: Account, accounts: Collection[Account]) -> Finding:
    now = next(
        (
            one.code
            for one in accounts
            if one.account_id == account.account_id and one.status != GONE and one.account_id
        ),
        "",
    )
    if now:
        return Finding(
            "account_renumbered", f"{called} has the code {now} in Xero now. Choose that."
        )
    return Finding("account_deleted", f"{called} was deleted in Xero. {CHOOSE}")


def _of_entry(entry: Entry, category: TrackingCategory | None) -> Finding | None:
    if category is None:
        return Finding(
            "tracking_unknown", f"A tracking category chosen here is not in Xero. {CHOOSE}"
        )
    option = next((one for one in category.options if one.option_id == entry.option_id), None)
    if not category.usable:
        gone = category.status == GONE
        return Finding(
            "tracking_category_deleted" if gone else "tracking_category_archived",
            f"The tracking category {category.name} "
            + (f"was deleted in Xero. {CHOOSE}" if gone else f"is archived in Xero. {CHOOSE}"),
        )
    if option is None:
        return Finding(
            "tracking_unknown", f"An option chosen for {category.name} is not in Xero. {CHOOSE}"
        )
    if option.usable:
        return None
    gone = option.status == GONE
    return Finding(
        "tracking_option_deleted" if gone else "tracking_option_archived",
        f"{category.name}: {option.name} "
        + (f"was deleted in Xero. {CHOOSE}" if gone else f"is archived in Xero. {CHOOSE}"),
    )
