"""What a rate card may hold, checked on entry; each raises InvalidInput naming its field."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from chalicelib.errors import InvalidInput
from chalicelib.money import FOUR_PLACES, parse_decimal
from chalicelib.work.currencies import base_currency, clean_currency
from chalicelib.work.rates.model import ALWAYS, Price, RateKind
from chalicelib.work.time_records import LAST_DAY

MOST_PRICES = 200
"""Room for some currencies over many years, and far from what an item can hold."""


def kind(text: str) -> RateKind:
    """One of the three kinds."""
    if text not in set(RateKind):
        raise InvalidInput("A rate is for staff, a task or a material.", field="kind")
    return RateKind(text)


def currency(tenant_id: str, text: str | None) -> str:
    """A currency as given, else that of the organisation in Xero."""
    found = clean_currency(text) or base_currency(tenant_id)
    if not found:
        raise InvalidInput(
            "Say the currency, or connect to Xero first to use your organisation's.",
            field="currency",
        )
    return found


def price(currency: str, since: date | None, amount: Decimal | str) -> Price:
    """A price at four decimals; no day means since ever. More decimals are refused."""
    code = clean_currency(currency)
    if not code:
        raise InvalidInput("Say the currency of the price.", field="currency")
    day = since or ALWAYS
    if not ALWAYS <= day <= LAST_DAY:
        raise InvalidInput(f"{day} is not a day of this century.", field="since")
    return Price(code, day, _amount(amount))


def prices(given: Iterable[Price]) -> tuple[Price, ...]:
    """Prices in order of currency and day; of two for the same, the last given counts."""
    by_place = {(one.currency, one.since): one for one in given}
    if len(by_place) > MOST_PRICES:
        raise InvalidInput(f"A rate has at most {MOST_PRICES} prices.", field="prices")
    return tuple(by_place[place] for place in sorted(by_place))


def _amount(given: Decimal | str) -> Decimal:
    value = parse_decimal(given, field="amount") if isinstance(given, str) else given
    if value < 0:
        raise InvalidInput("A price is not negative.", field="amount")
    if value != value.quantize(FOUR_PLACES):
        raise InvalidInput("A price has at most 4 decimals.", field="amount")
    return value.quantize(FOUR_PLACES)
