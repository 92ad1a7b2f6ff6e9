"""The lists that come from Xero, and the mapping from work to what is in them."""

from dataclasses import dataclass
from decimal import Decimal

ACTIVE = "ACTIVE"
GONE = "DELETED"
REVENUE = "REVENUE"
BANK = "BANK"
NOT_BY_API = frozenset({"AVALARA", "USSALESTAX"})
"""Rates of Xero's automatic US sales tax: invoices that come by the API cannot bear them."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the chart; ``tax_type`` is what its lines bear unless told otherwise.

    ``payments`` says that it takes payments though it is no bank account; ``currency`` is that of
    a bank account.
    """

    code: str
    name: str
    type: str
    class_: str
    tax_type: str
    status: str
    system_account: str = ""
    account_id: str = ""
    payments: bool = False
    currency: str = ""

    @property
    def usable_for_lines(self) -> bool:
        """Whether an invoice line may be posted here: active, revenue, and not Xero's own."""
        return (
            self.status == ACTIVE
            and self.class_ == REVENUE
            and not self.system_account
            and bool(self.code)
        )

    @property
    def usable_for_payments(self) -> bool:
        """Whether money may be received here: active, and a bank account or open to payments."""
        return self.status == ACTIVE and (self.type == BANK or self.payments)


@dataclass(frozen=True, slots=True)
class TaxComponent:
    """A part of a tax rate, in percent."""

    name: str
    rate: Decimal
    compound: bool = False


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax rate, in percent; ``tax_type`` is the code that a line carries."""

    tax_type: str
    name: str
    effective_rate: Decimal
    status: str
    for_revenue: bool
    report_tax_type: str = ""
    components: tuple[TaxComponent, ...] = ()

    @property
    def usable_for_lines(self) -> bool:
        """Whether a sales line may bear it: active, for revenue, and open to the API."""
        return (
            self.status == ACTIVE
            and self.for_revenue
            and not NOT_BY_API & {self.tax_type, self.report_tax_type}
        )


@dataclass(frozen=True, slots=True)
class TrackingOption:
    """One of the values of a tracking category."""

    option_id: str
    name: str
    status: str

    @property
    def usable(self) -> bool:
        """Whether a line may carry it, as far as the option goes."""
        return self.status == ACTIVE


@dataclass(frozen=True, slots=True)
class TrackingCategory:
    """A dimension of the books; those that Xero no longer lists stay, as deleted."""

    category_id: str
    name: str
    status: str
    options: tuple[TrackingOption, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether lines may be tracked by it."""
        return self.status == ACTIVE


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency that the organisation subscribes to."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class BrandingTheme:
    """A look for documents; Xero takes the one with ``sort_order`` 0 where none is named."""

    theme_id: str
    name: str
    sort_order: int = 0


@dataclass(frozen=True, slots=True)
class Tracking:
    """That a line bears this option of this tracking category; no option: none of them."""

    category_id: str
    option_id: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """The tenant's defaults; empty where none is chosen.

    ``contact_tax`` and ``contact_account`` say that the tax rate and sales account which a
    client's contact has in Xero count too, after what is chosen for the client here.
    """

    account_code: str = ""
    tax_type: str = ""
    tracking: tuple[Tracking, ...] = ()
    contact_tax: bool = False
    contact_account: bool = False
