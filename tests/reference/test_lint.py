"""Every fault that a mapping can have is found, and nothing is said of what is well."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.reference import code_rules
from chalicelib.reference.facts import Facts
from chalicelib.reference.faults import PAGES, Where
from chalicelib.reference.layers import Chosen, Codes, Kind, Lists, Place, Spot
from chalicelib.reference.lint import faults_of
from chalicelib.reference.model import (
    Account,
    Mapping,
    TaxRate,
    Tracking,
    TrackingCategory,
    TrackingOption,
)
from chalicelib.reference.organisation import Organisation
from chalicelib.reference.resolve import resolve
from chalicelib.work.model import Client, Project, Standing, Task
from chalicelib.work.rates.model import Price, Rate, RateKind

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TODAY = NOW.date()
STATUSES = ("ACTIVE", "ARCHIVED", "DELETED", "SOMETHING NEW")

accounts = st.builds(
    Account,
    code=st.just("200"),
    name=st.just("Sales"),
    type=st.just("REVENUE"),
    class_=st.sampled_from(("REVENUE", "EXPENSE")),
    tax_type=st.sampled_from(("OUTPUT2", "BAD", "NOWHERE", "")),
    status=st.sampled_from(STATUSES),
    system_account=st.sampled_from(("", "", "ROUNDING")),
    account_id=st.just("id-200"),
)
rates = st.builds(
    TaxRate,
    tax_type=st.sampled_from(("OUTPUT2", "AVALARA")),
    name=st.just("Tax"),
    effective_rate=st.just(Decimal(15)),
    status=st.sampled_from(STATUSES),
    for_revenue=st.booleans(),
    report_tax_type=st.sampled_from(("OUTPUT", "USSALESTAX")),
)


@given(accounts)
def test_an_account_is_found_fault_with_unless_lines_may_use_it(account):
    finding = code_rules.of_account("200", {"200": account})
    assert (finding is None) is account.usable_for_lines
    assert code_rules.of_account("201", {"200": account}).code == "account_unknown"


@given(rates)
def test_a_tax_rate_is_found_fault_with_unless_lines_may_use_it(rate):
    finding = code_rules.of_tax_rate(rate.tax_type, {rate.tax_type: rate})
    assert (finding is None) is rate.usable_for_lines


@given(st.sampled_from(STATUSES), st.sampled_from(STATUSES))
def test_an_option_is_found_fault_with_unless_both_are_in_use(category, option):
    found = TrackingCategory("c", "Region", category, (TrackingOption("o", "North", option),))
    findings = list(code_rules.of_tracking([Tracking("c", "o")], {"c": found}))
    assert (not findings) is (category == option == "ACTIVE")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"status": "ARCHIVED"}, "account_archived"),
        ({"status": "DELETED"}, "account_deleted"),
        ({"system_account": "DEBTORS"}, "account_of_system"),
        ({"class_": "EXPENSE"}, "account_not_for_sales"),
    ],
)
def test_what_is_wrong_with_an_account_is_named(facts, code):
    account = replace(sales(), **facts)
    assert code_rules.of_account("200", {"200": account}).code == code


def test_an_account_that_has_another_code_now_is_named_by_it():
    gone = replace(sales(), status="DELETED")
    now = replace(sales(), code="205")
    finding = code_rules.of_account("200", {"200": gone, "205": now})
    assert finding.code == "account_renumbered"
    assert "205" in finding.sentence


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"status": "ARCHIVED"}, "tax_archived"),
        ({"status": "PENDING"}, "tax_archived"),
        ({"status": "DELETED"}, "tax_deleted"),
        ({"for_revenue": False}, "tax_not_for_account"),
        ({"report_tax_type": "USSALESTAX"}, "tax_not_by_api"),
    ],
)
def test_what_is_wrong_with_a_tax_rate_is_named(facts, code):
    rate = replace(gst(), **facts)
    assert code_rules.of_tax_rate("OUTPUT2", {"OUTPUT2": rate}).code == code


@pytest.mark.parametrize(
    ("period", "year_end", "day", "locked"),
    [
        (None, None, TODAY, False),
        (TODAY, None, TODAY, True),
        (None, TODAY, TODAY, True),
        (date(2026, 11, 22), None, TODAY, False),
        (date(2026, 3, 31), date(2026, 12, 31), TODAY, True),
    ],
)
def test_a_day_up_to_the_later_lock_date_is_refused(period, year_end, day, locked):
    here = Organisation("Acme", "NZD", period_lock_date=period, end_of_year_lock_date=year_end)
    assert (code_rules.of_day(day, here) is not None) is locked


def test_nothing_is_found_fault_with_before_anything_is_known():
    assert code_rules.of_currency("USD", ()) is None
    assert code_rules.of_day(TODAY, None) is None


def sales():
    return Account("200", "Sales", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE", account_id="a")


def gst():
    return TaxRate("OUTPUT2", "GST", Decimal(15), "ACTIVE", for_revenue=True)


def facts(**more):
    """A client with a project and a task, in an organisation where all is well."""
    region = TrackingCategory(
        "region", "Region", "ACTIVE", (TrackingOption("n", "North", "ACTIVE"),)
    )
    known = {
        "lists": Lists({"200": sales()}, {"OUTPUT2": gst()}, {"region": region}),
        "chosen": Chosen(Mapping("200")),
        "today": TODAY,
        "currencies": {"NZD"},
        "organisation": Organisation("Acme", "NZD"),
        "clients": {"c": client()},
        "projects": {"p": Project("p", "c", "Site", "NZD", NOW)},
        "tasks": [Task("t", "p", "Survey", "NZD", NOW, rate=Decimal(100))],
    }
    return Facts(**known | more)


def client(**more):
    return Client("c", "Bayside", NOW, **{"contact_id": "x", "standing": Standing.ACTIVE} | more)


def card(kind=RateKind.TASK, **more):
    price = Price("NZD", date(2000, 1, 1), Decimal(90))
    return Rate(**{"rate_id": "r", "kind": kind, "name": "Hour", "currency": "NZD"}
                | {"updated_at": NOW, "prices": (price,)} | more)  # fmt: skip


def codes_of(found):
    return [(one.code, one.where) for one in faults_of(found)]


def test_all_is_well_where_all_is_well():
    assert faults_of(facts(rates={"r": card()})) == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"standing": Standing.ARCHIVED, "archived": True}, "contact_archived"),
        ({"standing": Standing.REMOVED}, "contact_removed"),
        ({"standing": Standing.MERGED}, "contact_merged"),
        ({"standing": Standing.GONE}, "contact_gone"),
        ({"contact_id": None, "standing": None}, "contact_missing"),
        ({"archived": True}, "client_archived"),
    ],
)
def test_a_client_whom_xero_takes_no_invoice_for_is_named(changed, code):
    assert codes_of(facts(clients={"c": client(**changed)})) == [(code, Where.CLIENT)]


def test_a_client_without_live_projects_may_stand_as_it_likes():
    shut = client(standing=Standing.ARCHIVED, archived=True)
    assert codes_of(facts(clients={"c": shut}, projects={}, tasks=[])) == []


def test_a_task_whose_rate_states_no_price_in_its_currency_is_named():
    priced = Task("t", "p", "Survey", "NZD", NOW, rate_id="r")
    euros = card(currency="EUR", prices=(Price("EUR", date(2000, 1, 1), Decimal(90)),))
    found = codes_of(facts(tasks=[priced], rates={"r": euros}, currencies={"NZD", "EUR"}))
    assert found == [("price_missing", Where.TASK)]


def test_an_account_without_any_tax_rate_is_named_once():
    bare = Lists({"200": replace(sales(), tax_type="")}, {"OUTPUT2": gst()})
    more = [Task(str(n), "p", f"Task {n}", "NZD", NOW, rate=Decimal(1)) for n in range(3)]
    assert codes_of(facts(lists=bare, tasks=more)) == [("tax_missing", Where.TENANT)]


def test_more_options_than_a_line_bears_are_named_at_the_task():
    known = facts()
    categories = {
        name: TrackingCategory(name, name, "ACTIVE", (TrackingOption("o", "O", "ACTIVE"),))
        for name in "abc"
    }
    chosen = Chosen(
        Mapping("200", tracking=(Tracking("a", "o"), Tracking("b", "o"))),
        {Place(Kind.PROJECT, "p"): Codes(tracking=(Tracking("c", "o"),))},
    )
    lists = replace(known.lists, tracking=categories)
    assert codes_of(facts(lists=lists, chosen=chosen)) == [("tracking_too_many", Where.TASK)]


def test_what_is_chosen_for_what_is_archived_is_no_fault():
    own = {Place(kind, "elsewhere"): Codes("999") for kind in Kind}
    assert codes_of(facts(chosen=Chosen(Mapping("200"), own))) == []


def test_unregistered_organisations_are_told_of_tax_rates_that_are_not_used():
    lists = replace(facts().lists, pays_tax=False)
    found = faults_of(facts(lists=lists, chosen=Chosen(Mapping("200", "NOWHERE"))))
    assert [(one.code, one.stops) for one in found] == [("not_registered", False)]
    assert faults_of(facts(lists=lists)) == ()


codes = st.builds(
    Codes,
    st.sampled_from(("", "200", "210", "999")),
    st.sampled_from(("", "OUTPUT2", "AVALARA", "NOWHERE")),
    st.sampled_from(((), (Tracking("region", "n"),), (Tracking("region", "gone"),))),
)
mappings = st.builds(
    lambda tenant, own: Chosen(
        Mapping(tenant.account_code, tenant.tax_type, tenant.tracking), own
    ),
    codes,
    st.dictionaries(
        st.sampled_from(
            (
                Place(Kind.CLIENT, "c"),
                Place(Kind.PROJECT, "p"),
                Place(Kind.TASK, "t"),
                Place(Kind.RATE, "r"),
            )
        ),
        codes,
    ),
)


@settings(max_examples=300)
@given(mappings, accounts, accounts, rates, st.booleans())
def test_a_line_that_xero_would_refuse_is_never_passed_over(chosen, one, other, rate, pays_tax):
    """For whatever is chosen and however Xero stands: a line with a problem has a fault."""
    lists = replace(
        facts().lists,
        accounts={"200": one, "210": replace(other, code="210", account_id="b")},
        tax_rates={rate.tax_type: rate},
        pays_tax=pays_tax,
    )
    task = Task("t", "p", "Survey", "NZD", NOW, rate_id="r")
    known = facts(lists=lists, chosen=chosen, tasks=[task], rates={"r": card()})
    line = resolve(chosen, Spot(client_id="c", project_id="p", task_id="t", rate_id="r"), lists)
    if line.problem:
        assert any(fault.stops for fault in faults_of(known))


@pytest.mark.parametrize("where", Where)
def test_every_fault_leads_to_a_page(where):
    from chalicelib.doors import door_of

    assert door_of(PAGES[where].format("x")) not in {None, "chalicelib.console.not_found:pages"}
