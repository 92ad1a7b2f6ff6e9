"""What the organisation in Xero has set up for itself, as last imported."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Terms:
    """When a sales invoice falls due: a day, and Xero's word for how it is counted."""

    day: int
    counted: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """The settings of an organisation that bear on its invoices.

    ``time_zone`` is the IANA name, empty where Xero's own, ``xero_time_zone``, is not known to
    have one. ``default_sales_tax`` is Xero's word for how prices are meant, such as "Tax
    Exclusive". ``plan`` is the price plan. ``pays_tax`` is False when it is not registered.
    """

    name: str
    base_currency: str
    country: str = ""
    short_code: str = ""
    legal_name: str = ""
    version: str = ""
    edition: str = ""
    plan: str = ""
    demo: bool = False
    xero_time_zone: str = ""
    time_zone: str = ""
    pays_tax: bool = True
    tax_number: str = ""
    sales_tax_basis: str = ""
    default_sales_tax: str = ""
    period_lock_date: date | None = None
    end_of_year_lock_date: date | None = None
    sales_terms: Terms | None = None

    @property
    def locked_until(self) -> date | None:
        """The last day that a document may no longer bear; None when none is locked."""
        days = [day for day in (self.period_lock_date, self.end_of_year_lock_date) if day]
        return max(days, default=None)
