"""What a line gets: the nearest layer that says something, and for tax the client first."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reference.layers import (
    Chosen,
    Codes,
    Kind,
    Layer,
    Lists,
    Place,
    Spot,
)
from chalicelib.reference.model import (
    Account,
    Mapping,
    TaxRate,
    Tracking,
    TrackingCategory,
    TrackingOption,
)
from chalicelib.reference.resolve import resolve


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


def category(name, *options, status="ACTIVE"):
    named = tuple(TrackingOption(f"{name}-{one}", one, "ACTIVE") for one in options)
    return TrackingCategory(name, f"The {name}", status, named)


ACCOUNTS = [account(f"20{number}") for number in range(8)] + [
    account("260", "NONE"),
    account("270", status="ARCHIVED"),
]
RATES = [rate(f"TAX{number}") for number in range(8)] + [
    rate("OUTPUT2"),
    rate("NONE"),
    rate("ZERORATED"),
    rate("INPUT2", for_revenue=False),
]
REGION = category("region", "north", "south", "east")
SECTOR = category("sector", "film", "radio")
LISTS = Lists(
    {one.code: one for one in ACCOUNTS},
    {one.tax_type: one for one in RATES},
    {one.category_id: one for one in (REGION, SECTOR)},
)
SPOT = Spot("c1", "p1", "t1", "r1")
PLACES = {
    "task": Place(Kind.TASK, "t1"),
    "rate": Place(Kind.RATE, "r1"),
    "project": Place(Kind.PROJECT, "p1"),
    "client": Place(Kind.CLIENT, "c1"),
}


def chosen(tenant=None, **own):
    return Chosen(tenant or Mapping(), {PLACES[kind]: codes for kind, codes in own.items()})


def north():
    return Tracking("region", "region-north")


class TestOrder:
    """Each layer in turn is the nearest that says something, once those before it are silent."""

    LAYERS = ("line", "task", "rate", "project", "client", "contact", "tenant")
    TAX_LAYERS = ("line", "client", "contact", "task", "rate", "project", "tenant")

    @pytest.mark.parametrize("nearest", range(7))
    def test_of_accounts(self, nearest):
        found = self.resolved(
            {
                name: Codes(account_code=f"20{number}")
                for number, name in enumerate(self.LAYERS)
                if number >= nearest
            }
        )
        assert (found.account_code, found.account_from) == (
            f"20{nearest}",
            self.LAYERS[nearest],
        )

    @pytest.mark.parametrize("nearest", range(7))
    def test_of_tax(self, nearest):
        found = self.resolved(
            {
                name: Codes(account_code="200", tax_type=f"TAX{number}")
                for number, name in enumerate(self.TAX_LAYERS)
                if number >= nearest
            }
        )
        assert (found.tax_type, found.tax_from) == (f"TAX{nearest}", self.TAX_LAYERS[nearest])

    def resolved(self, says):
        tenant = says.pop("tenant", Codes())
        spot = replace(SPOT, line=says.pop("line", Codes()), contact=says.pop("contact", Codes()))
        defaults = Mapping(
            tenant.account_code, tenant.tax_type, contact_tax=True, contact_account=True
        )
        return resolve(chosen(defaults, **says), spot, LISTS)


def test_a_zero_rated_client_stays_so_whatever_the_task_and_the_rate():
    found = resolve(
        chosen(
            Mapping("200", "OUTPUT2"),
            client=Codes(tax_type="ZERORATED"),
            task=Codes(tax_type="OUTPUT2"),
            rate=Codes(tax_type="OUTPUT2"),
            project=Codes(tax_type="OUTPUT2"),
        ),
        SPOT,
        LISTS,
    )
    assert (found.tax_type, found.tax_from) == ("ZERORATED", Layer.CLIENT)


def test_without_any_choice_the_accounts_own_tax_rate_is_taken():
    found = resolve(chosen(Mapping("260")), SPOT, LISTS)
    assert (found.tax_type, found.tax_from) == ("NONE", Layer.ACCOUNT)


@pytest.mark.parametrize(("follows", "expected"), [(True, "contact"), (False, "tenant")])
def test_the_contacts_own_counts_only_if_the_tenant_chose_so(follows, expected):
    spot = replace(SPOT, contact=Codes("260", "ZERORATED"))
    defaults = Mapping("200", "OUTPUT2", contact_tax=follows, contact_account=follows)
    found = resolve(chosen(defaults), spot, LISTS)
    assert (found.account_from, found.tax_from) == (expected, expected)


def test_each_tracking_category_has_its_own_nearest_layer():
    found = resolve(
        chosen(
            Mapping("200", "OUTPUT2", (north(), Tracking("sector", "sector-film"))),
            project=Codes(tracking=(Tracking("region", "region-south"),)),
            client=Codes(tracking=(Tracking("region", "region-east"),)),
        ),
        SPOT,
        LISTS,
    )
    assert [(one.category, one.option, one.layer) for one in found.tracking] == [
        ("The region", "south", Layer.PROJECT),
        ("The sector", "film", Layer.TENANT),
    ]
    assert not found.problem


def test_an_organisation_that_is_not_registered_charges_no_tax():
    lists = replace(LISTS, pays_tax=False)
    found = resolve(chosen(Mapping("200", "OUTPUT2")), SPOT, lists)
    assert (found.tax_type, found.tax_from) == ("", Layer.ORGANISATION)
    assert not found.problem


@pytest.mark.parametrize(
    ("tenant", "task", "field", "said"),
    [
        (Mapping(), Codes(), "account_code", "No account code is chosen"),
        (Mapping("999"), Codes(), "account_code", "999 is not in the list"),
        (Mapping("270"), Codes(), "account_code", "cannot be used for sales"),
        (Mapping("200", "GONE"), Codes(), "tax_type", "GONE is not in the list"),
        (Mapping("200"), Codes(tax_type="INPUT2"), "tax_type", "cannot be used for sales"),
        (
            Mapping("200"),
            Codes(tracking=(Tracking("region", "region-gone"),)),
            "tracking",
            "not in the list",
        ),
        (
            Mapping("200"),
            Codes(tracking=(Tracking("gone", "region-north"),)),
            "tracking",
            "not in the list",
        ),
    ],
)
def test_what_xero_would_refuse_is_named_and_not_replaced(tenant, task, field, said):
    found = resolve(chosen(tenant, task=task), SPOT, LISTS)
    assert found.field == field
    assert said in found.problem


@pytest.mark.parametrize("gone", ["category", "option"])
def test_tracking_that_is_no_longer_in_use_is_named(gone):
    region = (
        replace(REGION, status="ARCHIVED")
        if gone == "category"
        else replace(
            REGION, options=tuple(replace(one, status="ARCHIVED") for one in REGION.options)
        )
    )
    lists = replace(LISTS, tracking={"region": region})
    found = resolve(chosen(Mapping("200", tracking=(north(),))), SPOT, lists)
    assert "no longer in use" in found.problem


def test_more_tracking_than_xero_takes_is_named():
    three = {name: category(name, "one") for name in ("a", "b", "c")}
    tracking = tuple(Tracking(name, f"{name}-one") for name in three)
    found = resolve(
        chosen(Mapping("200", tracking=tracking)), SPOT, replace(LISTS, tracking=three)
    )
    assert "at most 2" in found.problem


ids = st.sampled_from(["", "1", "2", "3"])
codes = st.builds(
    Codes,
    st.sampled_from(["", *LISTS.accounts]),
    st.sampled_from(["", *LISTS.tax_rates]),
    st.sampled_from([(), (north(),), (Tracking("sector", "sector-radio"),)]),
)
places = st.builds(Place, st.sampled_from(Kind), st.sampled_from(["1", "2", "3"]))
mappings = st.builds(
    Chosen,
    st.builds(
        lambda own, tax, account: Mapping(
            own.account_code, own.tax_type, own.tracking, tax, account
        ),
        codes,
        st.booleans(),
        st.booleans(),
    ),
    st.dictionaries(places, codes, max_size=8),
)
spots = st.builds(Spot, ids, ids, ids, ids, codes, codes)


@given(mappings, spots)
def test_every_line_has_one_answer_that_a_plain_reading_of_the_rule_gives(mapping, spot):
    found = resolve(mapping, spot, LISTS)

    def own(kind, thing_id):
        return mapping.own.get(Place(kind, thing_id), Codes())

    work = [
        ("task", own(Kind.TASK, spot.task_id)),
        ("rate", own(Kind.RATE, spot.rate_id)),
        ("project", own(Kind.PROJECT, spot.project_id)),
    ]
    who = [("client", own(Kind.CLIENT, spot.client_id))]
    tenant = mapping.tenant
    default = [("tenant", tenant)]
    contact = [("contact", spot.contact)]
    accounts = [("line", spot.line), *work, *who, *contact * tenant.contact_account, *default]
    taxes = [("line", spot.line), *who, *contact * tenant.contact_tax, *work, *default]
    expected = [(says.account_code, name) for name, says in accounts if says.account_code]
    code, layer = expected[0] if expected else ("", "none")
    assert (found.account_code, found.account_from) == (code, layer)
    expected = [(says.tax_type, name) for name, says in taxes if says.tax_type]
    if code:
        expected.append((LISTS.accounts[code].tax_type, "account"))
    assert (found.tax_type, found.tax_from) == (expected[0] if expected else ("", "none"))
    assert found == resolve(mapping, spot, LISTS)


@given(mappings, spots, places, codes)
def test_what_is_chosen_for_one_thing_changes_no_line_of_another(mapping, spot, place, wanted):
    after = Chosen(mapping.tenant, {**mapping.own, place: wanted})
    stands = {
        Place(Kind.TASK, spot.task_id),
        Place(Kind.RATE, spot.rate_id),
        Place(Kind.PROJECT, spot.project_id),
        Place(Kind.CLIENT, spot.client_id),
    }
    if place not in stands:
        assert resolve(after, spot, LISTS) == resolve(mapping, spot, LISTS)


@given(mappings, spots, codes)
def test_what_a_line_says_itself_goes_before_everything(mapping, spot, wanted):
    found = resolve(mapping, replace(spot, line=wanted), LISTS)
    if wanted.account_code:
        assert (found.account_code, found.account_from) == (wanted.account_code, Layer.LINE)
    if wanted.tax_type:
        assert (found.tax_type, found.tax_from) == (wanted.tax_type, Layer.LINE)
    for entry in wanted.tracking:
        assert entry.option_id in {one.option_id for one in found.tracking}
