"""The currencies that the organisation subscribes to, as last imported."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.reference import small_lists

api = API(__name__)


class CurrencyView(msgspec.Struct):
    """A currency that invoices may be in; ``base`` marks the organisation's own."""

    code: str
    name: str
    base: bool


@api.get("/currencies", scope=Scope.READ, answer=List[CurrencyView])
def list_currencies(call: Call) -> List[CurrencyView]:
    """All currencies subscribed to, in one page."""
    lists = small_lists.everything(call.tenant_id)
    base = lists.organisation.base_currency if lists.organisation else ""
    return List([CurrencyView(one.code, one.name, one.code == base) for one in lists.currencies])
