"""Setting what a rate card charges from a day on, and taking such a price away.

What is on an invoice or a draft is frozen there and stays as it is. Unbilled work that follows
the rate has the new price at once; unbilled work with a price of its own does not, and is listed
in ``open_work``.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from chalicelib.audit import trail
from chalicelib.errors import NotFound
from chalicelib.people.caller import Caller
from chalicelib.work.rates import checks, store
from chalicelib.work.rates.model import ALWAYS, Rate
from chalicelib.work.rates.recheck import recheck


def set_price(
    caller: Caller, rate_id: str, amount: Decimal | str, since: date | None, currency: str = ""
) -> Rate:
    """Charge this from a day on, or since ever; the rate's own currency unless told.

    It takes the place of a price of the same currency and day. Raises NotFound, InvalidInput
    naming the field, and Conflict when somebody else changed the rate at the same moment.
    """
    before = store.get(caller.tenant_id, rate_id)
    price = checks.price(currency or before.currency, since, amount)
    after = replace(before, prices=checks.prices([*before.prices, price]))
    if after == before:
        return before
    trail.record(
        caller,
        "rate price set",
        f"rate:{rate_id}",
        name=before.name,
        amount=f"{price.amount:f}",
        currency=price.currency,
        since=_day(price.since),
    )
    return _save(caller, before, after)


def remove_price(caller: Caller, rate_id: str, since: date | None, currency: str = "") -> Rate:
    """Take a price away, so that the one before it holds on; raises NotFound for none such."""
    before = store.get(caller.tenant_id, rate_id)
    place = (currency or before.currency, since or ALWAYS)
    left = tuple(one for one in before.prices if (one.currency, one.since) != place)
    if left == before.prices:
        raise NotFound("There is no such price in this rate.")
    trail.record(
        caller,
        "rate price removed",
        f"rate:{rate_id}",
        name=before.name,
        currency=place[0],
        since=_day(place[1]),
    )
    return _save(caller, before, replace(before, prices=left))


def _save(caller: Caller, before: Rate, after: Rate) -> Rate:
    saved = store.save(caller.tenant_id, before, after)
    recheck(caller.tenant_id)
    return saved


def _day(since: date) -> str:
    return "the start" if since == ALWAYS else since.isoformat()
