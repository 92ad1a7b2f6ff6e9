"""How prices read to people, and which words the layers of the mapping have."""

from datetime import date
from decimal import Decimal

from chalicelib.reference.layers import Layer
from chalicelib.work.rates.model import Rate
from chalicelib.work.rates.price import PriceFrom

LAYERS = {
    Layer.LINE: "the line itself",
    Layer.TASK: "the task",
    Layer.RATE: "the rate",
    Layer.PROJECT: "the project",
    Layer.CLIENT: "the client",
    Layer.CONTACT: "the contact in Xero",
    Layer.TENANT: "the default",
    Layer.ACCOUNT: "the account's own",
    Layer.ORGANISATION: "not registered for tax",
    Layer.NONE: "nothing chosen",
}

SOURCES = {
    PriceFrom.TASK: "the task's own price",
    PriceFrom.TASK_RATE: "the rate that the task names",
    PriceFrom.STAFF_RATE: "the rate of who did the work",
    PriceFrom.MATERIAL_RATE: "the rate of the material",
    PriceFrom.NONE: "nothing chosen",
}


def plain(amount: Decimal) -> str:
    """A price with its cents, and more decimals only where it has them."""
    whole, _, decimals = f"{amount:.4f}".partition(".")
    return f"{whole}.{decimals[:2]}{decimals[2:].rstrip('0')}"


def label(rate: Rate, currency: str, day: date) -> str:
    """A rate to be chosen, with its price on a day."""
    price = rate.on(day, currency)
    return f"{rate.name} · {plain(price.amount)} {currency}" if price else rate.name
