"""What the organisation in Xero has set up for itself, as last imported."""

from datetime import date

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.errors import NotFound
from chalicelib.people.caller import Scope
from chalicelib.reference import small_lists
from chalicelib.reference.organisation import Organisation

api = API(__name__)


class TermsView(msgspec.Struct):
    """When sales invoices fall due: a day, and Xero's word for how it is counted."""

    day: int
    type: str


class OrganisationView(msgspec.Struct, kw_only=True):
    """The organisation's settings.

    ``time_zone`` is an IANA name, null where Xero's own name has none that is known.
    ``locked_until`` is the last day that invoices may no longer bear.
    """

    name: str
    legal_name: str
    short_code: str
    country: str
    version: str
    edition: str
    plan: str
    demo: bool
    base_currency: str
    time_zone: str | None
    xero_time_zone: str
    pays_tax: bool
    tax_number: str | None
    sales_tax_basis: str | None
    default_sales_tax: str | None
    period_lock_date: date | None
    end_of_year_lock_date: date | None
    locked_until: date | None
    sales_terms: TermsView | None


@api.get("/organisation", scope=Scope.READ, answer=OrganisationView)
def read_organisation(call: Call) -> OrganisationView:
    """The settings; 404 before the first import of codes."""
    found = small_lists.organisation(call.tenant_id)
    if found is None:
        raise NotFound("Nothing is known of the organisation yet. Import the codes first.")
    return _view(found)


def _view(found: Organisation) -> OrganisationView:
    terms = found.sales_terms
    return OrganisationView(
        name=found.name,
        legal_name=found.legal_name,
        short_code=found.short_code,
        country=found.country,
        version=found.version,
        edition=found.edition,
        plan=found.plan,
        demo=found.demo,
        base_currency=found.base_currency,
        time_zone=found.time_zone or None,
        xero_time_zone=found.xero_time_zone,
        pays_tax=found.pays_tax,
        tax_number=found.tax_number or None,
        sales_tax_basis=found.sales_tax_basis or None,
        default_sales_tax=found.default_sales_tax or None,
        period_lock_date=found.period_lock_date,
        end_of_year_lock_date=found.end_of_year_lock_date,
        locked_until=found.locked_until,
        sales_terms=TermsView(terms.day, terms.counted) if terms else None,
    )
