"""The three choices of a layer, account, tax rate and tracking, as forms ask for them."""

from collections.abc import Iterable
from typing import Any

from chalicelib.console.forms import Form
from chalicelib.reference.layers import Codes, Lists
from chalicelib.reference.model import Account, Tracking

TYPES = {"REVENUE": "Revenue", "SALES": "Sales", "OTHERINCOME": "Other income"}
PREFIX = "tracking-"
GONE = "no longer usable"
NOTHING = "none"
"""Posted for a category that is to bear nothing, whatever the next layer says."""


def codes(form: Form) -> Codes:
    """What a posted form chose."""
    return Codes(form.get("account_code"), form.get("tax_type"), tracking(form))


def tracking(form: Form) -> tuple[Tracking, ...]:
    """The options a posted form chose, one field for each category."""
    return tuple(
        Tracking(name.removeprefix(PREFIX), "" if option_id == NOTHING else option_id)
        for name in form.values()
        if name.startswith(PREFIX) and (option_id := form.get(name))
    )


def offered(lists: Lists, chosen: Codes) -> dict[str, Any]:
    """What may be chosen, and what is chosen though it no longer may, so that it is seen."""
    return {
        "groups": _groups(lists, chosen.account_code),
        "tax_rates": _tax_rates(lists, chosen.tax_type),
        "categories": _categories(lists, chosen.tracking),
        "pays_tax": lists.pays_tax,
        "nothing": NOTHING,
    }


def _groups(lists: Lists, chosen: str) -> dict[str, list[tuple[str, str]]]:
    """Accounts by kind, for a drop-down that can be read."""
    found: dict[str, list[tuple[str, str]]] = {}
    for account in _by_code(lists.accounts.values()):
        if account.usable_for_lines:
            kind = TYPES.get(account.type, account.type.capitalize())
            found.setdefault(kind, []).append((account.code, f"{account.code} · {account.name}"))
    if chosen and not any(code == chosen for group in found.values() for code, _ in group):
        gone = lists.accounts.get(chosen)
        name = f" · {gone.name}" if gone else ""
        found["Chosen before"] = [(chosen, f"{chosen}{name}: {GONE}")]
    return found


def _tax_rates(lists: Lists, chosen: str) -> list[tuple[str, str]]:
    rates = sorted(lists.tax_rates.values(), key=lambda rate: rate.name)
    found = [
        (rate.tax_type, f"{rate.name} · {rate.effective_rate.normalize():f} %")
        for rate in rates
        if rate.usable_for_lines
    ]
    if chosen and chosen not in dict(found):
        gone = lists.tax_rates.get(chosen)
        found.append((chosen, f"{gone.name if gone else chosen}: {GONE}"))
    return found


def _categories(
    lists: Lists, chosen: Iterable[Tracking]
) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """For each category its field, name, options and the chosen one."""
    picked = {entry.category_id: entry.option_id or NOTHING for entry in chosen}
    found = []
    for category in sorted(lists.tracking.values(), key=lambda one: one.name):
        option_id = picked.get(category.category_id, "")
        options = [(one.option_id, one.name) for one in category.options if one.usable]
        if not category.usable and not option_id:
            continue
        known = dict(options) | {NOTHING: ""}
        if option_id and (not category.usable or option_id not in known):
            names = {one.option_id: one.name for one in category.options}
            options.append((option_id, f"{names.get(option_id, 'An option')}: {GONE}"))
        found.append((PREFIX + category.category_id, category.name, options, option_id))
    return found


def _by_code(accounts: Iterable[Account]) -> list[Account]:
    return sorted(accounts, key=lambda one: one.code)
