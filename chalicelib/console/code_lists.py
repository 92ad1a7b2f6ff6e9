"""What came from Xero, as the page of codes shows it: what may be used first, the rest folded."""

from typing import Any

from chalicelib.connection import store as connections
from chalicelib.reference import mapping, refresh, small_lists, store
from chalicelib.reference.organisation import Organisation

COUNTED = {
    "DAYSAFTERBILLDATE": "{day} days after the invoice",
    "DAYSAFTERBILLMONTH": "{day} days after the end of the invoice's month",
    "OFCURRENTMONTH": "on day {day} of the invoice's month",
    "OFFOLLOWINGMONTH": "on day {day} of the month after",
}


def values(tenant_id: str) -> dict[str, Any]:
    """Every list, in the order in which people look for things."""
    accounts = sorted(store.accounts(tenant_id), key=lambda one: one.code)
    rates = sorted(store.tax_rates(tenant_id), key=lambda one: one.name)
    short = small_lists.everything(tenant_id)
    organisation_id = connections.get(tenant_id).organisation_id
    return {
        "known": mapping.lists_of(accounts, rates, short),
        "accounts": [one for one in accounts if one.usable_for_lines],
        "payment_accounts": [one for one in accounts if one.usable_for_payments],
        "other_accounts": [
            one for one in accounts if not (one.usable_for_lines or one.usable_for_payments)
        ],
        "tax_rates": [one for one in rates if one.usable_for_lines],
        "other_tax_rates": [one for one in rates if not one.usable_for_lines],
        "names": {one.tax_type: one.name for one in rates},
        "short": short,
        "due": _due(short.organisation),
        "read_at": refresh.read_at(organisation_id) if organisation_id else None,
    }


def _due(organisation: Organisation | None) -> str:
    """When sales fall due, in words."""
    terms = organisation.sales_terms if organisation else None
    return COUNTED.get(terms.counted, "").format(day=terms.day) if terms else ""
