"""An organisation's own particulars, and what the connected person may do there."""

from datetime import date

import msgspec

from chalicelib.xero.wire.base import Wire
from chalicelib.xero.wire.contact import PaymentTerms


class Organisation(Wire, frozen=True):
    """A company in Xero. ``timezone`` is a Windows-style name, not one of the IANA list."""

    organisation_id: str = ""
    name: str = ""
    legal_name: str = ""
    short_code: str = ""
    country_code: str = ""
    base_currency: str = ""
    timezone: str = ""
    version: str = ""
    edition: str = ""
    organisation_class: str = msgspec.field(name="Class", default="")
    organisation_status: str = ""
    is_demo_company: bool = False
    pays_tax: bool = True
    tax_number: str = ""
    sales_tax_basis: str = ""
    default_sales_tax: str = ""
    period_lock_date: date | None = None
    end_of_year_lock_date: date | None = None
    payment_terms: PaymentTerms | None = None


class Action(Wire, frozen=True):
    """Something the plan and the person's role allow or not."""

    name: str = ""
    status: str = ""

    @property
    def allowed(self) -> bool:
        """Whether Xero would let it be done."""
        return self.status == "ALLOWED"
