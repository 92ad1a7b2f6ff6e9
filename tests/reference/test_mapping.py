"""The mapping: chosen from lists only, and plain about which layer says what."""

from decimal import Decimal

import pytest

from chalicelib.errors import InvalidInput
from chalicelib.reference import import_codes, mapping
from chalicelib.reference.model import Account, Layer, Mapping, TaxRate
from tests.support.xero import caller_of


def account(code, tax_type="OUTPUT2", **facts):
    return Account(
        **{"code": code, "name": f"Sales {code}", "type": "REVENUE", "class_": "REVENUE"}
        | {"tax_type": tax_type, "status": "ACTIVE"}
        | facts
    )


def rate(tax_type, **facts):
    return TaxRate(
        **{"tax_type": tax_type, "name": tax_type, "effective_rate": Decimal("15.0000")}
        | {"status": "ACTIVE", "for_revenue": True}
        | facts
    )


ACCOUNTS = [account("200"), account("260", "NONE"), account("270", status="ARCHIVED")]
RATES = [rate("OUTPUT2"), rate("NONE"), rate("ZERORATED"), rate("INPUT2", for_revenue=False)]


@pytest.mark.parametrize(
    ("tenant", "task", "expected"),
    [
        (("200", "ZERORATED"), ("260", "NONE"), ("260", Layer.TASK, "NONE", Layer.TASK)),
        (("200", "ZERORATED"), (None, None), ("200", Layer.TENANT, "ZERORATED", Layer.TENANT)),
        (("200", ""), (None, None), ("200", Layer.TENANT, "OUTPUT2", Layer.ACCOUNT)),
        (("200", ""), ("260", None), ("260", Layer.TASK, "NONE", Layer.ACCOUNT)),
    ],
)
def test_the_nearest_layer_that_says_something_counts(tenant, task, expected):
    codes = mapping.resolve(Mapping(*tenant), *task, ACCOUNTS, RATES)
    found = (codes.account_code, codes.account_from, codes.tax_type, codes.tax_from)
    assert found == expected
    assert not codes.problem


@pytest.mark.parametrize(
    ("tenant", "task", "said"),
    [
        (("", ""), (None, None), "No account code is chosen"),
        (("999", ""), (None, None), "999 is not in the list"),
        (("270", ""), (None, None), "cannot be used for sales"),
        (("200", "GONE"), (None, None), "GONE is not in the list"),
        (("200", ""), (None, "INPUT2"), "cannot be used for sales"),
    ],
)
def test_what_xero_would_refuse_is_named_and_not_replaced(tenant, task, said):
    assert said in mapping.resolve(Mapping(*tenant), *task, ACCOUNTS, RATES).problem


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "ARCHIVED"},
        {"class_": "ASSET"},
        {"class_": "EXPENSE"},
        {"system_account": "ROUNDING"},
        {"code": ""},
    ],
)
def test_only_plain_active_revenue_accounts_take_lines(facts):
    assert account("200").usable_for_lines
    assert not account(**{"code": "200"} | facts).usable_for_lines


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "DELETED"},
        {"for_revenue": False},
        {"tax_type": "AVALARA"},
        {"report_tax_type": "USSALESTAX"},
    ],
)
def test_only_active_rates_for_revenue_that_the_api_takes_are_usable(facts):
    assert rate("OUTPUT").usable_for_lines
    assert not rate(**{"tax_type": "OUTPUT"} | facts).usable_for_lines


class TestDefaults:
    @pytest.fixture(autouse=True)
    def _imported(self, xero):
        xero.connect()
        import_codes.start(caller_of("t1"))

    def test_are_kept(self):
        assert mapping.get("t1") == Mapping()
        mapping.set_defaults(caller_of("t1"), "200", "OUTPUT2")
        assert mapping.get("t1") == Mapping("200", "OUTPUT2")

    @pytest.mark.parametrize(
        ("chosen", "field"),
        [
            (("nowhere", ""), "account_code"),
            (("610", ""), "account_code"),
            (("", "INPUT2"), "tax_type"),
            (("", "nothing"), "tax_type"),
        ],
    )
    def test_come_from_the_lists_only(self, chosen, field):
        with pytest.raises(InvalidInput) as refusal:
            mapping.set_defaults(caller_of("t1"), *chosen)
        assert refusal.value.field == field
        assert mapping.get("t1") == Mapping()
