"""Three calculations of one invoice: ours, the local Xero's, and one written from the guide.

``TOTALS_EXAMPLES`` sets how many random invoices are tried; ``make soak`` tries fifty thousand.
"""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask, g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.invoices import payload, totals
from chalicelib.invoices.line import Line, LineAmountTypes, Totals
from chalicelib.invoices.model import Basis, Invoice, InvoiceState
from chalicelib.reference.model import TaxComponent
from local.xero.accounting import blueprint
from local.xero.books import Books

EXAMPLES = int(os.environ.get("TOTALS_EXAMPLES", "1000"))
NOW = datetime(2026, 11, 23, tzinfo=UTC)
RATES = (
    (("0", False),),
    (("15", False),),
    (("12.5", False),),
    (("8.875", False),),
    (("5", False), ("9.975", False)),
    (("5", False), ("7.5", True)),
    (("4.3333", False), ("2.1111", False), ("10", True)),
)
"""Components of the tax rates in use: percent, and whether it is charged on the others' tax."""
FIRST = 2
"""The seeded company has one rate of its own making already."""

prices = st.decimals("-9999", "9999", places=4)
quantities = st.decimals("-999", "999", places=4)


@st.composite
def lines(draw):
    """A line of any rate, with a discount of either kind or none."""
    quantity, price = draw(quantities), draw(prices)
    rate = draw(st.integers(0, len(RATES) - 1))
    line = Line(
        draw(st.text("abc é☕", min_size=1, max_size=5)),
        quantity,
        price,
        account_code="200",
        tax_type=code(rate),
        tax_percent=totals.percentage(components(RATES[rate]), None),
    )
    kind = draw(st.sampled_from(["none", "percent", "amount", "text"]))
    if kind == "percent":
        return replace(line, discount_percent=draw(st.decimals("0", "100", places=2)))
    gross = quantity * price
    if kind == "amount" and gross >= 1:
        most = min(gross.quantize(Decimal("0.01")) - 1, Decimal(999))
        return replace(line, discount_amount=draw(st.decimals("0", most, places=2)))
    return Line(line.description) if kind == "text" else line


def code(rate):
    return f"TAX{rate + FIRST:03d}"


def components(parts):
    return [TaxComponent("Part", Decimal(rate), compound=compound) for rate, compound in parts]


@pytest.fixture(scope="module")
def enter():
    """Creates an invoice in the local Xero from its exact body; answers Xero's own record."""
    books = Books.seeded("NZ", name="Demo Company (NZ)", now=lambda: NOW)
    for number, parts in enumerate(RATES):
        made = books.tax_rates.create(
            {
                "Name": f"Rate {number}",
                "ReportTaxType": "OUTPUT",
                "TaxComponents": [
                    {"Name": f"{place}", "Rate": Decimal(rate), "IsCompound": compound}
                    for place, (rate, compound) in enumerate(parts)
                ],
            }
        )
        assert made["TaxType"] == code(number)
    app = Flask("books-alone")
    app.register_blueprint(blueprint)

    @app.before_request
    def admitted():
        g.books, g.app_client_id, g.user, g.scopes = books, "the-app", None, set()

    client = app.test_client()
    contact_id = books.contacts.named("Boom FM")["ContactID"]

    def put(invoice):
        answer = client.put(
            "/api.xro/2.0/Invoices?unitdp=4&summarizeErrors=false",
            data=payload.body([replace(invoice, contact_id=contact_id)]),
            content_type="application/json",
            headers={"Accept": "application/json"},
        )
        return json.loads(answer.text, parse_float=Decimal)["Invoices"][0]

    return put


def by_the_guide(lines, types):
    """Written from Xero's rounding guide alone, in fractions: no code is shared with ours."""
    net = tax = Fraction(0)
    for line in (line for line in lines if line.quantity is not None):
        gross = Fraction(line.quantity) * Fraction(line.unit_price)
        if line.discount_percent is not None:
            gross *= 1 - Fraction(line.discount_percent) / 100
        amount = cents(gross - Fraction(line.discount_amount or 0))
        rate = whole_rate(line.tax_type)
        if types is LineAmountTypes.NO_TAX:
            its_tax = Fraction(0)
        elif types is LineAmountTypes.EXCLUSIVE:
            its_tax = cents(amount * rate)
        else:
            its_tax = amount - cents(amount / (1 + rate))
            amount -= its_tax
        net, tax = net + amount, tax + its_tax
    return Totals(*(money(value) for value in (net, tax, net + tax)))


def whole_rate(tax_type):
    parts = RATES[int(tax_type.removeprefix("TAX")) - FIRST]
    simple = sum(Fraction(rate) / 100 for rate, compound in parts if not compound)
    on_top = sum(Fraction(rate) / 100 for rate, compound in parts if compound)
    return (1 + simple) * (1 + on_top) - 1


def cents(value):
    """Half away from zero, in whole cents."""
    whole, rest = divmod(abs(value) * 100, 1)
    up = whole + (1 if rest >= Fraction(1, 2) else 0)
    return Fraction(up, 100) * (1 if value >= 0 else -1)


def money(value):
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"))


def invoice_of(lines, types=LineAmountTypes.EXCLUSIVE, currency="NZD"):
    return Invoice(
        invoice_id="inv1",
        client_id="client-1",
        client_name="Boom FM",
        basis=Basis.BLANK,
        state=InvoiceState.DRAFT,
        currency=currency,
        date=date(2026, 11, 23),
        due_date=date(2026, 12, 13),
        created_at=NOW,
        line_amount_types=types,
        lines=tuple(lines),
    )


def said(record):
    return Totals(record["SubTotal"], record["TotalTax"], record["Total"])


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    lines=st.lists(lines(), min_size=1, max_size=8),
    types=st.sampled_from(LineAmountTypes),
    currency=st.sampled_from(["NZD", "USD"]),
)
def test_xero_the_guide_and_we_agree_to_the_cent(enter, lines, types, currency):
    ours = totals.add_up(lines, types)

    record = enter(invoice_of(lines, types, currency))

    assert by_the_guide(lines, types) == ours
    if ours.total < 0:
        assert "cannot be negative" in record["ValidationErrors"][0]["Message"]
    else:
        assert said(record) == ours


def test_the_guides_own_example_agrees_in_all_three(enter):
    prices = ("25.06", "25.61", "25.63")
    lines = [
        Line("Work", Decimal(1), Decimal(price), "200", code(1), Decimal(15)) for price in prices
    ]
    expected = Totals(Decimal("76.30"), Decimal("11.44"), Decimal("87.74"))

    assert totals.add_up(lines, LineAmountTypes.EXCLUSIVE) == expected
    assert by_the_guide(lines, LineAmountTypes.EXCLUSIVE) == expected
    assert said(enter(invoice_of(lines))) == expected
