"""A discount on the whole invoice: negative lines that come to it exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import InvalidInput
from chalicelib.invoices import discounts, totals
from chalicelib.invoices.compose import compose
from chalicelib.invoices.line import Line, LineAmountTypes, Part
from chalicelib.money import round_half_up, share_out

CENT = Decimal("0.01")
weights = st.lists(
    st.decimals("0.01", "99999.99", places=2, allow_nan=False), min_size=1, max_size=12
)


def line(amount: str, account: str = "200", tax: str = "OUTPUT2", percent: str = "15") -> Line:
    return Line("Work", Decimal(1), Decimal(amount), account, tax, Decimal(percent))


def off(*lines, percent=None, amount=None):
    found = discounts.lines_of(lines, percent and Decimal(percent), amount and Decimal(amount))
    return [(one.account_code, one.tax_type, totals.line_amount(one)) for one in found]


def test_there_is_a_line_for_each_account_and_tax_rate():
    lines = (line("100.00"), line("50.00", tax="NONE", percent="0"), line("50.00", account="260"))

    assert off(*lines, percent="10") == [
        ("200", "OUTPUT2", Decimal("-10.00")),
        ("200", "NONE", Decimal("-5.00")),
        ("260", "OUTPUT2", Decimal("-5.00")),
    ]


def test_the_largest_takes_what_rounding_leaves():
    lines = (line("33.33"), line("33.33", account="260"), line("33.34", account="270"))

    assert off(*lines, amount="10.00") == [
        ("200", "OUTPUT2", Decimal("-3.33")),
        ("260", "OUTPUT2", Decimal("-3.33")),
        ("270", "OUTPUT2", Decimal("-3.34")),
    ]


def test_what_comes_to_nothing_or_less_gets_no_share():
    lines = (line("100.00"), line("-20.00", account="260"))

    assert off(*lines, percent="10") == [("200", "OUTPUT2", Decimal("-10.00"))]


def test_more_than_there_is_is_refused():
    with pytest.raises(InvalidInput) as refused:
        off(line("100.00"), amount="100.01")

    assert refused.value.field == "discount_amount"


def test_the_tax_of_a_discount_is_its_own_rates(one_invoice):
    lines = (line("100.00"), line("100.00", tax="NONE", percent="0"))
    invoice = compose(one_invoice(discount_percent=Decimal(10)), lines)

    assert invoice.totals.sub_total == Decimal("180.00")
    assert invoice.totals.total_tax == Decimal("13.50")
    assert [one.part for one in invoice.lines[2:]] == [Part.DISCOUNT] * 2


def test_composing_again_changes_nothing(one_invoice):
    once = compose(one_invoice(discount_amount=Decimal(7)), (line("100.00"), Line("Thanks")))

    assert compose(once, once.lines) == once
    assert [one.line_id for one in once.lines] == ["1", "2", "discount-1"]


@given(weights=weights, part=st.decimals("0", "1", places=4, allow_nan=False))
def test_shares_sum_up_exactly_and_stay_within_their_weights(weights, part):
    whole = sum(weights)
    total = round_half_up(whole * part)

    shares = share_out(total, weights)

    assert sum(shares) == total
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))
    exact = [total * weight / whole for weight in weights]
    largest = weights.index(max(weights))
    apart = [abs(one - other) for one, other in zip(shares, exact, strict=True)]
    del apart[largest]
    # A crowd of weights of a cent or two cannot all be rounded alike.
    assert max(weights) < CENT * len(weights) or all(one <= CENT / 2 for one in apart)


@given(
    weights=weights,
    percent=st.decimals("0", "100", places=2, allow_nan=False),
    types=st.sampled_from(LineAmountTypes),
)
def test_a_percentage_takes_exactly_that_off(weights, percent, types, one_invoice):
    lines = [line(f"{one}", account=f"2{place:02d}") for place, one in enumerate(weights)]
    invoice = one_invoice(discount_percent=percent, line_amount_types=types)

    amounts = [totals.line_amount(one) for one in compose(invoice, lines).lines]

    assert sum(amounts) == sum(weights) - round_half_up(sum(weights) * percent / 100)
