from decimal import Decimal

from xero_python.accounting import (
    Account,
    AccountType,
    TaxComponent,
    TaxRate,
    TaxRates,
    TrackingCategory,
    TrackingOption,
)


def test_sdk_reads_the_organisation_and_its_actions(customer):
    (organisation,) = customer.accounting.get_organisations(customer.tenant).organisations
    actions = customer.accounting.get_organisation_actions(customer.tenant).actions

    assert organisation.base_currency.value == "NZD"
    assert organisation.country_code.value == "NZ"
    assert organisation.timezone.value == "NEWZEALANDSTANDARDTIME"
    assert ("CreateApprovedInvoice", "ALLOWED") in [(a.name, a.status) for a in actions]


def test_sdk_reads_accounts_by_where_and_order(customer):
    accounts = customer.accounting.get_accounts(
        customer.tenant, where='Status=="ACTIVE" AND Class=="REVENUE"', order="Code DESC"
    ).accounts

    assert [a.code for a in accounts] == ["270", "260", "200"]
    assert accounts[-1].tax_type == "OUTPUT2"


def test_sdk_makes_changes_and_deletes_an_account(customer):
    api, tenant = customer.accounting, customer.tenant
    made = api.create_account(
        tenant, Account(code="205", name="Training", type=AccountType.REVENUE, tax_type="OUTPUT2")
    ).accounts[0]

    renamed = api.update_account(tenant, made.account_id, {"Accounts": [{"Name": "Courses"}]})
    deleted = api.delete_account(tenant, made.account_id)

    assert made._class == "REVENUE"
    assert renamed.accounts[0].name == "Courses"
    assert deleted.accounts[0].status == "DELETED"
    assert "205" not in [a.code for a in api.get_accounts(tenant).accounts]


def test_sdk_reads_tax_rates_with_components(customer):
    rates = {r.tax_type: r for r in customer.accounting.get_tax_rates(customer.tenant).tax_rates}

    assert rates["OUTPUT2"].effective_rate == Decimal(15)
    assert rates["OUTPUT2"].can_apply_to_revenue
    assert not rates["INPUT2"].can_apply_to_revenue
    assert rates["OUTPUT"].status == "ARCHIVED"
    assert rates["OUTPUT2"].tax_components[0].rate == Decimal(15)


def test_sdk_makes_a_tax_rate(customer):
    rate = TaxRate(
        name="Levy",
        report_tax_type="OUTPUT",
        tax_components=[TaxComponent(name="Levy", rate=2.5)],
    )

    made = customer.accounting.create_tax_rates(customer.tenant, TaxRates(tax_rates=[rate]))

    assert made.tax_rates[0].tax_type.startswith("TAX")
    assert made.tax_rates[0].effective_rate == Decimal("2.5")


def test_sdk_reads_and_extends_tracking_categories(customer):
    api, tenant = customer.accounting, customer.tenant
    region, team = api.get_tracking_categories(tenant).tracking_categories

    api.create_tracking_options(tenant, region.tracking_category_id, TrackingOption(name="Far"))
    api.delete_tracking_category(tenant, team.tracking_category_id)
    api.create_tracking_category(tenant, TrackingCategory(name="Season"))

    names = [
        (c.name, [o.name for o in c.options])
        for c in api.get_tracking_categories(tenant).tracking_categories
    ]
    assert names == [("Region", ["Eastside", "North", "South", "Far"]), ("Season", [])]


def test_sdk_reads_currencies_themes_and_users(customer):
    api, tenant = customer.accounting, customer.tenant

    assert [c.code.value for c in api.get_currencies(tenant).currencies] == ["NZD", "AUD", "USD"]
    assert api.get_branding_themes(tenant).branding_themes[0].sort_order == 0
    assert api.get_users(tenant).users[0].is_subscriber
