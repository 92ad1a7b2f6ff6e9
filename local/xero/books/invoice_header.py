"""The fields of an invoice besides its lines: defaults, what may be set, what is refused."""

from decimal import Decimal
from urllib.parse import urlsplit

from local.xero.books.errors import Problems
from local.xero.books.invoice_lines import POSTED
from local.xero.books.records import Record
from local.xero.books.rounding import ZERO, Totals, round_to

# Status, Contact, LineItems and the sums have rules of their own.
SETTABLE = (
    "Date",
    "DueDate",
    "LineAmountTypes",
    "InvoiceNumber",
    "Reference",
    "BrandingThemeID",
    "Url",
    "CurrencyCode",
    "CurrencyRate",
    "ExpectedPaymentDate",
    "PlannedPaymentDate",
)
SENT_BUT_UNAPPROVED = "Only AUTHORISED invoices may have SentToContact updated."
_AMOUNT_TYPES = ("Exclusive", "Inclusive", "NoTax")
_TYPES = ("ACCREC", "ACCPAY")
_MOST_ROUNDING = Decimal("0.10")


def blank(kind: str) -> Record:
    """A new draft without contact, lines or number."""
    return {
        "Type": kind,
        "Reference": "",
        "Status": "DRAFT",
        "LineAmountTypes": "Exclusive",
        "SentToContact": False,
        "HasAttachments": False,
        "AmountCredited": ZERO,
        "Payments": [],
        "allocations": [],
        "LineItems": [],
    }


def check_type(sent: Record, problems: Problems) -> None:
    if sent.get("Type") not in _TYPES:
        problems.say("Invoice Type must be one of ACCREC or ACCPAY.")


def check(invoice: Record, problems: Problems) -> None:
    """Says everything wrong with the header by itself."""
    if invoice["LineAmountTypes"] not in _AMOUNT_TYPES:
        problems.say("LineAmountTypes must be one of Exclusive, Inclusive or NoTax.")
    if len(invoice.get("InvoiceNumber", "")) > 255:
        problems.say("Invoice # must not be more than 255 characters.")
    if len(invoice["Reference"]) > 255:
        problems.say("Reference must not be more than 255 characters.")
    if invoice["Status"] in POSTED and "DueDate" not in invoice:
        problems.say("Due Date cannot be empty.")
    if invoice["Status"] in POSTED and not invoice["LineItems"]:
        problems.say("One or more line items must be specified")
    _check_url(invoice.get("Url", ""), problems)


def check_currency(
    invoice: Record, rates: dict[str, Decimal], base: str, problems: Problems
) -> None:
    """Sets the currency and the day's rate where none was sent."""
    code = invoice.setdefault("CurrencyCode", base)
    if code not in rates:
        problems.say(f"Organisation is not subscribed to currency {code}")
        return
    rate = Decimal(1) if code == base else Decimal(invoice.get("CurrencyRate") or rates[code])
    if rate <= 0:
        problems.say("The currency rate must be more than zero.")
    invoice["CurrencyRate"] = round_to(rate, 6)


def lay_totals(invoice: Record, totals: Totals, sent: Record, problems: Problems) -> None:
    """Writes the sums; a sent Total is ignored but for a small agreed RoundingAmount."""
    extra = _agreed_rounding(invoice, totals, sent)
    invoice.pop("RoundingAmount", None)
    invoice.pop("TotalDiscount", None)
    invoice.update(
        SubTotal=totals.sub_total, TotalTax=totals.total_tax, Total=totals.total + extra
    )
    if extra:
        invoice["RoundingAmount"] = extra
    if totals.discount:
        invoice["TotalDiscount"] = totals.discount
    if invoice["Total"] < 0:
        problems.say("The total of the document cannot be negative.")


def _agreed_rounding(invoice: Record, totals: Totals, sent: Record) -> Decimal:
    extra = sent.get("RoundingAmount")
    if not extra or invoice["Status"] not in POSTED or abs(extra) > _MOST_ROUNDING:
        return ZERO
    agreed = {
        "SubTotal": totals.sub_total,
        "TotalTax": totals.total_tax,
        "Total": totals.total + extra,
    }
    return round_to(extra, 2) if all(sent.get(k) == v for k, v in agreed.items()) else ZERO


def _check_url(url: str, problems: Problems) -> None:
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        problems.say("Url must be a valid absolute URL.")
    if "xero" in url.casefold():
        problems.say("Url must not contain the word 'xero'.")
