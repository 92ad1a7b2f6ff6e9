"""The tax rates as last imported."""

import msgspec

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.reference import store
from chalicelib.reference.model import TaxRate

api = API(__name__)

USES = ("lines",)
LISTED = {"use": "only those for `lines`", **query.STATUS}


class TaxComponentView(msgspec.Struct):
    """A part of a tax rate, in percent; a compound one is charged on the others too."""

    name: str
    rate: str
    compound: bool


class TaxRateView(msgspec.Struct):
    """A tax rate, in percent; ``usable`` says whether sales lines may bear it."""

    tax_type: str
    name: str
    effective_rate: str
    status: str
    usable: bool
    components: list[TaxComponentView]


@api.get("/tax-rates", scope=Scope.READ, answer=List[TaxRateView], query=LISTED)
def list_tax_rates(call: Call) -> List[TaxRateView]:
    """All tax rates, in one page."""
    use = query.one_of(call, "use", USES)
    found = query.of_status(call, store.tax_rates(call.tenant_id))
    return List([_view(rate) for rate in found if use is None or rate.usable_for_lines])


def _view(rate: TaxRate) -> TaxRateView:
    return TaxRateView(
        tax_type=rate.tax_type,
        name=rate.name,
        effective_rate=f"{rate.effective_rate:f}",
        status=rate.status,
        usable=rate.usable_for_lines,
        components=[
            TaxComponentView(part.name, f"{part.rate:f}", part.compound)
            for part in rate.components
        ],
    )
