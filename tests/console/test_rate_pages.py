"""Rates, staff and codes on pages, and what a line would get."""

import re
from datetime import date

import pytest

from chalicelib.reference import choices, small_lists
from chalicelib.reference import store as reference
from chalicelib.reference.layers import Codes, Kind, Place
from chalicelib.reference.model import (
    Account,
    Mapping,
    TaxRate,
    Tracking,
    TrackingCategory,
    TrackingOption,
)
from chalicelib.work import clients, projects, tasks
from chalicelib.work.materials import add as add_material
from chalicelib.work.materials import find as find_materials
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.rates.make import make
from chalicelib.work.staff import store as staff
from tests.support.browser import Administrator, application, location
from tests.support.xero import caller_of


@pytest.fixture
def ann(aws):
    with application() as client:
        yield Administrator(client, aws).set_up()


@pytest.fixture
def rate(ann):
    return make(caller_of(ann.tenant_id), "task", "Design", currency="NZD", amount="100")


@pytest.fixture
def task(ann, rate):
    client = clients.create(ann.tenant_id, "Boom FM", currency="NZD")
    project = projects.create(ann.tenant_id, client.client_id, "App")
    return tasks.create(ann.tenant_id, project.project_id, "Drawing", rate_id=rate.rate_id)


@pytest.fixture
def books(ann):
    """Lists as imported, and defaults chosen from them."""
    reference.put(
        ann.tenant_id,
        [
            Account("200", "Sales", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE"),
            Account("210", "Design", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE"),
            TaxRate("OUTPUT2", "15% GST", 15, "ACTIVE", for_revenue=True),
            TaxRate("NONE", "No tax", 0, "ACTIVE", for_revenue=True),
        ],
    )
    options = (TrackingOption("north", "North", "ACTIVE"),)
    listed = (TrackingCategory("region", "Region", "ACTIVE", options),)
    small_lists.put(ann.tenant_id, "tracking", listed)
    choices.put_tenant(ann.tenant_id, Mapping("200", tracking=(Tracking("region", "north"),)))


def text(page) -> str:
    return re.sub(r"\s+", " ", page.get_text(" "))


def follow(ann, response):
    assert response.status_code == 302, response.body[-1500:]
    return ann.browser.page(location(response))


@pytest.mark.parametrize("path", ["/rates", "/rates?archived=true", "/staff"])
def test_empty_lists_say_what_to_do_next(ann, path):
    assert ann.browser.page(path).select_one(".empty h2")


def test_a_rate_is_added_priced_and_put_away_by_forms(ann):
    ann.browser.page("/rates/new")
    made = ann.browser.post(
        "/rates", {"kind": "task", "name": "Design", "currency": "NZD", "amount": "120"}
    )
    page = follow(ann, made)
    assert page.h1.get_text() == "Design"
    assert "120.00 NZD" in text(page)
    path = location(made)
    price = {"amount": "130.5", "currency": "NZD", "since": "2030-01-01"}
    page = follow(ann, ann.browser.post(f"{path}/prices", price))
    assert "130.50 NZD Later" in text(page)
    assert "1 Jan 2030" in text(ann.browser.page("/rates"))
    price = {"currency": "NZD", "since": "2030-01-01"}
    page = follow(ann, ann.browser.post(f"{path}/prices/remove", price))
    assert "130.50" not in text(page)
    follow(ann, ann.browser.post(f"{path}/archive", {"archived": "true"}))
    assert "Design" in text(ann.browser.page("/rates?archived=true"))


def test_a_refused_price_comes_back_as_typed(ann, rate):
    ann.browser.page(f"/rates/{rate.rate_id}")
    fields = {"amount": "much", "currency": "NZD", "since": "2026-11-01"}
    page = ann.browser.read(f"/rates/{rate.rate_id}/prices", fields, status=400)
    assert page.select_one("#amount")["value"] == "much"
    assert page.select_one("#amount-error")


def test_a_new_price_offers_the_open_work_and_ticks_make_it_follow(ann, rate, task):
    tasks.change(ann.tenant_id, task.task_id, rate="95")
    path = f"/rates/{rate.rate_id}"
    ann.browser.page(path)
    price = {"amount": "120", "currency": "NZD", "since": ""}
    page = follow(ann, ann.browser.post(f"{path}/prices", price))
    assert "1 task that names it has a price of its own" in text(page)
    assert "95.00 NZD" in text(page)
    page = follow(ann, ann.browser.post(f"{path}/open-work", {"task_ids": [task.task_id]}))
    assert "1 task follows this rate now" in text(page)
    assert tasks.get(ann.tenant_id, task.task_id).rate is None


def test_materials_with_prices_of_their_own_follow_when_ticked(ann, task):
    card = make(caller_of(ann.tenant_id), "material", "Cable", currency="NZD", amount="4")
    given = {"date": date(2026, 11, 2), "name": "Cable", "quantity": "2.5", "price": "9"}
    own = add_material.add(
        ann.tenant_id, NewMaterial(task.project_id, given, rate_id=card.rate_id)
    )
    path = f"/rates/{card.rate_id}"
    page = ann.browser.page(path)
    assert "Cable, 2.5 2 Nov 2026" in text(page)
    assert "9.00 NZD" in text(page)

    page = follow(ann, ann.browser.post(f"{path}/open-work", {"material_ids": own.material_id}))

    assert "1 material follows this rate now" in text(page)
    assert find_materials.get(ann.tenant_id, own.material_id).price is None


def test_a_task_is_given_a_rate_by_its_form_and_shows_its_price(ann, rate, task):
    tasks.change(ann.tenant_id, task.task_id, rate_id=None)
    page = ann.browser.page(f"/tasks/{task.task_id}")
    assert "Design · 100.00 NZD" in text(page)
    fields = {"name": "Drawing", "rate_id": rate.rate_id, "rate": "", "billable": "yes"}
    page = follow(ann, ann.browser.post(f"/tasks/{task.task_id}", fields))
    assert "100.00 NZD" in text(page)


def test_staff_are_added_changed_and_put_away_by_forms(ann):
    card = make(caller_of(ann.tenant_id), "staff", "Senior", currency="NZD", amount="180")
    ann.browser.page("/staff/new")
    fields = {"name": "Ana Lee", "email": "ana@acme.test", "rate_id": card.rate_id}
    page = follow(ann, ann.browser.post("/staff", fields))
    assert "180.00 NZD" in text(page)
    (ana,) = staff.listing(ann.tenant_id)
    ann.browser.page(f"/staff/{ana.staff_id}")
    follow(ann, ann.browser.post(f"/staff/{ana.staff_id}", {**fields, "name": "Ana Kay"}))
    assert "Also known as Ana Lee" in text(ann.browser.page(f"/staff/{ana.staff_id}"))
    refused = ann.browser.post("/staff", {"name": "Bo", "email": "ana@acme.test"})
    assert refused.status_code == 409
    assert b'id="email-error"' in refused.body
    ann.browser.post(f"/staff/{ana.staff_id}/archive", {"archived": "true"})
    assert "Ana Kay" in text(ann.browser.page("/staff?archived=true"))


@pytest.mark.usefixtures("books")
class TestCodes:
    def test_of_a_client_are_chosen_on_its_page(self, ann, task):
        client_id = projects.get(ann.tenant_id, task.project_id).client_id
        path = f"/settings/codes/clients/{client_id}"
        assert ann.browser.page(f"/clients/{client_id}").select_one(f'a[href$="{path}"]')
        ann.browser.page(path)
        fields = {"account_code": "", "tax_type": "NONE", "tracking-region": "none"}
        page = follow(ann, ann.browser.post(path, fields))
        assert "Tax rate No tax" in text(page)
        assert choices.load(ann.tenant_id).of(Kind.CLIENT, client_id) == Codes(
            tax_type="NONE", tracking=(Tracking("region", ""),)
        )
        shown = ann.browser.page(path)
        assert shown.select_one("#tracking-region option[selected]")["value"] == "none"
        assert "Boom FM client: No tax, Region: none" in text(ann.browser.page("/settings/codes"))

    @pytest.mark.parametrize(
        "kind", ["projects/{project_id}", "tasks/{task_id}", "rates/{rate_id}"]
    )
    def test_of_the_rest_are_chosen_alike(self, ann, task, kind):
        ids = {name: getattr(task, name) for name in ("project_id", "task_id", "rate_id")}
        path = f"/settings/codes/{kind.format(**ids)}"
        ann.browser.page(path)
        page = follow(ann, ann.browser.post(path, {"account_code": "210"}))
        assert "Account 210 Design" in text(page)

    def test_demand_a_recent_second_factor(self, ann, rate, aws):
        aws.clock.advance(minutes=11)
        path = f"/settings/codes/rates/{rate.rate_id}"
        assert "Confirm that it is you" in text(ann.browser.page(path))
        response = ann.browser.post(path, {"account_code": "210"})
        assert location(response).startswith("/second-factor")
        assert choices.load(ann.tenant_id).own == {}

    def test_come_from_the_lists_only(self, ann, rate):
        path = f"/settings/codes/rates/{rate.rate_id}"
        ann.browser.page(path)
        page = ann.browser.read(path, {"account_code": "999"}, status=400)
        assert "999 is not in the list" in text(page)

    def test_that_xero_no_longer_takes_are_still_shown(self, ann, rate):
        choices.put(ann.tenant_id, Place(Kind.RATE, rate.rate_id), Codes("260"))
        page = ann.browser.page(f"/settings/codes/rates/{rate.rate_id}")
        chosen = page.select_one("#account_code option[selected]")
        assert (chosen["value"], "no longer usable" in chosen.get_text()) == ("260", True)


@pytest.mark.usefixtures("books")
class TestWhatALineWouldGet:
    def test_each_answer_comes_with_its_layer(self, ann, task):
        choices.put(ann.tenant_id, Place(Kind.RATE, task.rate_id), Codes("210"))
        client_id = projects.get(ann.tenant_id, task.project_id).client_id
        choices.put(ann.tenant_id, Place(Kind.CLIENT, client_id), Codes(tax_type="NONE"))
        page = ann.browser.page(f"/settings/codes/preview?task_id={task.task_id}")
        rows = [
            [text(cell).strip() for cell in row.select("th, td")]
            for row in page.select("tbody tr")
        ]
        assert rows == [
            ["Price", "100.00 NZD", "the rate that the task names Design"],
            ["Account", "210 Design", "the rate"],
            ["Tax rate", "No tax", "the client"],
            ["Region", "North", "the default"],
        ]

    def test_what_is_missing_is_said_with_the_way_to_mend_it(self, ann, task):
        choices.put_tenant(ann.tenant_id, Mapping())
        tasks.change(ann.tenant_id, task.task_id, rate_id=None)
        page = text(ann.browser.page(f"/settings/codes/preview?task_id={task.task_id}"))
        assert "has no hourly rate" in page
        assert "No account code is chosen" in page

    def test_before_anything_is_chosen_it_asks(self, ann):
        page = ann.browser.page("/settings/codes/preview")
        assert page.select_one("select#client_id")
        assert not page.select("tbody")

    def test_another_tenants_ids_answer_nothing(self, aws, task):
        with application() as client:
            other = Administrator(client, aws, company="Other", email="bob@other.test").set_up()
            response = other.browser.get(f"/settings/codes/preview?task_id={task.task_id}")
            assert response.status_code == 400
            assert b"Drawing" not in response.body
