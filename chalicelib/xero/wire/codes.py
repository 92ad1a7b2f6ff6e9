"""What an invoice line points at: accounts, tax rates, tracking, currencies, themes."""

from datetime import datetime
from decimal import Decimal

import msgspec

from chalicelib.xero.wire.base import Wire


class Account(Wire, frozen=True):
    """An account of the chart; ``system_account`` is empty for those that may be posted to."""

    account_id: str = ""
    code: str = ""
    name: str = ""
    type: str = ""
    account_class: str = msgspec.field(name="Class", default="")
    status: str = ""
    description: str = ""
    tax_type: str = ""
    system_account: str = ""
    enable_payments_to_account: bool = False
    currency_code: str = ""
    bank_account_type: str = ""
    reporting_code: str = ""
    updated_date_utc: datetime | None = None


class TaxComponent(Wire, frozen=True):
    """A part of a tax rate, in percent."""

    name: str = ""
    rate: Decimal | None = None
    is_compound: bool = False
    is_non_recoverable: bool = False


class TaxRate(Wire, frozen=True):
    """A tax rate, in percent; ``tax_type`` is the code that a line carries."""

    name: str = ""
    tax_type: str = ""
    status: str = ""
    report_tax_type: str = ""
    effective_rate: Decimal | None = None
    display_tax_rate: Decimal | None = None
    can_apply_to_assets: bool = False
    can_apply_to_equity: bool = False
    can_apply_to_expenses: bool = False
    can_apply_to_liabilities: bool = False
    can_apply_to_revenue: bool = False
    tax_components: tuple[TaxComponent, ...] = ()


class TrackingOption(Wire, frozen=True):
    """One of the values of a tracking category."""

    tracking_option_id: str = ""
    name: str = ""
    status: str = ""


class TrackingCategory(Wire, frozen=True):
    """A dimension of the books, with its options."""

    tracking_category_id: str = ""
    name: str = ""
    status: str = ""
    options: tuple[TrackingOption, ...] = ()


class Currency(Wire, frozen=True):
    """A currency the organisation subscribes to."""

    code: str = ""
    description: str = ""


class BrandingTheme(Wire, frozen=True):
    """A look for documents; Xero takes the one with ``sort_order`` 0 where none is named."""

    branding_theme_id: str = ""
    name: str = ""
    sort_order: int = 0
