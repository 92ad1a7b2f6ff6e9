"""Every fault that is planted in Xero or here is found, and nothing else is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.dispatch import drain
from chalicelib.reference import (
    check_mapping,
    found_faults,
    import_codes,
    mapping,
    small_lists,
)
from chalicelib.reference.contacts import ask
from chalicelib.reference.faults import Where
from chalicelib.reference.layers import Codes, Kind, Place
from chalicelib.reference.model import Mapping, Tracking
from chalicelib.work import clients, projects, tasks
from chalicelib.work.materials import add
from chalicelib.work.rates.make import make
from chalicelib.work.rates.set_price import remove_price, set_price
from tests.support.xero import caller_of

ANN = caller_of("t1")


class Company:
    """A tenant with an organisation, its books, and work for a client of each contact."""

    def __init__(self, xero, country):
        self.xero = xero
        self.connection = xero.connect(organisation=f"Demo Company ({country})")
        self.books = xero.world.organisations[self.connection.organisation_id].books
        self.currency = self.connection.base_currency

    def accounts(self, *codes, tax=None):
        """More accounts for sales, that no document uses yet."""
        for code in codes:
            sent = {"Code": code, "Name": f"Income {code}", "Type": "REVENUE"}
            sent["TaxType"] = tax or self.books.accounts.get(self.sales)["TaxType"]
            self.books.accounts.create(sent, self.books.now())

    def rates(self, *names):
        """More tax rates for sales, by name."""
        part = {"Name": "Tax", "Rate": Decimal(5)}
        return {
            name: self.books.tax_rates.create(
                {"Name": name, "ReportTaxType": "OUTPUT", "TaxComponents": [part]}
            )["TaxType"]
            for name in names
        }

    @property
    def sales(self):
        return "4000" if self.books.accounts.coded("4000") else "200"

    def bring_in(self, *, whole=True):
        """Both imports, as a person's clicks would."""
        import_codes.start(ANN)
        ask.start(ANN, ask.Wish(whole=whole))
        deadline = self.xero.aws.clock.now() + timedelta(seconds=60)
        drain.drain(self.connection.organisation_id, deadline=deadline)

    def clients(self, count):
        """Some clients with active contacts, by name."""
        listed = clients.listing("t1", limit=200)
        return [one for one in listed if one.contact_id][:count]

    def tracking(self, category, option):
        found = next(one for one in small_lists.tracking("t1") if one.name == category)
        wanted = next(one for one in found.options if one.name == option)
        return Tracking(found.category_id, wanted.option_id)

    def project(self, client, name, **facts):
        return projects.create("t1", client.client_id, name, **facts)


@pytest.fixture
def company(xero):
    return lambda country: Company(xero, country)


def task(project, name="Work", **facts):
    return tasks.create("t1", project.project_id, name, **{"rate": "100", **facts})


def material(project):
    facts = {"name": "Paper", "date": date(2026, 11, 2), "quantity": "1", "price": "2"}
    return add.add("t1", add.NewMaterial(project.project_id, facts))


def own(kind, thing_id, *codes):
    mapping.choose(ANN, Place(kind, thing_id), Codes(*codes))


def found():
    return [(one.code, one.where, one.name) for one in found_faults.last("t1").faults]


@pytest.mark.parametrize("country", ["NZ", "AU", "UK", "US", "IE"])
def test_nothing_is_found_in_a_clean_organisation(company, xero, country):
    if country == "IE":
        users = tuple(xero.world.users.values())
        xero.world.add_organisation("IE", "Demo Company (IE)", users)
    here = company(country)
    here.bring_in()
    mapping.set_defaults(ANN, Mapping(here.sales, "", (here.tracking("Region", "North"),)))
    for client in here.clients(3):
        project = here.project(client, f"Work for {client.name}"[:80])
        own(Kind.PROJECT, project.project_id, here.sales)
        task(project)
        task(project, "Other", rate=None, rate_id=make(ANN, "task", "Hour", amount="90").rate_id)
        material(project)
    make(ANN, "material", "Kilometre", amount="0.95")
    make(ANN, "staff", "Ana", amount="120")
    here.bring_in()
    assert check_mapping.check("t1") == found_faults.Found()


def test_twenty_planted_faults_are_found_and_no_other(company):
    here = company("NZ")
    books = here.books
    here.accounts("211", "212", "213", "214", "215")
    rates = here.rates("Old", "Gone", "Lost", "Narrow", "Auto", "Contact's")
    here.bring_in()
    plain, abroad, shut, merged, kept, taxed = here.clients(6)
    stranger = clients.create("t1", "Walk-in")
    dollars = clients.create("t1", "In dollars", currency="USD")

    mapping.set_defaults(
        ANN,
        Mapping("200", rates["Old"], (here.tracking("Region", "North"),), contact_tax=True),
    )
    project = here.project(plain, "Plain")
    own(Kind.CLIENT, plain.client_id, "211", rates["Gone"], (here.tracking("Region", "South"),))
    own(Kind.PROJECT, project.project_id, "212", rates["Lost"], (here.tracking("Team", "Field"),))
    one = task(project, "One")
    own(Kind.TASK, one.task_id, "213", rates["Narrow"])
    card = make(ANN, "task", "Card", amount="80")
    own(Kind.RATE, card.rate_id, "214", rates["Auto"])
    make(ANN, "material", "Dollar good", currency="USD", amount="5")
    for client, name in ((shut, "Shut"), (merged, "Merged"), (stranger, "Walk-in")):
        task(here.project(client, f"For {name}"))
    task(here.project(abroad, "Abroad", currency="USD"))
    task(here.project(taxed, "Taxed"))
    own(Kind.CLIENT, dollars.client_id, "260")

    books.archive_account("200")
    books.delete_account("211")
    books.renumber_account("212", "299")
    books.retype_account("213", "EXPENSE")
    books.archive_account("214")
    books.set_tax_rate_status(rates["Old"], "ARCHIVED")
    books.set_tax_rate_status(rates["Gone"], "DELETED")
    books.remove_tax_rate(rates["Lost"])
    books.apply_tax_rate(rates["Narrow"], to_revenue=False)
    books.tax_rates.get(rates["Auto"])["ReportTaxType"] = "USSALESTAX"
    books.set_tax_rate_status(rates["Contact's"], "ARCHIVED")
    books.set_option_status("Region", "North", "ARCHIVED")
    books.set_option_status("Region", "South", "DELETED")
    books.set_category_status("Team", "ARCHIVED")
    books.unsubscribe_currency("USD")
    books.set_lock_dates(date(2026, 11, 30), None)
    books.archive_contact(shut.contact_id)
    books.merge_contacts(merged.contact_id, kept.contact_id)
    books.update_contact(
        books.contacts.get(taxed.contact_id), {"AccountsReceivableTaxType": rates["Contact's"]}
    )
    here.bring_in()

    assert sorted(found()) == sorted(
        [
            ("day_locked", Where.ORGANISATION, ""),
            ("account_archived", Where.TENANT, ""),
            ("tax_archived", Where.TENANT, ""),
            ("tracking_option_archived", Where.TENANT, ""),
            ("account_deleted", Where.CLIENT, plain.name),
            ("tax_deleted", Where.CLIENT, plain.name),
            ("tracking_option_deleted", Where.CLIENT, plain.name),
            ("currency_not_subscribed", Where.CLIENT, "In dollars"),
            ("contact_archived", Where.CLIENT, shut.name),
            ("contact_merged", Where.CLIENT, merged.name),
            ("contact_missing", Where.CLIENT, "Walk-in"),
            ("tax_archived", Where.CLIENT, taxed.name),
            ("account_renumbered", Where.PROJECT, "Plain"),
            ("tax_deleted", Where.PROJECT, "Plain"),
            ("tracking_category_archived", Where.PROJECT, "Plain"),
            ("currency_not_subscribed", Where.PROJECT, "Abroad"),
            ("account_not_for_sales", Where.TASK, "Plain: One"),
            ("tax_not_for_account", Where.TASK, "Plain: One"),
            ("account_archived", Where.RATE, "Card"),
            ("tax_not_by_api", Where.RATE, "Card"),
            ("currency_not_subscribed", Where.RATE, "Dollar good"),
        ]
    )


def test_what_nothing_says_is_found(company):
    """No default is chosen: each task, rate and material has to have its own."""
    here = company("AU")
    here.accounts("211", tax=here.rates("Levy")["Levy"])
    here.bring_in()
    (client,) = here.clients(1)
    bare, stocked, posted = (here.project(client, name) for name in ("Bare", "Stock", "Posted"))
    task(bare, "One")
    own(Kind.TASK, task(bare, "Two").task_id, "211")
    material(stocked)
    make(ANN, "material", "Kilometre", amount="0.95")
    own(Kind.PROJECT, posted.project_id, here.sales)
    task(posted, "Three", rate=None)
    task(bare, "By whom", rate=None)
    make(ANN, "staff", "Ana", amount="120")
    here.books.set_tax_rate_status("TAX002", "ARCHIVED")
    here.bring_in()
    assert sorted(found()) == sorted(
        [
            ("tax_archived", Where.TENANT, ""),
            ("account_missing", Where.TASK, "Bare: One"),
            ("account_missing", Where.PROJECT, "Stock"),
            ("account_missing", Where.RATE, "Kilometre"),
            ("account_missing", Where.RATE, "Ana"),
        ]
    )


def test_an_organisation_that_is_not_registered_for_tax_is_only_to_be_known(company):
    here = company("UK")
    here.bring_in()
    mapping.set_defaults(ANN, Mapping(here.sales, "OUTPUT2"))
    here.books.set_pays_tax(registered=False)
    here.bring_in()
    last = found_faults.last("t1")
    assert found() == [("not_registered", Where.ORGANISATION, "")]
    assert (last.total, last.stopping) == (1, 0)


def test_a_fault_is_gone_once_it_is_mended(company):
    here = company("NZ")
    here.bring_in()
    mapping.set_defaults(ANN, Mapping("200"))
    here.books.archive_account("200")
    here.bring_in()
    assert found() == [("account_archived", Where.TENANT, "")]
    mapping.set_defaults(ANN, Mapping("260"))
    assert found() == []


def test_a_rate_that_changes_is_judged_at_once(company):
    here = company("NZ")
    here.bring_in()
    mapping.set_defaults(ANN, Mapping("200"))
    (client,) = here.clients(1)
    card = make(ANN, "task", "Hour", amount="90")
    set_price(ANN, card.rate_id, "60", None, "USD")
    project = here.project(client, "Abroad", currency="USD")
    here.books.unsubscribe_currency("USD")
    task(project, rate=None, rate_id=card.rate_id)
    make(ANN, "material", "Dollar good", currency="USD", amount="5")
    project_fault = ("currency_not_subscribed", Where.PROJECT, "Abroad")
    rate_fault = ("currency_not_subscribed", Where.RATE, "Dollar good")
    here.bring_in(whole=False)
    assert found() == [project_fault, rate_fault]
    remove_price(ANN, card.rate_id, None, "USD")
    unpriced = ("price_missing", Where.TASK, "Abroad: Work")
    assert found() == [project_fault, unpriced, rate_fault]
    set_price(ANN, card.rate_id, "60", None, "USD")
    assert found() == [project_fault, rate_fault]


def test_what_was_found_is_kept_and_costs_no_write_while_it_stays_so(company, xero):
    from tests.support.dynamo import requests_to, writes_to

    here = company("NZ")
    here.bring_in()
    mapping.set_defaults(ANN, Mapping("200"))
    here.books.archive_account("200")
    here.bring_in()
    with writes_to("reference") as writes:
        here.bring_in(whole=False)  # when all were last read is noted each time
    assert writes == []
    with requests_to("reference") as reads, requests_to("work") as of_work:
        assert found()
    assert (len(reads), of_work) == (1, [])
    assert xero.aws
