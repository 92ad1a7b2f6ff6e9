"""Making a rate card."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.people.caller import Caller
from chalicelib.work.ids import new_id
from chalicelib.work.names import clean_name
from chalicelib.work.rates import checks, store
from chalicelib.work.rates.model import Price, Rate
from chalicelib.work.rates.recheck import recheck


def make(
    caller: Caller,
    kind: str,
    name: str,
    *,
    currency: str | None = None,
    amount: Decimal | str | None = None,
    since: date | None = None,
    prices: Iterable[Price] = (),
) -> Rate:
    """A new rate card, with a first price where one is given.

    Without a currency it is that of the organisation in Xero. Raises InvalidInput naming the
    field at fault.
    """
    tenant_id = caller.tenant_id
    meant_in = checks.currency(tenant_id, currency)
    first = [] if amount in {None, ""} else [checks.price(meant_in, since, amount or "")]
    rate = Rate(
        rate_id=new_id(),
        kind=checks.kind(kind),
        name=clean_name(name),
        currency=meant_in,
        prices=checks.prices([*prices, *first]),
        updated_at=wiring.current().clock.now(),
    )
    trail.record(caller, "rate made", f"rate:{rate.rate_id}", name=rate.name)
    store.add(tenant_id, rate)
    recheck(tenant_id)
    return rate
