"""New invoices by forms: of projects, by hand, as deposits, copies and from templates."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.console import billing_form
from chalicelib.console.forms import Form
from chalicelib.invoices import create, release, store, templates
from chalicelib.invoices.build import Grouping, Per, Rounding
from chalicelib.invoices.line import Line
from chalicelib.invoices.mirror import Mirror
from chalicelib.invoices.model import Basis, InvoiceKind, InvoiceState
from chalicelib.invoices.portions import Portion, Take
from chalicelib.invoices.wanted import Deduct, NewInvoice
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.reference import choices
from chalicelib.reference import store as reference
from chalicelib.reference.model import Account, Mapping, TaxRate
from chalicelib.work import add_time, clients, phases, projects, tasks
from chalicelib.work.add_time import NewTime
from chalicelib.work.ids import new_id
from chalicelib.work.materials import add as materials
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.time_records import Facts
from tests.console.test_draft_pages import form_of
from tests.support.aws import mocked_account
from tests.support.browser import Administrator, application, location

NEW = "/invoices/new"
DAY = date(2026, 11, 3)


@pytest.fixture(scope="module")
def ann():
    """One administrator for all tests of this file; each has a client of its own."""
    with mocked_account() as account, application() as client:
        yield Administrator(client, account).set_up()


@pytest.fixture(scope="module")
def tenant(ann):
    reference.put(
        ann.tenant_id,
        [
            Account("200", "Sales", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE"),
            TaxRate("OUTPUT2", "15% GST", Decimal(15), "ACTIVE", for_revenue=True),
        ],
    )
    choices.put_tenant(ann.tenant_id, Mapping("200", "OUTPUT2"))
    ann.browser.get("/help")
    return ann.tenant_id


@pytest.fixture
def client_of(tenant):
    return clients.create(tenant, f"Boom <FM> {new_id()}", currency="NZD")


@pytest.fixture
def fixed(tenant, client_of):
    return projects.create(
        tenant, client_of.client_id, "Website", kind="fixed_price", price="1000.00"
    )


@pytest.fixture
def hourly(tenant, client_of):
    project = projects.create(tenant, client_of.client_id, "Care")
    task = tasks.create(tenant, project.project_id, "Design", rate="120")
    add_time.add(tenant, NewTime(task.task_id, Facts(DAY, 80, "Dev", "Push")))
    cable = {"date": DAY, "name": "Cable", "quantity": "2", "cost": "10", "markup": "25"}
    materials.add(tenant, NewMaterial(project.project_id, cable))
    return project


def said(page) -> str:
    return re.sub(r"\s+", " ", page.get_text(" "))


def project_form(client_id, *projects_of, act="make", **fields):
    return {
        "basis": "project",
        "client_id": client_id,
        "project_ids": [one.project_id for one in projects_of],
        "grouping": "task",
        "act": act,
        **fields,
    }


def take(project, how, value="", phase_id=""):
    return {
        billing_form.take_field(project.project_id, phase_id): how,
        billing_form.value_field(project.project_id, phase_id): value,
    }


def made(ann, fields, path=NEW):
    """The draft that a form makes."""
    response = ann.browser.post(path, fields)
    assert response.status_code == 302, response.body.decode()
    return store.get(ann.tenant_id, location(response).rpartition("/")[2])


def sent(ann, invoice):
    """The invoice, as if Xero had it."""
    mirror = Mirror(f"xero-{invoice.invoice_id}", "AUTHORISED", totals=invoice.totals)
    now = store.get(ann.tenant_id, invoice.invoice_id)
    after = replace(now, state=InvoiceState.SENT, mirror=mirror, number="INV-7")
    return store.save(ann.tenant_id, after)


class TestProjects:
    def test_are_billed_with_materials_or_without(self, ann, client_of, hourly):
        fields = project_form(client_of.client_id, hourly, rounding="30:group", notes="yes")

        with_them = ann.browser.read(NEW, {**fields, "materials": "yes", "act": "preview"})
        without = made(ann, fields)

        assert "1 time record and 1 material" in said(with_them)
        assert "Care: Cable" in said(with_them)
        assert "12.5" in said(with_them)
        assert [f"{line.quantity * line.unit_price:.2f}" for line in without.lines] == ["180.00"]
        assert without.lines[0].description.endswith("- Push")

    def test_fixed_price_is_billed_in_parts_and_then_what_is_left(self, ann, client_of, fixed):
        page = ann.browser.page(f"{NEW}?basis=project&project_id={fixed.project_id}")
        assert "1,000.00 left of 1,000.00" in said(page)
        parts = [take(fixed, "percent", "30 %"), take(fixed, "amount", "250.5"), {}]

        drafts = [made(ann, project_form(client_of.client_id, fixed, **part)) for part in parts]

        totals = [f"{draft.totals.sub_total}" for draft in drafts]
        assert totals == ["300.00", "250.50", "449.50"]
        page = ann.browser.page(f"/projects/{fixed.project_id}")
        assert "On invoices 1,000.00 NZD Remaining 0.00 NZD" in said(page)
        nothing = ann.browser.read(
            NEW, project_form(client_of.client_id, fixed), status=400
        ).find(class_="notice")
        assert "nothing to bill" in said(nothing)

    def test_all_of_a_price_is_offered_only_while_none_is_billed(self, ann, client_of, fixed):
        address = f"{NEW}?basis=project&client_id={client_of.client_id}"
        assert ann.browser.page(address).find("option", value="full")

        made(ann, project_form(client_of.client_id, fixed, **take(fixed, "amount", "1")))

        assert not ann.browser.page(address).find("option", value="full")
        assert "999.00 left of 1,000.00, 1.00 on invoices" in said(ann.browser.page(address))

    def test_price_is_billed_by_its_phases(self, ann, tenant, client_of, fixed):
        first = phases.create(tenant, fixed.project_id, "First", price="400.00")
        phases.create(tenant, fixed.project_id, "Second", price="600.00")
        by_phase = take(fixed, "phases")

        wrong = ann.browser.read(
            NEW, project_form(client_of.client_id, fixed, **by_phase), status=400
        )
        draft = made(
            ann,
            project_form(
                client_of.client_id,
                fixed,
                **by_phase,
                **take(fixed, "percent", "50", first.phase_id),
            ),
        )

        assert "Say which phases to bill" in said(wrong)
        assert draft.lines[0].description == "Website, First: 50 % of the agreed price"
        assert draft.totals.sub_total == Decimal("200.00")

    def test_more_than_is_left_is_refused_and_what_is_left_is_offered(
        self, ann, client_of, fixed
    ):
        fields = project_form(client_of.client_id, fixed, **take(fixed, "amount", "800"))
        made(ann, fields)

        page = ann.browser.read(NEW, fields, status=409)

        assert "200.00 NZD is left of the price of Website." in said(page)
        offer = page.find(class_="preview")
        assert "What is left now" in said(offer)
        hidden = {one["name"]: one["value"] for one in offer.select("input[type=hidden]")}
        draft = made(ann, {**hidden, "act": "make"})
        assert draft.totals.sub_total == Decimal("200.00")

    def test_draft_says_what_others_billed_since_it_was_looked_at(
        self, ann, tenant, client_of, hourly
    ):
        fields = project_form(client_of.client_id, hourly, materials="yes", act="preview")
        shown = ann.browser.read(NEW, fields).find(class_="preview")
        hidden = {one["name"]: one["value"] for one in shown.select("input[type=hidden]")}
        caller = Caller(tenant, "user:bob", "Bob", EVERYTHING)
        time = NewInvoice(basis=Basis.TRACKED_TIME, client_id=client_of.client_id)
        create.start(caller, time)

        draft = made(ann, {**hidden, "act": "make"})

        page = ann.browser.page(f"/invoices/{draft.invoice_id}")
        assert "1 piece of work was billed or changed by somebody else" in said(page)
        assert draft.totals.sub_total == Decimal("25.00")
        nothing = ann.browser.read(NEW, {**hidden, "act": "make"}, status=400)
        assert "no work in this selection is unbilled" in said(nothing)

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"how": "percent"}, "Say which percentage"),
            ({"how": "amount", "value": "much"}, "not a number"),
            ({"how": "percent", "value": "101"}, "at most 100 %"),
            ({"how": "half"}, "Choose how much"),
        ],
    )
    def test_wrong_part_is_told_and_what_was_typed_stays(
        self, ann, client_of, fixed, typed, sentence
    ):
        fields = project_form(client_of.client_id, fixed, **take(fixed, **typed), reference="R7")

        page = ann.browser.read(NEW, fields, status=400)

        assert sentence in said(page)
        assert page.find("input", {"name": "reference"})["value"] == "R7"
        assert page.find("input", {"name": "project_ids"}).has_attr("checked")


def test_quote_is_held_against_what_was_done(ann, tenant, hourly):
    projects.change(tenant, hourly.project_id, price="100.00", budget_minutes=160)

    page = said(ann.browser.page(f"/projects/{hourly.project_id}"))

    assert "185.00 NZD at the prices of now 1:20 hours, 25.00 NZD of it materials" in page
    assert "185 % of the quote" in page
    assert "50 % of the budget" in page


class TestByHand:
    def test_blank_is_made_as_it_was_typed(self, ann, client_of):
        page = ann.browser.page(f"{NEW}?basis=blank&client_id={client_of.client_id}")
        fields = form_of(page)
        fields["description"], fields["unit_price"] = ["Advice"], ["80"]
        fields["quantity"] = ["1.5"]

        shown = ann.browser.read(NEW, {**fields, "act": "recount"})
        draft = made(ann, {**fields, "act": "make"})

        assert "138.00 NZD" in said(shown.select_one("[data-sums]"))
        assert (draft.basis, draft.totals.total) == (Basis.BLANK, Decimal("138.00"))

    def test_what_is_wrong_is_told_at_its_row(self, ann, client_of):
        page = ann.browser.page(f"{NEW}?basis=blank&client_id={client_of.client_id}")
        fields = {**form_of(page), "description": ["Advice"], "unit_price": ["much"]}

        page = ann.browser.read(NEW, {**fields, "act": "make"}, status=400)

        assert page.select_one(".line.wrong [aria-invalid]")["name"] == "unit_price"

    def test_another_clients_project_is_refused(self, ann, tenant, fixed):
        other = clients.create(tenant, "Hill", currency="NZD")
        page = ann.browser.page(f"{NEW}?basis=blank&client_id={other.client_id}")
        fields = {**form_of(page), "description": ["Advice"], "unit_price": ["8"]}

        page = ann.browser.read(
            NEW, {**fields, "project_ids": fixed.project_id, "act": "make"}, status=400
        )

        assert "another client" in said(page)

    def test_invoice_is_copied_without_its_work(self, ann, client_of, hourly):
        like = made(ann, project_form(client_of.client_id, hourly, materials="yes"))
        page = ann.browser.page(f"/invoices/{like.invoice_id}")
        address = page.find("a", string="Copy")["href"].partition("8000")[2]

        copy = made(ann, {**form_of(ann.browser.page(address)), "act": "make"})

        assert (copy.basis, copy.project_ids) == (Basis.COPY, like.project_ids)
        assert copy.totals == like.totals
        assert not copy.holds_work

    def test_template_is_kept_found_billed_renamed_and_deleted(
        self, ann, tenant, client_of, hourly
    ):
        like = made(ann, project_form(client_of.client_id, hourly, materials="yes"))
        ann.browser.page(f"/invoices/{like.invoice_id}")
        kept = ann.browser.post(
            "/invoices/templates", {"invoice_id": like.invoice_id, "name": "Monthly care"}
        )
        (template,) = templates.listing(tenant)
        assert location(kept) == f"/invoices/templates/{template.template_id}"
        assert "Monthly care" in said(ann.browser.page("/invoices/templates"))
        choosing = ann.browser.page(f"{NEW}?basis=template&template_id={template.template_id}")
        link = choosing.find("a", {"aria-label": f"Bill {client_of.name}"})
        bill = link["href"].partition("8000")[2]

        draft = made(ann, {**form_of(ann.browser.page(bill)), "act": "make"})

        assert (draft.basis, draft.totals) == (Basis.TEMPLATE, like.totals)
        here = location(kept)
        ann.browser.post(here, {"version": "0", "name": "Yearly care", "reference": ""})
        late = ann.browser.read(
            here, {"version": "0", "name": "Late", "reference": ""}, status=409
        )
        assert "Somebody else changed this template" in said(late)
        assert templates.listing(tenant)[0].name == "Yearly care"
        ann.browser.post(f"{here}/delete")
        assert "No template yet" in said(ann.browser.page("/invoices/templates"))

    def test_many_lines_come_over_without_being_shown(self, ann, tenant, client_of):
        lines = tuple(Line(f"Line {n}", Decimal(1), Decimal(1)) for n in range(201))
        caller = Caller(tenant, "user:ann", "Ann", EVERYTHING)
        wanted = NewInvoice(basis=Basis.BLANK, client_id=client_of.client_id, lines=lines)
        like = create.start(caller, wanted).result["invoice_id"]

        page = ann.browser.page(f"{NEW}?basis=copy&invoice_id={like}")
        copy = made(ann, {**form_of(page), "act": "make"})

        assert "201 lines, more than this page can show" in said(page)
        assert len(copy.lines) == 201


class TestDeposits:
    @pytest.fixture
    def deposit(self, ann, client_of):
        page = ann.browser.page(f"{NEW}?basis=deposit&client_id={client_of.client_id}")
        draft = made(ann, {**form_of(page), "unit_price": ["200"], "act": "make"})
        assert draft.kind is InvoiceKind.DEPOSIT
        return sent(ann, draft)

    def test_is_deducted_on_a_new_invoice_and_what_is_left_is_told(
        self, ann, client_of, fixed, deposit
    ):
        page = ann.browser.page(f"{NEW}?basis=project&client_id={client_of.client_id}")
        assert "200.00 NZD left of 200.00" in said(page)
        off = {"deduct": deposit.invoice_id, f"off:{deposit.invoice_id}": "150"}

        final = made(ann, project_form(client_of.client_id, fixed, **off))

        assert final.totals.sub_total == Decimal("850.00")
        for where in (f"/invoices/{deposit.invoice_id}", f"/clients/{client_of.client_id}"):
            assert "50.00 NZD left of 200.00" in said(ann.browser.page(where)), where
        page = ann.browser.page(f"/invoices/{deposit.invoice_id}")
        assert "150.00 are taken off later invoices" in said(page)

    def test_is_offered_on_a_draft_kept_when_it_is_saved_and_given_back(
        self, ann, client_of, fixed, deposit
    ):
        final = made(ann, project_form(client_of.client_id, fixed))
        here = f"/invoices/{final.invoice_id}"
        assert "200.00 NZD of deposit INV-7 can be taken off" in said(ann.browser.page(here))
        sums = []
        for ticked in ([deposit.invoice_id], [deposit.invoice_id], []):
            fields = form_of(ann.browser.page(f"{here}/edit"))
            made(ann, {**fields, "deduct": ticked, "act": "save"}, f"{here}/edit")
            sums.append(f"{store.get(ann.tenant_id, final.invoice_id).totals.sub_total}")

        assert sums == ["800.00", "800.00", "1000.00"]
        assert "200.00 NZD left" in said(ann.browser.page(f"/invoices/{deposit.invoice_id}"))

    @pytest.mark.usefixtures("deposit")
    def test_is_marked_in_the_list_and_billing_begins_at_the_client(self, ann, client_of):
        listed = ann.browser.page(f"/invoices?client_id={client_of.client_id}")
        bill = ann.browser.page(f"/clients/{client_of.client_id}").find("a", string="New invoice")

        page = ann.browser.page(bill["href"].partition("8000")[2])

        assert listed.find(class_="pill", string="Deposit")
        assert said(page.h1) == f"Bill {client_of.name}"

    def test_more_than_is_left_of_it_is_refused(self, ann, client_of, fixed, deposit):
        off = {"deduct": deposit.invoice_id, f"off:{deposit.invoice_id}": "250"}

        page = ann.browser.read(NEW, project_form(client_of.client_id, fixed, **off), status=409)

        assert "200.00 NZD is left of INV-7" in said(page)

    def test_goes_along_when_the_work_of_an_ended_invoice_is_billed_anew(
        self, ann, tenant, client_of, fixed, deposit
    ):
        off = {"deduct": deposit.invoice_id, f"off:{deposit.invoice_id}": "150"}
        ended = sent(ann, made(ann, project_form(client_of.client_id, fixed, **off)))
        release.release(tenant, ended.invoice_id)
        over = replace(ended.mirror, status="VOIDED")
        store.save(tenant, replace(ended, mirror=over, released=True))

        page = ann.browser.page(f"{NEW}?again={ended.invoice_id}")

        (tick,) = page.select("input[type=checkbox][name=deduct]")
        assert tick.has_attr("checked")
        assert "Less deposit" in said(page.find(class_="preview"))


class TestAnew:
    def test_work_of_an_ended_invoice_is_offered_as_a_fresh_draft(
        self, ann, tenant, client_of, fixed
    ):
        draft = made(
            ann, project_form(client_of.client_id, fixed, **take(fixed, "amount", "300"))
        )
        ended = sent(ann, draft)
        store.save(tenant, replace(ended, mirror=replace(ended.mirror, status="VOIDED")))
        page = ann.browser.page(f"/invoices/{draft.invoice_id}")
        assert "Make its part of a fixed price unbilled again" in said(page)
        release.release(tenant, draft.invoice_id)
        store.save(tenant, replace(store.get(tenant, draft.invoice_id), released=True))

        page = ann.browser.page(f"/invoices/{draft.invoice_id}")
        address = page.find("a", string=re.compile("fresh draft"))["href"].partition("8000")[2]
        offer = ann.browser.page(address).find(class_="preview")

        assert "What is left now" in said(offer)
        assert "1,000.00" in said(offer)
        made(ann, project_form(client_of.client_id, fixed))
        assert "nothing unbilled in this selection" in said(ann.browser.page(address))


wishes = st.builds(
    NewInvoice,
    basis=st.just(Basis.PROJECT),
    client_id=st.just("c1"),
    project_ids=st.just(("p1", "p2")),
    phase_ids=st.sampled_from([(), ("h1",), ("h1", "h2")]),
    portions=st.sampled_from(
        [
            (),
            (Portion("p1", "", Take.FULL),),
            (Portion("p1", "", Take.PERCENT, Decimal("12.5")),),
            (Portion("p1", "h1"), Portion("p2", "", Take.AMOUNT, Decimal("1234.56"))),
            (Portion("p1", "h1", Take.FULL), Portion("p1", "h2", Take.AMOUNT, Decimal(7))),
        ]
    ),
    materials=st.booleans(),
    start=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    end=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    grouping=st.sampled_from(Grouping),
    rounding=st.just(Rounding())
    | st.builds(Rounding, st.sampled_from([6, 15, 30]), st.sampled_from(Per)),
    notes=st.sampled_from([None, True, False]),
    deduct=st.sampled_from([(), (Deduct("d1"), Deduct("d2", Decimal("10.05")))]),
    reference=st.sampled_from(["", "PO 7 & more"]),
)


@given(wishes)
def test_form_of_a_wish_says_the_wish_again(wish):
    posted = Form(urlencode(billing_form.fields_of(wish)).encode())

    assert billing_form.wanted_of(posted) == wish
