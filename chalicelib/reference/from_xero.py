"""Xero's lists in our own words; what a list holds twice or without a key is settled here."""

from collections.abc import Sequence
from decimal import Decimal

from chalicelib.reference.model import (
    ACTIVE,
    Account,
    BrandingTheme,
    Currency,
    TaxComponent,
    TaxRate,
    TrackingCategory,
    TrackingOption,
)
from chalicelib.reference.organisation import Organisation, Terms
from chalicelib.reference.xero_time_zones import iana
from chalicelib.xero.wire import codes as wire
from chalicelib.xero.wire.organisation import Organisation as WireOrganisation


def account_key(account: Account | wire.Account) -> str:
    """What an account is known by: its code, or its id where it has none."""
    return account.code or account.account_id


def accounts(listed: Sequence[wire.Account]) -> dict[str, Account]:
    """By key; of two with one code, the active one."""
    in_order = sorted(listed, key=lambda one: one.status == ACTIVE)
    return {account_key(one): _account(one) for one in in_order if account_key(one)}


def tax_rates(listed: Sequence[wire.TaxRate]) -> dict[str, TaxRate]:
    """By tax type."""
    return {one.tax_type: _tax_rate(one) for one in listed if one.tax_type}


def tracking(listed: Sequence[wire.TrackingCategory]) -> dict[str, TrackingCategory]:
    """By id, each with its options in Xero's order."""
    return {
        one.tracking_category_id: TrackingCategory(
            one.tracking_category_id,
            one.name,
            one.status,
            tuple(
                TrackingOption(option.tracking_option_id, option.name, option.status)
                for option in one.options
                if option.tracking_option_id
            ),
        )
        for one in listed
        if one.tracking_category_id
    }


def currencies(listed: Sequence[wire.Currency]) -> dict[str, Currency]:
    """By code."""
    return {one.code: Currency(one.code, one.description) for one in listed if one.code}


def branding_themes(listed: Sequence[wire.BrandingTheme]) -> dict[str, BrandingTheme]:
    """By id, Xero's default first."""
    return {
        one.branding_theme_id: BrandingTheme(one.branding_theme_id, one.name, one.sort_order)
        for one in sorted(listed, key=lambda theme: theme.sort_order)
        if one.branding_theme_id
    }


def organisation(one: WireOrganisation) -> Organisation:
    """The settings that bear on invoices."""
    terms = one.payment_terms.sales if one.payment_terms else None
    return Organisation(
        name=one.name,
        base_currency=one.base_currency,
        country=one.country_code,
        short_code=one.short_code,
        legal_name=one.legal_name,
        version=one.version,
        edition=one.edition,
        plan=one.organisation_class,
        demo=one.is_demo_company,
        xero_time_zone=one.timezone,
        time_zone=iana(one.timezone),
        pays_tax=one.pays_tax,
        tax_number=one.tax_number,
        sales_tax_basis=one.sales_tax_basis,
        default_sales_tax=one.default_sales_tax,
        period_lock_date=one.period_lock_date,
        end_of_year_lock_date=one.end_of_year_lock_date,
        sales_terms=Terms(terms.day, terms.type) if terms and terms.day is not None else None,
    )


def _account(one: wire.Account) -> Account:
    return Account(
        code=one.code,
        name=one.name,
        type=one.type,
        class_=one.account_class,
        tax_type=one.tax_type,
        status=one.status,
        system_account=one.system_account,
        account_id=one.account_id,
        payments=one.enable_payments_to_account,
        currency=one.currency_code,
    )


def _tax_rate(one: wire.TaxRate) -> TaxRate:
    return TaxRate(
        tax_type=one.tax_type,
        name=one.name,
        effective_rate=_percent(one),
        status=one.status,
        for_revenue=one.can_apply_to_revenue,
        report_tax_type=one.report_tax_type,
        components=tuple(
            TaxComponent(part.name, part.rate or Decimal(0), part.is_compound)
            for part in one.tax_components
        ),
    )


def _percent(one: wire.TaxRate) -> Decimal:
    rate = one.effective_rate if one.effective_rate is not None else one.display_tax_rate
    return rate if rate is not None else Decimal(0)
