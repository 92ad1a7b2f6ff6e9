"""Xero's fields and their kinds, from its OpenAPI file (components/schemas).

A kind is one of the members of Kind, a nested schema, or a list holding a schema.
"""

from enum import StrEnum
from typing import Any

Schema = dict[str, Any]


class Kind(StrEnum):
    """What a scalar field holds."""

    TEXT = "text"
    MONEY = "decimal"
    DAY = "DateTime"
    FLAG = "boolean"
    ID = "Guid"
    WHOLE = "integer"


def _fields(kind: Kind, names: str) -> Schema:
    return dict.fromkeys(names.split(), kind)


VALIDATION: Schema = _fields(Kind.TEXT, "Message")
SAID: Schema = {
    **_fields(Kind.TEXT, "StatusAttributeString"),
    "ValidationErrors": [VALIDATION],
    "Warnings": [VALIDATION],
}
ADDRESS: Schema = _fields(
    Kind.TEXT,
    "AddressType AddressLine1 AddressLine2 AddressLine3 AddressLine4 City Region "
    "PostalCode Country AttentionTo",
)
PHONE: Schema = _fields(Kind.TEXT, "PhoneType PhoneNumber PhoneAreaCode PhoneCountryCode")
PERSON: Schema = {
    **_fields(Kind.TEXT, "FirstName LastName EmailAddress"),
    "IncludeInEmails": Kind.FLAG,
}
TERM: Schema = {"Day": Kind.WHOLE, "Type": Kind.TEXT}
BALANCE: Schema = _fields(Kind.MONEY, "Outstanding Overdue")
SALES_TRACKING: Schema = _fields(Kind.TEXT, "TrackingCategoryName TrackingOptionName")
THEME: Schema = {
    **_fields(Kind.TEXT, "Name LogoUrl Type"),
    "BrandingThemeID": Kind.ID,
    "SortOrder": Kind.WHOLE,
    "CreatedDateUTC": Kind.DAY,
}
CONTACT: Schema = {
    **SAID,
    **_fields(Kind.ID, "ContactID MergedToContactID"),
    **_fields(
        Kind.TEXT,
        "ContactNumber AccountNumber ContactStatus Name FirstName LastName CompanyNumber "
        "EmailAddress BankAccountDetails TaxNumber TaxNumberType AccountsReceivableTaxType "
        "AccountsPayableTaxType SalesDefaultLineAmountType PurchasesDefaultLineAmountType "
        "DefaultCurrency XeroNetworkKey SalesDefaultAccountCode "
        "PurchasesDefaultAccountCode TrackingCategoryName TrackingCategoryOption Website",
    ),
    **_fields(Kind.FLAG, "IsSupplier IsCustomer HasAttachments HasValidationErrors"),
    "UpdatedDateUTC": Kind.DAY,
    "Discount": Kind.MONEY,
    "ContactPersons": [PERSON],
    "Addresses": [ADDRESS],
    "Phones": [PHONE],
    "SalesTrackingCategories": [SALES_TRACKING],
    "PurchasesTrackingCategories": [SALES_TRACKING],
    "PaymentTerms": {"Bills": TERM, "Sales": TERM},
    "ContactGroups": [{**_fields(Kind.TEXT, "Name Status"), "ContactGroupID": Kind.ID}],
    "BrandingTheme": THEME,
    "Balances": {"AccountsReceivable": BALANCE, "AccountsPayable": BALANCE},
}
TRACKING_LINE: Schema = {
    **_fields(Kind.ID, "TrackingCategoryID TrackingOptionID"),
    **_fields(Kind.TEXT, "Name Option"),
}
LINE: Schema = {
    **_fields(Kind.ID, "LineItemID AccountID RepeatingInvoiceID"),
    **_fields(Kind.TEXT, "Description ItemCode AccountCode TaxType Taxability"),
    **_fields(
        Kind.MONEY,
        "Quantity UnitAmount TaxAmount LineAmount DiscountRate DiscountAmount SalesTaxCodeId",
    ),
    "Item": {**_fields(Kind.TEXT, "Code Name"), "ItemID": Kind.ID},
    "Tracking": [TRACKING_LINE],
    "ValidationErrors": [VALIDATION],
}
ACCOUNT: Schema = {
    **SAID,
    "AccountID": Kind.ID,
    **_fields(
        Kind.TEXT,
        "Code Name Type BankAccountNumber Status Description BankAccountType CurrencyCode "
        "TaxType Class SystemAccount ReportingCode ReportingCodeName",
    ),
    **_fields(
        Kind.FLAG,
        "EnablePaymentsToAccount ShowInExpenseClaims HasAttachments AddToWatchlist",
    ),
    "UpdatedDateUTC": Kind.DAY,
}
INVOICE: Schema = {
    **SAID,
    **_fields(Kind.ID, "InvoiceID BrandingThemeID RepeatingInvoiceID"),
    **_fields(
        Kind.TEXT,
        "Type LineAmountTypes InvoiceNumber Reference Url CurrencyCode Status DateString "
        "DueDateString UpdatedDateUTCString",
    ),
    **_fields(
        Kind.MONEY,
        "CurrencyRate CISDeduction CISRate SubTotal TotalTax Total TotalDiscount "
        "RoundingAmount EnteredTotal AmountDue AmountPaid AmountCredited",
    ),
    **_fields(
        Kind.DAY,
        "Date DueDate ExpectedPaymentDate PlannedPaymentDate FullyPaidOnDate UpdatedDateUTC",
    ),
    **_fields(Kind.FLAG, "SentToContact HasAttachments IsDiscounted HasErrors"),
    "Contact": CONTACT,
    "LineItems": [LINE],
}
PAYMENT: Schema = {
    **SAID,
    **_fields(Kind.ID, "PaymentID BatchPaymentID"),
    **_fields(
        Kind.TEXT,
        "InvoiceNumber CreditNoteNumber Code Reference Status PaymentType "
        "BankAccountNumber Particulars Details UpdatedDateUTCString",
    ),
    **_fields(Kind.MONEY, "CurrencyRate Amount BankAmount"),
    **_fields(Kind.DAY, "Date UpdatedDateUTC"),
    **_fields(Kind.FLAG, "IsReconciled HasAccount HasValidationErrors"),
    "Invoice": INVOICE,
    "Account": ACCOUNT,
}
CREDIT: Schema = {
    **SAID,
    **_fields(Kind.ID, "CreditNoteID PrepaymentID OverpaymentID BrandingThemeID"),
    **_fields(
        Kind.TEXT,
        "Type CreditNoteNumber InvoiceNumber Reference LineAmountTypes CurrencyCode Status "
        "DateString UpdatedDateUTCString",
    ),
    **_fields(
        Kind.MONEY,
        "CurrencyRate SubTotal TotalTax Total RemainingCredit AppliedAmount CISDeduction CISRate",
    ),
    **_fields(Kind.DAY, "Date DueDate FullyPaidOnDate UpdatedDateUTC"),
    **_fields(Kind.FLAG, "SentToContact HasAttachments HasErrors"),
    "Contact": CONTACT,
    "LineItems": [LINE],
    "Payments": [PAYMENT],
}
ALLOCATION: Schema = {
    **SAID,
    "AllocationID": Kind.ID,
    "Amount": Kind.MONEY,
    "Date": Kind.DAY,
    "IsDeleted": Kind.FLAG,
    "Invoice": INVOICE,
    **dict.fromkeys(("CreditNote", "Prepayment", "Overpayment"), CREDIT),
}
CREDIT["Allocations"] = [ALLOCATION]
# An invoice may be sent back as it was read, payments and all.
INVOICE["Payments"] = [PAYMENT]
for _allocated in ("CreditNotes", "Prepayments", "Overpayments"):
    INVOICE[_allocated] = [CREDIT]
COMPONENT: Schema = {
    "Name": Kind.TEXT,
    "Rate": Kind.MONEY,
    **_fields(Kind.FLAG, "IsCompound IsNonRecoverable"),
}
TAX_RATE: Schema = {
    **_fields(Kind.TEXT, "Name TaxType Status ReportTaxType"),
    **_fields(
        Kind.FLAG,
        "CanApplyToAssets CanApplyToEquity CanApplyToExpenses CanApplyToLiabilities "
        "CanApplyToRevenue",
    ),
    **_fields(Kind.MONEY, "DisplayTaxRate EffectiveRate"),
    "TaxComponents": [COMPONENT],
}
OPTION: Schema = {
    **_fields(Kind.ID, "TrackingOptionID TrackingCategoryID"),
    **_fields(Kind.TEXT, "Name Status"),
}
CATEGORY: Schema = {
    **_fields(Kind.ID, "TrackingCategoryID TrackingOptionID"),
    **_fields(Kind.TEXT, "Name Option Status"),
    "Options": [OPTION],
}
CURRENCY: Schema = _fields(Kind.TEXT, "Code Description")
USER: Schema = {
    "UserID": Kind.ID,
    **_fields(Kind.TEXT, "EmailAddress FirstName LastName OrganisationRole"),
    "IsSubscriber": Kind.FLAG,
    "UpdatedDateUTC": Kind.DAY,
}
HISTORY: Schema = {**SAID, **_fields(Kind.TEXT, "Details Changes User"), "DateUTC": Kind.DAY}
EMPTY: Schema = _fields(Kind.TEXT, "Status")
