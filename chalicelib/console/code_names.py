"""What a thing has of its own, in the names of now."""

from dataclasses import dataclass

from chalicelib.reference import choices, mapping
from chalicelib.reference.layers import Codes, Lists, Place


@dataclass(frozen=True, slots=True)
class Said:
    """Each empty where it is left to the next layer; tracking as pairs of category and option."""

    account: str
    tax: str
    tracking: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.account or self.tax or self.tracking)


def said_of(tenant_id: str, place: Place) -> Said:
    """What a thing has of its own."""
    codes = choices.load(tenant_id).of(place.kind, place.thing_id)
    return said(codes, mapping.lists(tenant_id)) if codes else Said("", "", ())


def said(codes: Codes, lists: Lists) -> Said:
    """Codes in names; what is in no list is told by its code."""
    return Said(
        account_name(codes.account_code, lists),
        tax_name(codes.tax_type, lists),
        tuple(option_name(one.category_id, one.option_id, lists) for one in codes.tracking),
    )


def account_name(code: str, lists: Lists) -> str:
    """200 Sales."""
    account = lists.accounts.get(code)
    return f"{code} {account.name}" if account else code


def tax_name(tax_type: str, lists: Lists) -> str:
    """15% GST on Income."""
    rate = lists.tax_rates.get(tax_type)
    return rate.name if rate else tax_type


def option_name(category_id: str, option_id: str, lists: Lists) -> tuple[str, str]:
    """The names of a category and an option of it."""
    category = lists.tracking.get(category_id)
    if category is None:
        return "Tracking", "not in the list"
    names = {one.option_id: one.name for one in category.options}
    return category.name, names.get(option_id, "not in the list") if option_id else "none"
