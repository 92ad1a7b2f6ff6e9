"""Which fields of a record an answer shows, and in what depth."""

from flask import g

from local.xero.accounting.wire import day_string, moment_string, pick
from local.xero.books.credits import CREDIT_NOTE, KINDS, Kind
from local.xero.books.records import Record
from local.xero.books.rounding import round_to

_CONTACT_PLAIN = (
    "ContactID",
    "ContactNumber",
    "AccountNumber",
    "ContactStatus",
    "Name",
    "FirstName",
    "LastName",
    "CompanyNumber",
    "EmailAddress",
    "BankAccountDetails",
    "TaxNumber",
    "TaxNumberType",
    "AccountsReceivableTaxType",
    "AccountsPayableTaxType",
    "Addresses",
    "Phones",
    "UpdatedDateUTC",
    "ContactGroups",
    "IsSupplier",
    "IsCustomer",
    "DefaultCurrency",
    "ContactPersons",
    "HasAttachments",
)
_CONTACT_DEEP = (
    "MergedToContactID",
    "SalesDefaultLineAmountType",
    "PurchasesDefaultLineAmountType",
    "SalesDefaultAccountCode",
    "PurchasesDefaultAccountCode",
    "SalesTrackingCategories",
    "PurchasesTrackingCategories",
    "PaymentTerms",
    "XeroNetworkKey",
)
_CONTACT_HEAVY = ("Addresses", "Phones", "ContactPersons", "ContactGroups", "HasAttachments")
_PAYMENT_IN_INVOICE = ("PaymentID", "Date", "Amount", "Reference", "CurrencyRate")
_PAYMENT = (
    "PaymentID",
    "Date",
    "BankAmount",
    "Amount",
    "Reference",
    "CurrencyRate",
    "PaymentType",
    "Status",
    "UpdatedDateUTC",
)
_ACCOUNT_IN_PAYMENT = ("AccountID", "Code", "Name")
_LINE = (
    "ItemCode",
    "Description",
    "UnitAmount",
    "TaxType",
    "TaxAmount",
    "LineAmount",
    "AccountCode",
    "AccountID",
    "DiscountRate",
    "DiscountAmount",
    "Tracking",
    "Quantity",
    "LineItemID",
)


def contact(record: Record) -> Record:
    """A contact in full: alone or in a page."""
    shown = pick(record, _CONTACT_PLAIN) | pick(record, _CONTACT_DEEP)
    if balances := g.books.balances(record):
        shown["Balances"] = balances
    return {**shown, "HasValidationErrors": False}


def contact_plain(record: Record) -> Record:
    """A contact in an unpaged list: no people, terms or defaults."""
    shown = pick(record, _CONTACT_PLAIN)
    return {**shown, "ContactGroups": [], "ContactPersons": [], "HasValidationErrors": False}


def contact_summary(record: Record) -> Record:
    """A contact with summaryOnly=true."""
    light = [name for name in _CONTACT_PLAIN if name not in _CONTACT_HEAVY]
    shown = pick(record, (*light, *_CONTACT_DEEP[1:3]))
    empty: Record = {
        name: [] for name in ("Addresses", "Phones", "ContactGroups", "ContactPersons")
    }
    return {**shown, **empty, "HasValidationErrors": False}


def contact_named(record: Record) -> Record:
    """A contact inside a list of invoices or payments."""
    empty: Record = {
        name: [] for name in ("Addresses", "Phones", "ContactGroups", "ContactPersons")
    }
    shown = pick(record, ("ContactID", "ContactNumber", "Name"))
    return {**shown, **empty, "HasValidationErrors": False}


def invoice(record: Record, unitdp: int) -> Record:
    """An invoice by itself: lines and the whole contact."""
    shown = _invoice(record, contact_plain(record["Contact"]))
    return _with_lines(shown, record, unitdp)


def invoice_paged(record: Record, unitdp: int) -> Record:
    """An invoice in a page: lines, and the contact's name."""
    return _with_lines(_invoice(record, contact_named(record["Contact"])), record, unitdp)


def invoice_plain(record: Record, _unitdp: int) -> Record:
    """An invoice in an unpaged list: without its lines."""
    return _invoice(record, contact_named(record["Contact"])) | {"LineItems": []}


def invoice_summary(record: Record, _unitdp: int) -> Record:
    """An invoice with summaryOnly=true."""
    dropped = ("Payments", "CreditNotes", "Prepayments", "Overpayments", "HasAttachments")
    shown = _invoice(record, contact_named(record["Contact"]))
    return {name: value for name, value in shown.items() if name not in dropped}


def _invoice(record: Record, contact_shown: Record) -> Record:
    shown: Record = pick(record, ("Type", "InvoiceID", "InvoiceNumber", "Reference"))
    shown["Payments"] = [
        {**pick(p, _PAYMENT_IN_INVOICE), "HasAccount": False, "HasValidationErrors": False}
        for p in record["Payments"]
    ]
    for kind in KINDS:
        spent = [one for one in record["allocations"] if kind.name in one]
        shown[kind.plural] = [_applied(kind, one) for one in spent]
    shown.update(pick(record, ("AmountDue", "AmountPaid", "AmountCredited", "Url")))
    shown.update(pick(record, ("ExpectedPaymentDate", "PlannedPaymentDate")))
    shown.update(pick(record, ("SentToContact", "CurrencyRate")))
    shown["IsDiscounted"] = "TotalDiscount" in record
    shown.update(pick(record, ("TotalDiscount", "RoundingAmount", "HasAttachments")))
    shown.update(HasErrors=False, Contact=contact_shown)
    shown.update(_dates(record))
    shown.update(pick(record, ("BrandingThemeID", "Status", "LineAmountTypes")))
    shown.update(pick(record, ("SubTotal", "TotalTax", "Total", "UpdatedDateUTC")))
    shown["UpdatedDateUTCString"] = moment_string(record["UpdatedDateUTC"])
    shown.update(pick(record, ("CurrencyCode", "FullyPaidOnDate")))
    return shown


def _applied(kind: Kind, allocation: Record) -> Record:
    """A credit inside the invoice that it was spent on."""
    credit = allocation[kind.name]
    return {
        **pick(credit, (kind.id_field, "CreditNoteNumber")),
        **({"HasErrors": False} if kind is CREDIT_NOTE else {}),
        "AppliedAmount": allocation["Amount"],
        "Date": allocation["Date"],
        "LineItems": [],
        "Total": credit["Total"],
    }


def _dates(record: Record) -> Record:
    shown: Record = {"DateString": day_string(record["Date"]), "Date": record["Date"]}
    if "DueDate" in record:
        shown["DueDateString"] = day_string(record["DueDate"])
        shown["DueDate"] = record["DueDate"]
    return shown


def _with_lines(shown: Record, record: Record, unitdp: int) -> Record:
    shown["LineItems"] = [_line(line, unitdp) for line in record["LineItems"]]
    return shown


def _line(line: Record, unitdp: int) -> Record:
    shown = pick(line, _LINE)
    if "UnitAmount" in shown:
        shown["UnitAmount"] = round_to(shown["UnitAmount"], unitdp)
    return {**shown, "ValidationErrors": []}


def payment(record: Record) -> Record:
    """A payment by itself, with its invoice."""
    return _payment(record, invoice(record["Invoice"], 2))


def payment_listed(record: Record) -> Record:
    """A payment in a list: its invoice is only named."""
    of = record["Invoice"]
    empty = ("Payments", "CreditNotes", "Prepayments", "Overpayments", "LineItems")
    named = {
        **pick(of, ("Type", "InvoiceID", "InvoiceNumber")),
        **{name: [] for name in empty},
        "HasErrors": False,
        "IsDiscounted": False,
        "Contact": contact_named(of["Contact"]),
        "CurrencyCode": of["CurrencyCode"],
    }
    return _payment(record, named)


def _payment(record: Record, invoice_shown: Record) -> Record:
    return {
        **pick(record, _PAYMENT),
        "UpdatedDateUTCString": moment_string(record["UpdatedDateUTC"]),
        "HasAccount": True,
        "IsReconciled": record["IsReconciled"],
        "Account": pick(record["Account"], _ACCOUNT_IN_PAYMENT),
        "Invoice": invoice_shown,
        "HasValidationErrors": False,
    }


def credit(kind: Kind, record: Record, unitdp: int) -> Record:
    """A credit by itself: lines and the whole contact."""
    return _credit(kind, record, contact_plain(record["Contact"]), unitdp)


def credit_paged(kind: Kind, record: Record, unitdp: int) -> Record:
    """A credit in a page: lines, and the contact's name."""
    return _credit(kind, record, contact_named(record["Contact"]), unitdp)


def credit_plain(kind: Kind, record: Record, unitdp: int) -> Record:
    """A credit in an unpaged list: without its lines."""
    return credit_paged(kind, record, unitdp) | {"LineItems": []}


def _credit(kind: Kind, record: Record, contact_shown: Record, unitdp: int) -> Record:
    own = (kind.id_field, "CreditNoteNumber", "Type", "Reference", "CurrencyRate")
    shown: Record = pick(record, own)
    shown["RemainingCredit"] = record["RemainingCredit"]
    shown["Allocations"] = [allocation_in_credit(one) for one in record["Allocations"]]
    shown["Payments"] = []
    shown.update(pick(record, ("HasAttachments", "SentToContact", "BrandingThemeID")))
    shown.update(Contact=contact_shown, Date=record["Date"])
    shown.update(pick(record, ("Status", "LineAmountTypes", "SubTotal", "TotalTax", "Total")))
    shown["UpdatedDateUTC"] = record["UpdatedDateUTC"]
    shown["UpdatedDateUTCString"] = moment_string(record["UpdatedDateUTC"])
    shown.update(pick(record, ("CurrencyCode", "FullyPaidOnDate")))
    if kind is CREDIT_NOTE:
        shown["HasErrors"] = False
    return _with_lines(shown, record, unitdp)


def allocation_in_credit(record: Record) -> Record:
    """An allocation inside its credit."""
    invoice_named = pick(record["Invoice"], ("InvoiceID", "InvoiceNumber"))
    return {**pick(record, ("AllocationID", "Amount", "Date")), "Invoice": invoice_named}


def public(record: Record) -> Record:
    """Every field under Xero's own names; notes in lower case stay inside."""
    return {n: v for n, v in record.items() if not n[0].islower()}
