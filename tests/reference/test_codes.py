"""What lines point at comes in whole, and costs a write only where it changed."""

from datetime import date, timedelta

import pytest

from chalicelib.dispatch.model import JobState
from chalicelib.reference import import_codes, read_codes, small_lists, store
from chalicelib.reference.model import GONE, Currency
from chalicelib.reference.organisation import Terms
from tests.support.dynamo import writes_to
from tests.support.xero import DEMO, caller_of

LISTS = (
    "Accounts",
    "TaxRates",
    "TrackingCategories",
    "Currencies",
    "BrandingThemes",
    "Organisation",
)


@pytest.fixture
def made(xero):
    connection = xero.connect()
    xero.world.calls.clear()
    return connection


@pytest.fixture
def books(xero, made):
    return xero.world.organisations[made.organisation_id].books


def refresh():
    job = import_codes.start(caller_of("t1"))
    assert job.state is JobState.DONE, job.message
    return job


def scheduled(xero):
    return read_codes.read("t1", xero.organisation(), xero.aws.clock.now(), whole=False)


@pytest.mark.usefixtures("made")
class TestWhatComesIn:
    def test_accounts_for_lines_are_revenue_active_and_not_the_systems(self):
        refresh()
        usable = {one.code for one in store.accounts("t1") if one.usable_for_lines}
        assert usable == {"200", "260", "270"}
        assert store.account("t1", "201").status == "ARCHIVED"

    def test_accounts_for_payments_are_banks_and_those_open_to_payments(self):
        refresh()
        found = {one.code: one for one in store.accounts("t1") if one.usable_for_payments}
        assert found.keys() == {"090", "091", "092", "855", "881", "970"}
        assert (found["090"].currency, found["092"].currency) == ("NZD", "AUD")

    def test_tax_rates_say_whether_sales_may_bear_them(self):
        refresh()
        rates = {one.tax_type: one for one in store.tax_rates("t1")}
        assert {name for name, rate in rates.items() if rate.usable_for_lines} == {
            "OUTPUT2", "NONE", "ZERORATED",
        }  # fmt: skip
        assert str(rates["OUTPUT2"].effective_rate).startswith("15")

    def test_tracking_comes_with_archived_options(self):
        refresh()
        region, team = small_lists.tracking("t1")
        assert (region.name, team.name) == ("Region", "Team")
        assert region.usable
        assert {one.name: one.usable for one in region.options} == {
            "Eastside": True, "North": True, "South": True, "West Coast": False,
        }  # fmt: skip

    def test_currencies_and_themes_come_in(self):
        refresh()
        assert [one.code for one in small_lists.currencies("t1")] == ["NZD", "AUD", "USD"]
        first, second = small_lists.branding_themes("t1")
        assert (first.name, first.sort_order, second.name) == ("Standard", 0, "Special Projects")

    def test_the_organisation_says_how_it_is_set_up(self, books):
        books.set_lock_dates(date(2026, 3, 31), date(2026, 6, 30))
        refresh()
        found = small_lists.organisation("t1")
        assert (found.name, found.base_currency, found.country) == (DEMO, "NZD", "NZ")
        assert (found.xero_time_zone, found.time_zone) == (
            "NEWZEALANDSTANDARDTIME",
            "Pacific/Auckland",
        )
        assert found.pays_tax
        assert found.default_sales_tax == "Tax Exclusive"
        assert found.locked_until == date(2026, 6, 30)
        assert found.sales_terms == Terms(20, "OFFOLLOWINGMONTH")
        assert found.short_code.startswith("!")


class TestCost:
    def test_every_list_is_read_once(self, xero, made):
        refresh()
        assert [xero.calls("GET", f"/api.xro/2.0/{name}") for name in LISTS] == [1] * len(LISTS)
        assert len(xero.world.calls.listed()) == len(LISTS)
        assert made.organisation_id

    def test_unchanged_lists_cost_no_write(self, made):
        refresh()
        with writes_to("reference") as writes:
            job = refresh()
        assert writes == []
        assert made.organisation_id
        assert job.progress["created"] == job.progress["updated"] == 0
        assert job.progress["unchanged"] == job.progress["total"]

    def test_a_list_that_changed_is_one_write(self, books):
        refresh()
        books.subscribe_currency("EUR", "Euro")
        with writes_to("reference") as writes:
            job = refresh()
        assert len(writes) == 1
        assert (job.progress["created"], job.progress["updated"]) == (1, 0)
        assert Currency("EUR", "Euro") in small_lists.currencies("t1")


class TestChanges:
    def test_an_archived_account_can_no_longer_be_used(self, books):
        refresh()
        books.archive_account("200")
        refresh()
        assert not store.account("t1", "200").usable_for_lines

    def test_a_deleted_account_is_noticed_and_kept_as_deleted(self, books):
        refresh()
        books.delete_account("270")
        refresh()
        assert store.account("t1", "270").status == GONE

    def test_a_tax_rate_that_is_gone_is_kept_as_deleted(self, books):
        refresh()
        books.remove_tax_rate("ZERORATED")
        refresh()
        assert store.tax_rate("t1", "ZERORATED").status == GONE

    def test_a_tracking_option_that_is_gone_is_kept_as_deleted(self, books):
        refresh()
        books.set_option_status("Region", "North", "DELETED")
        books.set_category_status("Team", "DELETED")
        refresh()
        region, team = small_lists.tracking("t1")
        statuses = {option.name: option.status for option in region.options}
        assert (statuses["North"], statuses["South"]) == (GONE, "ACTIVE")
        assert team.status == GONE

    def test_a_currency_that_is_unsubscribed_is_gone(self, books):
        refresh()
        books.unsubscribe_currency("USD")
        job = refresh()
        assert [one.code for one in small_lists.currencies("t1")] == ["NZD", "AUD"]
        assert job.progress["updated"] == 1

    def test_what_came_back_can_be_used_again(self, books):
        books.archive_account("200")
        refresh()
        books.restore_account("200")
        refresh()
        assert store.account("t1", "200").usable_for_lines


class TestBySchedule:
    def test_only_accounts_that_changed_are_read(self, xero, books):
        refresh()
        xero.world.calls.clear()
        xero.world.clock.advance(timedelta(days=1))
        xero.aws.clock.advance(days=1)
        books.archive_account("200")

        progress = scheduled(xero)

        assert progress["updated"] == 1
        assert not store.account("t1", "200").usable_for_lines
        assert store.account("t1", "260").usable_for_lines
        asked = [c for c in xero.world.calls.listed() if c["path"].endswith("/Accounts")]
        assert len(asked) == 1

    def test_nothing_changed_costs_no_write(self, xero, made):
        refresh()
        xero.aws.clock.advance(days=1)
        with writes_to("reference") as writes:
            progress = scheduled(xero)
        assert writes == []
        assert made.organisation_id
        assert progress["created"] == progress["updated"] == 0

    def test_an_account_that_was_deleted_is_noticed_within_a_week(self, xero, books):
        refresh()
        books.delete_account("270")
        xero.aws.clock.advance(days=6)
        scheduled(xero)
        assert store.account("t1", "270").status == "ACTIVE"
        xero.aws.clock.advance(days=1)
        scheduled(xero)
        assert store.account("t1", "270").status == GONE

    def test_an_account_with_a_new_code_leaves_its_old_one(self, xero, books):
        refresh()
        xero.aws.clock.advance(days=1)
        books.renumber_account("200", "205")
        scheduled(xero)
        assert store.account("t1", "200").status == GONE
        assert store.account("t1", "205").usable_for_lines
