"""What forms of lines offer to choose from, and the sums under them."""

from typing import Any

from chalicelib.console import line_rows
from chalicelib.errors import InvalidInput
from chalicelib.invoices import show
from chalicelib.invoices.line import LineAmountTypes, Part
from chalicelib.invoices.model import Invoice
from chalicelib.reference import small_lists
from chalicelib.reference import store as reference
from chalicelib.reference.model import TrackingCategory

MOST_ROWS = 200
"""More make a page that is slow to draw and to send; the API takes them."""

PRICES = (
    (LineAmountTypes.EXCLUSIVE, "Tax is added"),
    (LineAmountTypes.INCLUSIVE, "Tax is included"),
    (LineAmountTypes.NO_TAX, "No tax"),
)


def lists(tenant_id: str) -> dict[str, Any]:
    """Codes and tracking that lines may bear, and the rows that can be added."""
    accounts = [one for one in reference.accounts(tenant_id) if one.usable_for_lines]
    rates = [one for one in reference.tax_rates(tenant_id) if one.usable_for_lines]
    return {
        "blank": line_rows.ADDED,
        "prices": PRICES,
        "accounts": [(one.code, f"{one.code} · {one.name}") for one in accounts],
        "tax_rates": [(one.tax_type, one.name) for one in sorted(rates, key=lambda r: r.name)],
        "categories": categories(tenant_id),
        "between": line_rows.BETWEEN,
    }


def sums(invoice: Invoice | None) -> dict[str, Any]:
    """What an invoice's lines come to, each by itself and all together."""
    if invoice is None:
        return {"sums": None, "amounts": [], "discounts": []}
    amounts = list(zip(invoice.lines, show.amounts(invoice), strict=True))
    return {
        "sums": invoice,
        "amounts": [amount for line, amount in amounts if line.part is Part.ITEM],
        "discounts": [one for one in amounts if one[0].part is not Part.ITEM],
    }


def categories(tenant_id: str) -> list[TrackingCategory]:
    """The tracking that lines may bear, by name."""
    found = [one for one in small_lists.tracking(tenant_id) if one.usable]
    return sorted(found, key=lambda one: one.name)[: line_rows.MOST_TRACKED]


def category_ids(tenant_id: str) -> list[str]:
    """The ids of that tracking, in the same order."""
    return [one.category_id for one in categories(tenant_id)]


def prices(text: str) -> LineAmountTypes:
    """How prices and tax go together; raises InvalidInput."""
    if text not in set(LineAmountTypes):
        raise InvalidInput("Choose how prices and tax go together.", field="line_amount_types")
    return LineAmountTypes(text)
