"""Naming a rate card on work, one of the staff or a material."""

from chalicelib.errors import InvalidInput, NotFound
from chalicelib.work.rates import store
from chalicelib.work.rates.model import Rate, RateKind
from chalicelib.work.rates.price import currency_problem

FIELD = "rate_id"


def use(tenant_id: str, rate_id: str, kind: RateKind, *, currency: str | None = None) -> Rate:
    """The rate card, marked as in use.

    Raises InvalidInput for one that is not there, archived, of another kind, or without a price
    in the currency that the work is billed in.
    """
    try:
        rate = store.get(tenant_id, rate_id)
    except NotFound as error:
        raise InvalidInput(error.sentence, field=FIELD) from None
    if rate.kind is not kind:
        raise InvalidInput(f"“{rate.name}” is not a {kind} rate.", field=FIELD)
    if rate.archived:
        raise InvalidInput(f"The rate “{rate.name}” is archived.", field=FIELD)
    problem = currency_problem(rate, currency) if currency else ""
    if problem:
        raise InvalidInput(problem, field=FIELD)
    if not rate.in_use and not store.mark_used(tenant_id, rate_id):
        raise InvalidInput(store.NO_RATE, field=FIELD)
    return rate
