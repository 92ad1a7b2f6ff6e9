"""Which account, tax rate and tracking a line gets, and which layer says so.

The nearest layer that says something counts. Account and tracking follow what is sold. For tax
the client goes before the work, so that a zero-rated client stays so whatever the task. What
Xero would refuse is named, and nothing takes its place.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ByKey

from chalicelib.reference.layers import (
    Chosen,
    Codes,
    Kind,
    Layer,
    LineCodes,
    Lists,
    Spot,
    Tracked,
)
from chalicelib.reference.model import Account, TaxRate, Tracking, TrackingCategory

ACCOUNT_ORDER = (
    Layer.LINE,
    Layer.TASK,
    Layer.RATE,
    Layer.PROJECT,
    Layer.CLIENT,
    Layer.CONTACT,
    Layer.TENANT,
)
TAX_ORDER = (
    Layer.LINE,
    Layer.CLIENT,
    Layer.CONTACT,
    Layer.TASK,
    Layer.RATE,
    Layer.PROJECT,
    Layer.TENANT,
)
"""After these, the account's own tax rate."""

MOST_TRACKED = 2
"""Entries that Xero takes on one line."""

REFRESH = "Refresh the codes, or choose another."
NO_ACCOUNT = "No account code is chosen. Choose a default under Tax & account codes."
NO_TAX = "No tax rate is chosen. Choose a default under Tax & account codes."


def resolve(chosen: Chosen, spot: Spot, lists: Lists) -> LineCodes:
    """The codes of a line that stands at ``spot``."""
    says = dict(_says(chosen, spot))
    code, code_from = _account(says)
    account = lists.accounts.get(code)
    tax, tax_from = _tax(says, account) if lists.pays_tax else ("", Layer.ORGANISATION)
    layers = (Layer.LINE,) if spot.exact else ACCOUNT_ORDER
    tracked = _tracking(says, layers, lists.tracking)
    found = (
        ("account_code", account_problem(code, account)),
        ("tax_type", tax_problem(tax, lists.tax_rates.get(tax)) if lists.pays_tax else ""),
        ("tracking", tracking_problem(tracked, lists.tracking)),
    )
    field, problem = next(((name, said) for name, said in found if said), ("", ""))
    return LineCodes(code, code_from, tax, tax_from, tracked, problem, field)


def account_problem(code: str, account: Account | None) -> str:
    """Why no line may be posted there; empty when it may."""
    if not code:
        return NO_ACCOUNT
    if account is None:
        return f"Account {code} is not in the list from Xero. {REFRESH}"
    if not account.usable_for_lines:
        return f"Account {code} {account.name} cannot be used for sales in Xero. Choose another."
    return ""


def tax_problem(tax_type: str, rate: TaxRate | None) -> str:
    """Why no line may bear it; empty when it may."""
    if not tax_type:
        return NO_TAX
    if rate is None:
        return f"Tax rate {tax_type} is not in the list from Xero. {REFRESH}"
    if not rate.usable_for_lines:
        return f"Tax rate {rate.name} cannot be used for sales in Xero. Choose another."
    return ""


def tracking_problem(
    chosen: tuple[Tracked, ...] | tuple[Tracking, ...],
    categories: ByKey[str, TrackingCategory],
) -> str:
    """Why no line may bear these; empty when it may."""
    for entry in chosen:
        category = categories.get(entry.category_id)
        if category is None:
            return f"A tracking category is not in the list from Xero. {REFRESH}"
        if not entry.option_id:
            continue
        option = {one.option_id: one for one in category.options}.get(entry.option_id)
        if option is None:
            return f"An option of {category.name} is not in the list from Xero. {REFRESH}"
        if not category.usable or not option.usable:
            return f"{category.name}: {option.name} is no longer in use in Xero. Choose another."
    if len({entry.category_id for entry in chosen}) < len(chosen):
        return "A line has one option of a tracking category."
    if sum(bool(entry.option_id) for entry in chosen) > MOST_TRACKED:
        return f"A line bears at most {MOST_TRACKED} tracking options in Xero."
    return ""


def _says(chosen: Chosen, spot: Spot) -> Iterator[tuple[Layer, Codes]]:
    """What each layer says of this line, and of no other."""
    yield Layer.LINE, spot.line
    yield Layer.TASK, chosen.of(Kind.TASK, spot.task_id)
    yield Layer.RATE, chosen.of(Kind.RATE, spot.rate_id)
    yield Layer.PROJECT, chosen.of(Kind.PROJECT, spot.project_id)
    yield Layer.CLIENT, chosen.of(Kind.CLIENT, spot.client_id)
    tenant = chosen.tenant
    yield (
        Layer.CONTACT,
        Codes(
            spot.contact.account_code if tenant.contact_account else "",
            spot.contact.tax_type if tenant.contact_tax else "",
        ),
    )
    yield Layer.TENANT, Codes(tenant.account_code, tenant.tax_type, tenant.tracking)


def _account(says: ByKey[Layer, Codes]) -> tuple[str, Layer]:
    for layer in ACCOUNT_ORDER:
        if says[layer].account_code:
            return says[layer].account_code, layer
    return "", Layer.NONE


def _tax(says: ByKey[Layer, Codes], account: Account | None) -> tuple[str, Layer]:
    for layer in TAX_ORDER:
        if says[layer].tax_type:
            return says[layer].tax_type, layer
    if account and account.tax_type:
        return account.tax_type, Layer.ACCOUNT
    return "", Layer.NONE


def _tracking(
    says: ByKey[Layer, Codes],
    layers: tuple[Layer, ...],
    categories: ByKey[str, TrackingCategory],
) -> tuple[Tracked, ...]:
    """For each category what the nearest layer says of it, by category name; none is left out."""
    found: dict[str, Tracked] = {}
    for layer in layers:
        for entry in says[layer].tracking:
            if entry.category_id not in found:
                found[entry.category_id] = _named(entry, layer, categories)
    borne = (one for one in found.values() if one.option_id)
    return tuple(sorted(borne, key=lambda one: (one.category, one.category_id)))


def _named(entry: Tracking, layer: Layer, categories: ByKey[str, TrackingCategory]) -> Tracked:
    category = categories.get(entry.category_id)
    options = category.options if category else ()
    option = next((one.name for one in options if one.option_id == entry.option_id), "")
    name = category.name if category else ""
    return Tracked(entry.category_id, entry.option_id, name, option, layer)
