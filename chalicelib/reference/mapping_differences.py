"""What another mapping would change, thing by thing and in words: pure rules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.reference.layers import Chosen, Codes, Lists, Place
from chalicelib.reference.model import Mapping as Defaults
from chalicelib.reference.model import Tracking
from chalicelib.reference.things import Things

TENANT = "tenant"
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a field of a thing says now and would say then; the defaults have no id and name."""

    where: str
    field: str
    before: str
    after: str
    thing_id: str = ""
    name: str = ""


def differences(
    before: Chosen, after: Chosen, lists: Lists, things: Things
) -> tuple[Difference, ...]:
    """Every field that differs: the defaults first, then by kind and name."""
    tell = Teller(lists)
    found = [
        Difference(TENANT, *changed)
        for changed in _changed(tell.defaults(before.tenant), tell.defaults(after.tenant))
    ]
    for place in sorted(before.own.keys() | after.own.keys(), key=_order(things)):
        one = tell.codes(before.of(place.kind, place.thing_id))
        other = tell.codes(after.of(place.kind, place.thing_id))
        name = things.name(place)
        found += [
            Difference(place.kind.value, *changed, place.thing_id, name)
            for changed in _changed(one, other)
            if name is not None
        ]
    return tuple(found)


class Teller:
    """Codes in words: with the names that they have in Xero now."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    def defaults(self, chosen: Defaults) -> dict[str, str]:
        """The tenant's defaults, field by field."""
        told = self.codes(Codes(chosen.account_code, chosen.tax_type, chosen.tracking))
        told["contact_tax"] = _yes(said=chosen.contact_tax)
        told["contact_account"] = _yes(said=chosen.contact_account)
        return told

    def codes(self, codes: Codes) -> dict[str, str]:
        """What a thing has of its own, field by field."""
        return {
            "account_code": self.account(codes.account_code),
            "tax_type": self.tax_rate(codes.tax_type),
            "tracking": ", ".join(self.option(entry) for entry in codes.tracking) or NOTHING,
        }

    def account(self, code: str) -> str:
        """200 Sales."""
        account = self._lists.accounts.get(code)
        return f"{code} {account.name}" if account else code or NOTHING

    def tax_rate(self, tax_type: str) -> str:
        """15% GST on Income."""
        rate = self._lists.tax_rates.get(tax_type)
        return rate.name if rate else tax_type or NOTHING

    def option(self, entry: Tracking) -> str:
        """Region: North."""
        category = self._lists.tracking.get(entry.category_id)
        options = {one.option_id: one.name for one in category.options} if category else {}
        name = category.name if category else entry.category_id
        return f"{name}: {options.get(entry.option_id, entry.option_id)}"


def _changed(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    return ((field, was, other[field]) for field, was in one.items() if was != other[field])


def _order(things: Things) -> Callable[[Place], tuple[str, str]]:
    return lambda place: (place.kind.value, (things.name(place) or "").casefold())


def _yes(*, said: bool) -> str:
    return "yes" if said else "no"
