from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.invoices import payload, preflight, totals
from chalicelib.invoices.line import Line, LineAmountTypes, Totals
from chalicelib.reference.model import TaxComponent


def of(*amounts: str, percent: str = "15") -> list[Line]:
    return [
        Line("x", Decimal(1), Decimal(amount), tax_percent=Decimal(percent)) for amount in amounts
    ]


def test_tax_is_rounded_by_line_as_in_xeros_guide():
    found = totals.add_up(of("25.06", "25.61", "25.63"), LineAmountTypes.EXCLUSIVE)

    assert found == Totals(Decimal("76.30"), Decimal("11.44"), Decimal("87.74"))


@pytest.mark.parametrize(("amount", "tax"), [("2.165", "2.17"), ("-2.165", "-2.17")])
def test_halves_go_away_from_zero(amount, tax):
    line = Line("x", Decimal(1), Decimal(amount))

    assert totals.line_amount(line) == Decimal(tax)


def test_inclusive_tax_is_what_the_price_contains():
    found = totals.add_up(of("115.00"), LineAmountTypes.INCLUSIVE)

    assert found == Totals(Decimal("100.00"), Decimal("15.00"), Decimal("115.00"))


def test_no_tax_has_none():
    found = totals.add_up(of("10.00"), LineAmountTypes.NO_TAX)

    assert found == Totals(Decimal("10.00"), Decimal("0.00"), Decimal("10.00"))


def test_compound_component_is_charged_on_the_other_tax():
    parts = [TaxComponent("A", Decimal(5)), TaxComponent("B", Decimal(10), compound=True)]

    assert totals.percentage(parts, None) == Decimal("15.5")


def test_effective_rate_serves_where_there_are_no_components():
    assert totals.percentage([], Decimal("12.5")) == Decimal("12.5")


def test_unit_price_keeps_four_decimals():
    line = Line("x", Decimal("3.3333"), Decimal("87.1234"))

    assert totals.line_amount(line) == Decimal("290.41")


def test_text_line_bills_nothing():
    assert totals.add_up([Line("only words")], LineAmountTypes.EXCLUSIVE) == Totals()


quantities = st.decimals("-999", "999", places=4, allow_nan=False)
prices = st.decimals("-9999", "9999", places=4, allow_nan=False)
percents = st.sampled_from(["0", "5", "8.875", "9.975", "10", "12.5", "15", "20", "15.5"])
discounts = st.one_of(st.none(), st.decimals("0", "100", places=2, allow_nan=False))
lines = st.lists(
    st.builds(
        lambda quantity, price, percent, discount: Line(
            "x",
            quantity,
            price,
            account_code="200",
            tax_type=f"T{percent}",
            tax_percent=Decimal(percent),
            discount_percent=discount,
        ),
        quantities,
        prices,
        percents,
        discounts,
    ),
    min_size=1,
    max_size=12,
)


def cents(fraction: Decimal) -> Decimal:
    return fraction.quantize(Decimal("0.01"), ROUND_HALF_UP)


def by_the_guide(lines: list[Line], types: LineAmountTypes) -> Totals:
    """Written from the rounding guide alone: each line's tax in cents, then the sums."""
    net = tax = Decimal(0)
    with localcontext() as context:
        context.prec = 60
        for line in lines:
            less = Decimal(1) - (line.discount_percent or Decimal(0)) / 100
            amount = cents(line.quantity * line.unit_price * less)
            rate = line.tax_percent / 100
            if types is LineAmountTypes.EXCLUSIVE:
                its_tax = cents(amount * rate)
            elif types is LineAmountTypes.INCLUSIVE:
                its_tax = amount - cents(amount / (1 + rate))
                amount -= its_tax
            else:
                its_tax = Decimal(0)
            net += amount
            tax += its_tax
    return Totals(net, tax, net + tax)


@given(lines, st.sampled_from(LineAmountTypes))
def test_totals_equal_a_second_calculation(lines, types):
    assert totals.add_up(lines, types) == by_the_guide(lines, types)


@given(lines=lines, types=st.sampled_from(LineAmountTypes))
def test_sums_of_the_exact_body_equal_the_drafts(lines, types, one_invoice):
    invoice = one_invoice(lines=tuple(lines), line_amount_types=types)
    percents = {line.tax_type: line.tax_percent for line in lines}

    found = preflight.totals_of_body(payload.body([invoice]), percents)

    assert found == totals.add_up(lines, types)


@given(lines=lines)
def test_body_is_the_same_bytes_every_time_and_holds_no_exponent(lines, one_invoice):
    invoice = one_invoice(lines=tuple(lines))

    content = payload.body([invoice])

    assert content == payload.body([invoice])
    assert b"E+" not in content
    assert b"E-" not in content
