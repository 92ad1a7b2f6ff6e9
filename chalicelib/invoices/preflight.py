"""Everything Xero would refuse in an invoice, found before it is sent."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from chalicelib.invoices import payload, totals
from chalicelib.invoices.line import Line, LineAmountTypes, Totals
from chalicelib.invoices.model import Invoice, Problem
from chalicelib.money import LARGEST
from chalicelib.reference.code_rules import of_currency, of_day
from chalicelib.reference.model import Tracking, TrackingCategory
from chalicelib.reference.organisation import Organisation
from chalicelib.reference.resolve import tracking_problem
from chalicelib.work.model import Client, Standing
from chalicelib.xero.formats import read_json

LONGEST_TEXT = 255
LONGEST_DESCRIPTION = 4000
CODE_LENGTH = 3
"""Of a currency, by ISO 4217."""

CODES_PAGE = "/settings/codes"
REFRESH = "After a change in Xero, refresh the codes here."
STANDS = {
    Standing.ARCHIVED: "archived",
    Standing.REMOVED: "removed",
    Standing.MERGED: "merged into another one",
    Standing.GONE: "no longer listed",
}
OTHER_BOOKS = (
    "This was made for the books of another organisation, which is not connected now. "
    "Discard it: its work is unbilled again, and can be billed to the present one."
)


@dataclass(frozen=True, slots=True)
class TaxFact:
    """A tax rate as it stands in Xero now."""

    percent: Decimal
    usable: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What an invoice is judged against: its client, and which codes lines may use.

    All of it is of the organisation connected now. ``ended_deposits`` are those among the
    invoice's own that Xero has no more. ``currencies`` are those subscribed to; none of them,
    and no ``organisation``, before they were imported.
    """

    client: Client | None
    accounts: Mapping[str, bool]
    tax_rates: Mapping[str, TaxFact]
    organisation_id: str = ""
    tracking: Mapping[str, TrackingCategory] = field(default_factory=dict)
    ended_deposits: frozenset[str] = frozenset()
    currencies: Collection[str] = ()
    organisation: Organisation | None = None


def problems_of(invoice: Invoice, facts: Facts) -> tuple[Problem, ...]:
    """Every problem at once, in the order a person would mend them; none: it may be sent.

    Codes, percentages and sums are judged on the exact body that would be sent. What was made
    for other books is not judged by these: it never goes there.
    """
    if invoice.organisation_id not in {"", facts.organisation_id}:
        return (Problem("other_books", OTHER_BOOKS, "organisation"),)
    return (
        *_of_client(facts.client),
        *_of_header(invoice),
        *_of_organisation(invoice, facts),
        *_of_address(invoice.url),
        *_of_lines(invoice, facts),
        *_of_deposits(invoice, facts),
        *_of_sums(invoice, facts),
    )


def blocking(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that stand in the way of sending."""
    return tuple(problem for problem in problems if problem.blocking)


def _of_client(client: Client | None) -> Iterator[Problem]:
    if client is None:
        yield Problem("client_missing", "The client of this invoice is gone.", "client_id")
        return
    place = f"/clients/{client.client_id}"
    if client.archived:
        yield Problem(
            "client_archived",
            f"{client.name} is archived. Restore the client, in Xero too, or bill another.",
            "client_id",
            place,
        )
    if not client.contact_id:
        yield Problem(
            "client_not_linked",
            f"{client.name} is not linked to a contact in Xero. Link the client first.",
            "client_id",
            place,
        )
    elif not client.archived and client.standing not in {None, Standing.ACTIVE}:
        yield Problem(
            "contact_unusable",
            f"The contact of {client.name} is {STANDS[client.standing]} in Xero, which takes no "
            "invoice for it. Restore it there, or link the client to another.",
            "client_id",
            place,
        )


def _of_header(invoice: Invoice) -> Iterator[Problem]:
    if len(invoice.number) > LONGEST_TEXT:
        yield Problem(
            "number_too_long", "The number has over 255 characters.", "number", "/settings"
        )
    if len(invoice.reference) > LONGEST_TEXT:
        yield Problem("reference_too_long", "The reference has over 255 characters.", "reference")
    if not (len(invoice.currency) == CODE_LENGTH and invoice.currency.isalpha()):
        yield Problem("currency_unknown", "The currency is not a code such as NZD.", "currency")
    if not any(not line.text_only for line in invoice.lines):
        yield Problem("no_lines", "There is nothing to bill: no line has an amount.", "lines")


def _of_organisation(invoice: Invoice, facts: Facts) -> Iterator[Problem]:
    """What the organisation's own settings in Xero keep it from taking."""
    currency = of_currency(invoice.currency, facts.currencies)
    if currency and len(invoice.currency) == CODE_LENGTH:
        yield Problem(currency.code, f"{currency.sentence} {REFRESH}", "currency", CODES_PAGE)
    day = of_day(invoice.date, facts.organisation)
    if day:
        yield Problem(day.code, f"{day.sentence} {REFRESH}", "date", CODES_PAGE)


def _of_address(url: str) -> Iterator[Problem]:
    address = urlsplit(url)
    if address.scheme not in {"http", "https"} or not address.netloc:
        yield Problem(
            "url_not_absolute",
            "Workbill does not know its own address. Tell the operator to set PUBLIC_BASE_URL.",
            "url",
        )
    if "xero" in url.lower():
        yield Problem(
            "url_refused",
            "Workbill's own address contains “xero”, which Xero refuses. Tell the operator.",
            "url",
        )


def _of_lines(invoice: Invoice, facts: Facts) -> Iterator[Problem]:
    for number, line in enumerate(invoice.lines, start=1):
        if not 1 <= len(line.description) <= LONGEST_DESCRIPTION:
            yield Problem(
                "description_length",
                f"Line {number} needs a description of 1 to 4,000 characters.",
                "description",
                line=number,
            )
        if not line.text_only:
            yield from _of_account(number, line, facts)
            if invoice.line_amount_types is not LineAmountTypes.NO_TAX:
                yield from _of_tax(number, line, facts)
            yield from _of_tracking(number, line, facts)
            yield from _of_amount(number, line)


def _of_deposits(invoice: Invoice, facts: Facts) -> Iterator[Problem]:
    for number, line in enumerate(invoice.lines, start=1):
        if line.work and line.work.deposit_id in facts.ended_deposits:
            yield Problem(
                "deposit_ended",
                f"Line {number}: the deposit is no longer in Xero. Edit the draft and remove it.",
                "lines",
                line=number,
            )


def _of_account(number: int, line: Line, facts: Facts) -> Iterator[Problem]:
    usable = facts.accounts.get(line.account_code)
    if not line.account_code:
        code, sentence = "account_missing", f"Line {number} has no account code. Choose one."
    elif usable is None:
        code = "account_unknown"
        sentence = f"Line {number}: Xero has no account {line.account_code}. Choose another."
    elif not usable:
        code = "account_unusable"
        sentence = f"Line {number}: account {line.account_code} cannot be used. Choose another."
    else:
        return
    yield Problem(code, sentence, "account_code", CODES_PAGE, number)


def _of_tax(number: int, line: Line, facts: Facts) -> Iterator[Problem]:
    rate = facts.tax_rates.get(line.tax_type)
    if not line.tax_type:
        code, sentence = "tax_missing", f"Line {number} has no tax rate. Choose one."
    elif rate is None:
        code = "tax_unknown"
        sentence = f"Line {number}: Xero has no tax rate {line.tax_type}. Choose another."
    elif not rate.usable:
        code = "tax_unusable"
        sentence = f"Line {number}: tax rate {line.tax_type} cannot be used. Choose another."
    elif rate.percent != line.tax_percent:
        code = "tax_changed"
        sentence = (
            f"Line {number}: tax rate {line.tax_type} was {line.tax_percent:f} % and is now "
            f"{rate.percent:f} %. Edit the draft and save it, and it takes the new one."
        )
    else:
        return
    yield Problem(code, sentence, "tax_type", CODES_PAGE, number)


def _of_tracking(number: int, line: Line, facts: Facts) -> Iterator[Problem]:
    borne = tuple(Tracking(one.category_id, one.option_id) for one in line.tracking or ())
    problem = tracking_problem(borne, facts.tracking)
    if problem:
        sentence = f"Line {number}: {problem}"
        yield Problem("tracking_unusable", sentence, "tracking", CODES_PAGE, number)


def _of_amount(number: int, line: Line) -> Iterator[Problem]:
    if abs(totals.line_amount(line)) > LARGEST:
        yield Problem(
            "amount_too_large", f"Line {number} is larger than Xero takes.", "lines", line=number
        )
    gross = (line.quantity or Decimal(0)) * line.unit_price
    too_much = line.discount_percent is not None and not 0 <= line.discount_percent <= 100  # noqa: PLR2004  percent
    if too_much or abs(line.discount_amount or Decimal(0)) > abs(gross):
        yield Problem(
            "discount_too_large",
            f"Line {number}: the discount is more than the line.",
            "lines",
            line=number,
        )


def _of_sums(invoice: Invoice, facts: Facts) -> Iterator[Problem]:
    percents = {name: fact.percent for name, fact in facts.tax_rates.items()}
    exact = totals_of_body(payload.body([invoice]), percents)
    if exact != invoice.totals:
        yield Problem(
            "totals_differ",
            f"Xero would make this {exact.total}, and the draft says {invoice.totals.total}. "
            "Edit the draft and save it, and it is worked out anew.",
            "totals",
        )
    if invoice.totals.total < 0:
        yield Problem("total_negative", "The total is negative; Xero refuses that.", "totals")


def totals_of_body(content: bytes, percents: Mapping[str, Decimal]) -> Totals:
    """What Xero will work out from a body of one invoice, by its present tax percentages."""
    tree = read_json(content)["Invoices"][0]
    lines = [_line_of(item, percents) for item in tree["LineItems"]]
    return totals.add_up(lines, LineAmountTypes(tree["LineAmountTypes"]))


def _line_of(item: Mapping[str, Any], percents: Mapping[str, Decimal]) -> Line:
    return Line(
        description=item.get("Description", ""),
        quantity=_decimal(item.get("Quantity")),
        unit_price=_decimal(item.get("UnitAmount")) or Decimal(0),
        tax_percent=percents.get(item.get("TaxType", ""), Decimal(0)),
        discount_percent=_decimal(item.get("DiscountRate")),
        discount_amount=_decimal(item.get("DiscountAmount")),
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
