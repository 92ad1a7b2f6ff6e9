"""Puts an edition, its people and its documents into new books."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal

from local.xero.books import contacts as contact_records
from local.xero.books.accounts import CLASS_OF
from local.xero.books.books import Books
from local.xero.books.records import Record, seeded_id
from local.xero.books.seeds.chart import COMMON, Row
from local.xero.books.seeds.documents import write_documents
from local.xero.books.seeds.editions import BY_COUNTRY, NAMES, Edition
from local.xero.books.seeds.people import generated, people

_REGIONS = {"Region": ("Eastside", "North", "South", "West Coast"), "Team": ("Design", "Field")}
_AGE = timedelta(days=90)


def plant(country: str, *, name: str, now: Callable[[], datetime], contacts: int = 0) -> Books:
    """New books of one edition; raises KeyError for a country without one."""
    edition = BY_COUNTRY[country]
    present = now()
    books = Books(_organisation(edition, name, present), now)
    books.no_tax_type = edition.tax_of["N"]
    _settings(books, edition, name, present)
    _chart(books, edition, name, present - _AGE)
    sent = people(edition) + [generated(edition, n) for n in range(1, contacts + 1)]
    for index, fields in enumerate(sent):
        books.contacts.store(_contact(name, index, fields, present - _AGE))
    codes = {"sales": "200", "expense": "429", "bank": "090"}
    used = {role: edition.codes.get(code, code) for role, code in codes.items()}
    write_documents(books, name, used, present)
    books.backdate(None)
    return books


def _organisation(edition: Edition, name: str, present: datetime) -> Record:
    demo = name.startswith("Demo Company")
    day, month = edition.year_end
    organisation_id = seeded_id(name, "organisation", edition.version)
    return {
        "APIKey": seeded_id(name, "key", "").replace("-", "").upper()[:30],
        "Name": name,
        "LegalName": name,
        "PaysTax": True,
        "Version": edition.version,
        "OrganisationType": "COMPANY",
        "BaseCurrency": edition.currency,
        "CountryCode": edition.country,
        "IsDemoCompany": demo,
        "OrganisationStatus": "ACTIVE",
        "TaxNumber": edition.tax_number,
        "FinancialYearEndDay": day,
        "FinancialYearEndMonth": month,
        "SalesTaxBasis": "PAYMENTS" if edition.version == "NZ" else "ACCRUALS",
        "SalesTaxPeriod": "TWOMONTHS" if edition.version == "NZ" else "QUARTERLY",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive",
        "CreatedDateUTC": present - _AGE,
        "OrganisationEntityType": "COMPANY",
        "Timezone": edition.timezone,
        "ShortCode": "!" + organisation_id.replace("-", "")[:5],
        "OrganisationID": organisation_id,
        "Edition": "BUSINESS",
        "Class": "DEMO" if demo else "PREMIUM",
        "LineOfBusiness": "",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {
            "Bills": {"Day": 14, "Type": "DAYSAFTERBILLDATE"},
            "Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"},
        },
    }


def _settings(books: Books, edition: Edition, name: str, present: datetime) -> None:
    for rate in deepcopy(edition.rates):
        rate["user_made"] = rate["TaxType"].startswith("TAX")
        books.tax_rates.store(rate)
    books.currencies = [{"Code": c, "Description": NAMES[c]} for c in edition.currencies]
    books.currency_rates = {code: Decimal(rate) for code, rate in edition.currencies.items()}
    books.branding_themes = [
        {
            "BrandingThemeID": seeded_id(name, "theme", theme),
            "Name": theme,
            "Type": "INVOICE",
            "SortOrder": order,
            "CreatedDateUTC": present - _AGE,
        }
        for order, theme in enumerate(("Standard", "Special Projects"))
    ]
    books.users = [
        {
            "UserID": seeded_id(name, "user", "owner"),
            "EmailAddress": "demo@xero.test",
            "FirstName": "Demo",
            "LastName": "User",
            "UpdatedDateUTC": present - _AGE,
            "IsSubscriber": True,
            "OrganisationRole": "STANDARD",
        }
    ]
    for category, options in _REGIONS.items():
        key = seeded_id(name, "tracking", category)
        books.tracking.by_id[key] = {
            "Name": category,
            "Status": "ACTIVE",
            "TrackingCategoryID": key,
            "Options": [_option(name, key, category, option) for option in options],
        }


def _option(name: str, category_id: str, category: str, option: str) -> Record:
    return {
        "TrackingOptionID": seeded_id(name, "option", f"{category}/{option}"),
        "Name": option,
        "Status": "ACTIVE" if option != "West Coast" else "ARCHIVED",
        "TrackingCategoryID": category_id,
    }


def _chart(books: Books, edition: Edition, name: str, moment: datetime) -> None:
    for row in COMMON:
        books.accounts.store(_account(edition, row, name, moment))
    foreign = next(c for c in edition.currencies if c != edition.currency)
    row = Row("092", f"{foreign} Account", "BANK", "N")
    books.accounts.store(_account(edition, row, name, moment) | {"CurrencyCode": foreign})


def _account(edition: Edition, row: Row, name: str, moment: datetime) -> Record:
    code = edition.codes.get(row.code, row.code)
    account: Record = {
        "AccountID": seeded_id(name, "account", row.code),
        "Code": code,
        "Name": edition.tax_account if row.system == "GST" else row.name,
        "Status": row.status,
        "Type": row.kind,
        "TaxType": edition.tax_of[row.tax],
        "Class": CLASS_OF[row.kind],
        "EnablePaymentsToAccount": row.payments,
        "ShowInExpenseClaims": row.kind == "EXPENSE" and not row.system,
        "ReportingCode": CLASS_OF[row.kind][:3],
        "ReportingCodeName": CLASS_OF[row.kind].capitalize(),
        "HasAttachments": False,
        "UpdatedDateUTC": moment,
        "AddToWatchlist": False,
    }
    if row.system:
        account["SystemAccount"] = row.system
    if row.kind == "BANK":
        account["BankAccountNumber"] = f"0209087654{row.code}050"
        account["BankAccountType"] = "BANK"
        account["CurrencyCode"] = edition.currency
    return account


def _contact(name: str, index: int, fields: Record, moment: datetime) -> Record:
    contact = contact_records.blank()
    contact_records.apply_fields(contact, fields)
    contact.update(
        ContactID=seeded_id(name, "contact", fields["Name"]),
        UpdatedDateUTC=moment + timedelta(seconds=index),
    )
    return contact
