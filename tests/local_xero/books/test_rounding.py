from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.xero.books.rounding import add_up, effective_rate, line_amount, line_tax, round_to

CENT = Decimal("0.01")
amounts = st.decimals("-99999", "99999", places=2)
units = st.decimals("-9999", "9999", places=4)
quantities = st.decimals("0", "999", places=4)
percentages = st.decimals("0", "30", places=4)
kinds = st.sampled_from(["Exclusive", "Inclusive", "NoTax"])


@pytest.mark.parametrize(
    ("amount", "places", "rounded"),
    [
        ("2.165", 2, "2.17"),
        ("-2.165", 2, "-2.17"),
        ("2.1649999", 2, "2.16"),
        ("2.675", 2, "2.68"),
        ("0.00005", 4, "0.0001"),
    ],
)
def test_halves_go_away_from_zero(amount, places, rounded):
    assert round_to(Decimal(amount), places) == Decimal(rounded)


@pytest.mark.parametrize(
    ("quantity", "unit", "rate", "discount", "amount"),
    [
        ("3", "19.95", None, None, "59.85"),
        ("1.5", "33.3333", None, None, "50.00"),
        ("2", "20", "10", None, "36.00"),
        ("2", "20", None, "3.50", "36.50"),
        ("1", "0.335", None, None, "0.34"),
        ("1", "-100", None, None, "-100.00"),
        ("3", "9.99", "33.33", None, "19.98"),
    ],
)
def test_line_amount_is_quantity_times_unit_less_discount(quantity, unit, rate, discount, amount):
    rate, discount = (Decimal(n) if n else None for n in (rate, discount))

    assert line_amount(Decimal(quantity), Decimal(unit), rate, discount) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "percentage", "kind", "tax"),
    [
        ("25.06", "15", "Exclusive", "3.76"),
        ("25.61", "15", "Exclusive", "3.84"),
        ("25.63", "15", "Exclusive", "3.84"),
        ("115.00", "15", "Inclusive", "15.00"),
        ("100.00", "15", "Inclusive", "13.04"),
        ("100.00", "15", "NoTax", "0.00"),
        ("-25.06", "15", "Exclusive", "-3.76"),
        ("-100.00", "15", "Inclusive", "-13.04"),
        ("10.00", "8.5", "Exclusive", "0.85"),
    ],
)
def test_tax_is_rounded_by_line(amount, percentage, kind, tax):
    assert line_tax(Decimal(amount), Decimal(percentage), kind) == Decimal(tax)


def test_worked_example_of_the_rounding_guide_adds_up():
    lines = [
        {"LineAmount": Decimal(a), "TaxAmount": line_tax(Decimal(a), Decimal(15), "Exclusive")}
        for a in ("25.06", "25.61", "25.63")
    ]

    totals = add_up(lines, "Exclusive")

    assert (totals.sub_total, totals.total_tax, totals.total) == (
        Decimal("76.30"),
        Decimal("11.44"),
        Decimal("87.74"),
    )


@pytest.mark.parametrize(
    ("parts", "percentage"),
    [
        ([("7.25", False), ("1.25", False)], "8.50"),
        ([("6", False), ("1.5", True)], "7.59"),
        ([("5", False), ("9.975", True)], "15.47375"),
        ([], "0"),
    ],
)
def test_compound_components_tax_the_others_tax(parts, percentage):
    components = [{"Rate": Decimal(rate), "IsCompound": compound} for rate, compound in parts]

    assert effective_rate(components) == Decimal(percentage)


@given(st.lists(st.tuples(quantities, units, percentages), min_size=1, max_size=20), kinds)
def test_totals_hold_their_invariants(rows, kind):
    lines = []
    for quantity, unit, percentage in rows:
        amount = line_amount(quantity, unit, None, None)
        tax = line_tax(amount, percentage, kind)
        lines.append({"LineAmount": amount, "TaxAmount": tax})

    totals = add_up(lines, kind)

    assert totals.total == totals.sub_total + totals.total_tax
    assert totals.total_tax == sum(line["TaxAmount"] for line in lines)
    assert all(t == t.quantize(CENT) for t in (totals.sub_total, totals.total_tax, totals.total))
    amounts_sum = sum(line["LineAmount"] for line in lines)
    assert amounts_sum == (totals.total if kind == "Inclusive" else totals.sub_total)
    if kind == "NoTax":
        assert totals.total_tax == 0


@given(amounts, percentages, kinds)
def test_tax_is_within_half_a_cent_and_mirrors_its_sign(amount, percentage, kind):
    tax = line_tax(amount, percentage, kind)

    whole = {
        "Exclusive": amount * percentage / 100,
        "Inclusive": amount - amount * 100 / (100 + percentage),
        "NoTax": Decimal(0),
    }[kind]
    assert abs(tax - whole) <= Decimal("0.005")
    assert line_tax(-amount, percentage, kind) == -tax


@given(quantities, units, st.decimals("0", "100", places=2))
def test_a_discount_never_enlarges_a_line(quantity, unit, rate):
    full = line_amount(quantity, unit, None, None)

    assert abs(line_amount(quantity, unit, rate, None)) <= abs(full)
