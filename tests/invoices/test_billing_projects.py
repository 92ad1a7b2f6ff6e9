"""Invoices of projects: what was done, parts of agreed prices, and deposits taken off again."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.audit import trail
from chalicelib.dispatch import drain
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import JobState, tenant_lane
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.invoices import bill as billing
from chalicelib.invoices import (
    copying,
    create,
    deposits,
    discard,
    edit,
    facts,
    leave,
    preflight,
    redraft,
    release,
    show,
    store,
    templates,
    void,
)
from chalicelib.invoices.build import Grouping, Rounding
from chalicelib.invoices.line import Line, LineAmountTypes, Part
from chalicelib.invoices.mirror import LedgerEntry, Mirror
from chalicelib.invoices.model import Basis, InvoiceKind, InvoiceState
from chalicelib.invoices.portions import Portion, Take
from chalicelib.invoices.wanted import Deduct, NewInvoice
from chalicelib.work import claims, clients, phases, projects, tasks, time_records
from chalicelib.work.add_time import NewTime, add_many
from chalicelib.work.details import Terms
from chalicelib.work.fixed_price import Overdrawn
from chalicelib.work.materials import add as add_material
from chalicelib.work.materials import find as find_materials
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.time_records import Facts
from tests.support.power import Power, PowerCut

TENANT = "tenant-1"


class Site:
    """A project with a task, and ways to work on it."""

    def __init__(self, business, name="Website", **facts) -> None:
        self.business = business
        project = projects.create(TENANT, business.client_id, name, currency="NZD", **facts)
        self.project_id = project.project_id
        self.task = tasks.create(TENANT, self.project_id, "Design", rate="120.00")

    @property
    def now(self):
        return projects.get(TENANT, self.project_id)

    def track(self, minutes, task=None, day=date(2026, 11, 2), **facts):
        new = NewTime((task or self.task).task_id, Facts(day, minutes, **facts))
        return add_many(TENANT, [new])[0].made

    def use(self, name="Cable", **facts):
        given = {"date": date(2026, 11, 2), "name": name, "quantity": "2", "cost": "10", **facts}
        return add_material.add(TENANT, NewMaterial(self.project_id, given))

    def bill(self, **facts):
        return bill(self.business, project_ids=(self.project_id,), **facts)

    def take(self, take, value=None, phase=None, **facts):
        phase_id = phase.phase_id if phase else ""
        part = Portion(self.project_id, phase_id, Take(take), value and Decimal(value))
        return self.bill(portions=(part,), **facts)

    def unbilled(self):
        ids = [self.project_id]
        time = time_records.unbilled(TENANT, ids).items
        return len(time), len(find_materials.unbilled(TENANT, ids).items)


def bill(business, **facts):
    wanted = NewInvoice(**{"basis": Basis.PROJECT, "client_id": business.client_id, **facts})
    job = create.start(business.caller, wanted)
    assert job.state is JobState.DONE, job.message
    return store.get(TENANT, job.result["invoice_id"])


@pytest.fixture
def site(business):
    return Site(business)


@pytest.fixture
def fixed(business):
    return Site(business, "Fixed", kind="fixed_price", price="1000.00", purchase_order="PO 7")


def amounts(invoice):
    return [f"{line.quantity * line.unit_price:.2f}" for line in invoice.lines if line.quantity]


class TestTimeAndMaterials:
    def test_are_billed_to_date(self, site):
        site.track(90)
        site.use(markup="25")
        site.track(60, day=date(2026, 11, 20))

        invoice = site.bill(end=date(2026, 11, 9))

        assert amounts(invoice) == ["180.00", "25.00"]
        assert (invoice.records, invoice.materials) == (1, 1)
        assert invoice.lines[1].work.materials == 1
        assert site.unbilled() == (1, 0)

    def test_equal_materials_are_one_line(self, site):
        for _ in range(3):
            site.use(unit="m")
        site.use(unit="m", cost="11")

        invoice = site.bill()

        assert [line.quantity for line in invoice.lines] == [6, 2]
        assert invoice.lines[0].description == "Website: Cable, m"

    def test_stay_unbilled_where_only_time_is_wanted(self, site):
        site.track(60)
        site.use()

        assert len(site.bill(materials=False).lines) == 1
        assert site.unbilled() == (0, 1)

    def test_without_a_price_make_nothing(self, site):
        site.track(60)
        site.use(cost=None)

        job = create.start(
            site.business.caller,
            NewInvoice(basis=Basis.PROJECT, project_ids=(site.project_id,)),
        )

        assert job.state is JobState.FAILED
        assert "“Cable” has no price" in job.message
        assert site.unbilled() == (1, 1)
        assert store.listing(TENANT, limit=5).items == []

    def test_of_the_phases_that_are_wanted(self, site):
        phase = phases.create(TENANT, site.project_id, "First")
        task = tasks.create(TENANT, site.project_id, "Plan", rate="100", phase_id=phase.phase_id)
        site.track(60)
        site.track(60, task)

        invoice = site.bill(phase_ids=(phase.phase_id,), grouping=Grouping.PHASE)

        assert [line.description for line in invoice.lines] == ["Website: First (2026-11-02)"]
        assert site.unbilled() == (1, 0)

    def test_of_several_projects_are_on_one_invoice(self, business, site):
        other = Site(business, "App", purchase_order="PO 9")
        site.track(60)
        other.track(30)
        other.use()

        invoice = bill(business)

        assert amounts(invoice) == ["60.00", "120.00", "20.00"]
        assert set(invoice.project_ids) == {site.project_id, other.project_id}
        assert invoice.reference == "PO 9"

    def test_are_all_unbilled_again_when_the_draft_goes(self, site):
        site.track(60)
        site.use()
        invoice = site.bill()

        discard.start(site.business.caller, invoice.invoice_id)

        assert site.unbilled() == (1, 1)

    def test_a_material_line_that_goes_frees_its_materials(self, site):
        site.track(60)
        site.use()
        invoice = site.bill()

        after = edit.change(
            site.business.caller,
            invoice.invoice_id,
            invoice.version,
            {"lines": invoice.lines[:1]},
        )

        assert site.unbilled() == (0, 1)
        assert (after.records, after.materials) == (1, 0)


class TestFixedPrice:
    def test_is_billed_in_parts_until_nothing_is_left(self, fixed):
        assert amounts(fixed.take("percent", "30")) == ["300.00"]
        assert amounts(fixed.take("amount", "150.50")) == ["150.50"]
        rest = fixed.take("rest")

        assert amounts(rest) == ["549.50"]
        assert rest.lines[0].description == "Fixed: rest of the agreed price"
        assert rest.reference == "PO 7"
        with pytest.raises(Overdrawn, match="Nothing is left of the price of Fixed"):
            fixed.take("amount", "0.01")

    def test_in_full_is_refused_once_a_part_is_billed(self, fixed):
        invoice = fixed.take("full")
        assert invoice.lines[0].description == "Fixed: agreed price"
        discard.start(fixed.business.caller, invoice.invoice_id)
        fixed.take("percent", "10")

        with pytest.raises(Overdrawn, match=r"900\.00 NZD is left"):
            fixed.take("full")

    def test_covers_the_time_and_bills_materials_beside_it(self, fixed):
        fixed.track(600)
        fixed.use()

        invoice = fixed.take("percent", "30")

        assert amounts(invoice) == ["300.00", "20.00"]
        assert (invoice.lines[0].work.records, invoice.lines[0].work.minutes) == (1, 600)
        assert fixed.unbilled() == (0, 0)

    def test_what_is_left_is_billed_without_being_named(self, business, fixed, site):
        fixed.take("percent", "30")
        site.track(60)

        assert amounts(bill(business)) == ["700.00", "120.00"]

    def test_is_left_alone_where_tracked_time_of_a_client_is_billed(self, business, fixed, site):
        fixed.track(60)
        site.track(30)

        assert amounts(bill(business, basis=Basis.TRACKED_TIME)) == ["60.00"]
        assert fixed.unbilled() == (1, 0)

    def test_extra_work_is_billed_by_the_hour_where_it_is_named(self, fixed):
        fixed.track(60)

        assert amounts(fixed.bill(basis=Basis.TRACKED_TIME)) == ["120.00"]
        assert fixed.now.drawn == 0

    def test_is_billed_by_phase_each_within_its_own(self, fixed):
        first = phases.create(TENANT, fixed.project_id, "First", price="400")
        task = tasks.create(TENANT, fixed.project_id, "Plan", phase_id=first.phase_id)
        fixed.track(60)
        fixed.track(30, task)

        invoice = fixed.take("full", phase=first)

        assert invoice.lines[0].description == "Fixed, First: agreed price"
        assert invoice.lines[0].work.minutes == 30
        assert fixed.unbilled() == (1, 0)
        with pytest.raises(Overdrawn, match="Fixed, First"):
            fixed.take("amount", "1", phase=first)
        assert amounts(fixed.take("rest")) == ["600.00"]

    def test_phases_that_are_wanted_bill_what_is_left_of_each(self, fixed):
        made = [phases.create(TENANT, fixed.project_id, name, price="400") for name in "AB"]
        fixed.take("amount", "100", phase=made[0])

        invoice = fixed.bill(phase_ids=tuple(one.phase_id for one in made))

        assert amounts(invoice) == ["300.00", "400.00"]

    @pytest.mark.parametrize(
        ("take", "value"),
        [
            ("percent", "0"),
            ("percent", "100.01"),
            ("percent", None),
            ("amount", "1.001"),
            ("amount", "-1"),
        ],
    )
    def test_a_part_that_is_none_is_refused(self, fixed, take, value):
        with pytest.raises(InvalidInput) as refused:
            fixed.take(take, value)

        assert refused.value.field == "portions"
        assert store.listing(TENANT, limit=5).items == []

    def test_another_projects_price_cannot_be_named(self, fixed, site):
        site.track(60)
        portion = (Portion(fixed.project_id),)

        with pytest.raises(InvalidInput):
            site.bill(portions=portion)
        with pytest.raises(InvalidInput, match="bills no fixed price"):
            site.take("rest")

    def test_of_two_who_bill_the_rest_at_once_one_gets_it(self, fixed, monkeypatch):
        """The other has passed every check before, and finds out when its job comes to it."""
        others = [lambda: fixed.take("rest")]
        do_now = create.enqueue.do_now

        def late(job):
            if others:
                others.pop()()
            return do_now(job)

        monkeypatch.setattr(create.enqueue, "do_now", late)
        with pytest.raises(AssertionError, match="Nothing is left of the price of Fixed"):
            fixed.take("percent", "50")

        (billed,) = store.listing(TENANT, limit=5)
        assert billed.totals.sub_total == fixed.now.drawn == 1000

    def test_what_goes_with_the_draft_can_be_billed_again(self, fixed):
        fixed.track(60)
        invoice = fixed.take("percent", "30")

        discard.start(fixed.business.caller, invoice.invoice_id)

        assert fixed.now.drawn == 0
        assert fixed.unbilled() == (1, 0)

    def test_a_line_that_goes_gives_its_part_back(self, fixed):
        invoice = fixed.take("percent", "30")

        edit.change(
            fixed.business.caller,
            invoice.invoice_id,
            invoice.version,
            {"lines": [Line("Nothing yet")]},
        )

        assert fixed.now.drawn == 0

    def test_a_line_of_another_amount_draws_that(self, fixed):
        invoice = fixed.take("percent", "30")
        fixed.take("amount", "100")

        def to(price, version):
            lines = [replace(invoice.lines[0], unit_price=Decimal(price))]
            caller = fixed.business.caller
            return edit.change(caller, invoice.invoice_id, version, {"lines": lines})

        after = to("250.00", invoice.version)
        assert fixed.now.drawn == 350
        after = to("900.00", after.version)
        assert fixed.now.drawn == 1000
        with pytest.raises(Overdrawn, match=r"900\.00 NZD is left"):
            to("900.01", after.version)
        with pytest.raises(InvalidInput, match="Take it out instead"):
            to("0", after.version)
        assert fixed.now.drawn == 1000
        assert store.get(TENANT, invoice.invoice_id).totals.sub_total == 900

    def test_nothing_wanted_is_said(self, business, fixed):
        fixed.take("rest")
        fixed.track(60)

        with pytest.raises(InvalidInput, match="nothing to bill"):
            bill(business)


def deposit(business, amount="500.00", **facts):
    """A deposit that Xero has."""
    lines = (Line("Deposit", Decimal(1), Decimal(amount)),)
    made = bill(business, basis=Basis.BLANK, kind=InvoiceKind.DEPOSIT, lines=lines, **facts)
    return sent(made)


def sent(invoice, status="AUTHORISED"):
    mirror = Mirror("xero-1", status, totals=invoice.totals)
    return store.save(
        TENANT,
        replace(invoice, state=InvoiceState.SENT, number="INV-00009", mirror=mirror),
    )


def credited(invoice, *entries):
    """As Xero tells of an invoice that these took back, each a kind and a part of the total."""
    ledger = tuple(
        LedgerEntry(kind, f"entry-{n}", invoice.totals.total * part)
        for n, (kind, part) in enumerate(entries)
    )
    mirror = replace(invoice.mirror, status="PAID", ledger=ledger)
    return store.save(TENANT, replace(store.get(TENANT, invoice.invoice_id), mirror=mirror))


def left(invoice):
    return deposits.get(TENANT, invoice.invoice_id).remaining


class TestFreshDrafts:
    def test_take_everything_along_that_the_ended_invoice_held(self, business, fixed):
        paid = deposit(business)
        fixed.track(60)
        ended = sent(fixed.take("percent", "70", deduct=(Deduct(paid.invoice_id),)), "VOIDED")
        held = left(paid), fixed.now.remaining

        job = redraft.start(business.caller, ended.invoice_id)

        fresh = store.get(TENANT, job.result["invoice_id"])
        assert (fresh.state, fresh.number, fresh.mirror) == (InvoiceState.DRAFT, "", None)
        assert (fresh.lines, fresh.totals) == (ended.lines, ended.totals)
        assert (fresh.records, fresh.due_date - fresh.date) == (
            ended.records,
            ended.due_date - ended.date,
        )
        assert claims.claimed(TENANT, ended.invoice_id) == []
        assert len(claims.claimed(TENANT, fresh.invoice_id)) == 1
        assert (left(paid), fixed.now.remaining) == held
        assert not store.get(TENANT, ended.invoice_id).holds_work
        assert redraft.start(business.caller, ended.invoice_id).result == job.result
        discard.start(business.caller, fresh.invoice_id)
        assert (left(paid), fixed.now.remaining) == (500, 1000)
        assert fixed.unbilled() == (1, 0)

    def test_at_any_write_of_a_dying_process_hold_all_of_it_once(self, business, site):
        site.track(90)
        site.use()
        ended = sent(site.bill(), "VOIDED")
        power, writes, reached = Power(), 0, True
        while reached:
            writes += 1
            power.cut_at(writes, after=False)
            with suppress(PowerCut):
                redraft.start(business.caller, ended.invoice_id)
            reached = power.off
            power.restore()
            now = business.aws.clock.advance(seconds=61)
            drain.drain(tenant_lane(TENANT), deadline=now + timedelta(seconds=20))
            both = [ended.invoice_id, store.get(TENANT, ended.invoice_id).redraft_id]
            on = [one for each in both if each for one in claims.claimed(TENANT, each)]
            assert len(on) == 1, writes
            assert site.unbilled() == (0, 0), writes
        assert store.get(TENANT, both[1]).state is InvoiceState.DRAFT

    def test_are_not_made_of_what_stands_or_was_released(self, business, site):
        site.track(90)
        standing = sent(site.bill())
        with pytest.raises(Conflict, match="Take it back"):
            redraft.start(business.caller, standing.invoice_id)
        over = sent(standing, "VOIDED")
        void.start(business.caller, over.invoice_id, reason="x", release=True)
        with pytest.raises(Conflict, match="released"):
            redraft.start(business.caller, over.invoice_id)

    def test_are_not_needed_where_somebody_says_why(self, business, site):
        site.track(90)
        ended = sent(site.bill(), "DELETED")

        leave.leave(business.caller, ended.invoice_id, "Never to be billed")

        (told,) = show.problems(TENANT, store.get(TENANT, ended.invoice_id))
        assert told.sentence.endswith("Ann left it so: Never to be billed")
        assert site.unbilled() == (0, 0)


class TestCredits:
    def test_in_full_offer_to_release_what_the_invoice_holds(self, business, fixed):
        half = Decimal("0.5")
        over = credited(sent(fixed.take("rest")), ("credit_note", half), ("credit_note", half))
        (told,) = show.problems(TENANT, over)

        job = void.start(business.caller, over.invoice_id, reason="credited", release=True)

        assert "release it, make a fresh draft" in told.sentence
        assert job.message == "The invoice is credited in full. Its work is unbilled again."
        assert fixed.now.remaining == 1000
        assert fixed.take("rest").totals.sub_total == 1000

    def test_that_go_again_are_told_once_the_work_is_released(self, business, fixed):
        over = credited(sent(fixed.take("rest")), ("credit_note", Decimal(1)))
        void.start(business.caller, over.invoice_id, reason="credited", release=True)

        (told,) = show.problems(TENANT, credited(over))

        assert told.code == "live_again"

    @pytest.mark.parametrize(("kind", "part"), [("credit_note", "0.9"), ("prepayment", "1")])
    def test_in_part_and_money_paid_ahead_release_nothing(self, fixed, kind, part):
        billed = credited(sent(fixed.take("rest")), (kind, Decimal(part)))

        assert not billed.mirror.taken_back
        assert show.problems(TENANT, billed) == ()

    def test_of_a_deposit_end_it(self, business, site):
        paid = deposit(business)
        credited(paid, ("credit_note", Decimal(1)))
        site.track(60)

        with pytest.raises(AssertionError, match="is not in Xero"):
            site.bill(deduct=(Deduct(paid.invoice_id),))


class TestDeposits:
    def test_are_taken_off_later_invoices_and_never_more_than_they_are(self, business, site):
        paid = deposit(business)
        site.track(120)
        first = site.bill(deduct=(Deduct(paid.invoice_id),))
        site.track(240)
        second = site.bill(deduct=(Deduct(paid.invoice_id),))

        assert first.totals.total == 0
        assert [line.part for line in second.lines] == [Part.ITEM, Part.DEDUCTION]
        assert second.lines[1].description == "Less deposit INV-00009 of 2026-11-23"
        assert second.totals.sub_total == Decimal("220.00")
        assert left(paid) == 0
        assert deposits.of_client(TENANT, business.client_id) == []

    def test_go_off_the_accounts_and_taxes_they_came_in_on(self, business, site):
        lines = (
            Line("A", Decimal(1), Decimal(200)),
            Line("B", Decimal(1), Decimal(100), tax_type="NONE"),
        )
        paid = sent(bill(business, basis=Basis.BLANK, kind=InvoiceKind.DEPOSIT, lines=lines))
        site.track(600)

        invoice = site.bill(deduct=(Deduct(paid.invoice_id, Decimal("100.01")),))

        taken = [(line.tax_type, line.unit_price) for line in invoice.lines[1:]]
        assert taken == [("OUTPUT2", Decimal("-66.67")), ("NONE", Decimal("-33.34"))]
        assert left(paid) == Decimal("199.99")

    def test_more_than_is_left_is_refused(self, business, site):
        paid = deposit(business)
        site.track(600)

        with pytest.raises(Conflict, match=r"500\.00 NZD is left of INV-00009"):
            create.preview(
                TENANT,
                NewInvoice(
                    basis=Basis.PROJECT,
                    project_ids=(site.project_id,),
                    deduct=(Deduct(paid.invoice_id, Decimal(501)),),
                ),
            )
        assert left(paid) == 500

    def test_of_two_at_once_one_does(self, business, site, monkeypatch):
        """Both have read that all of it is left."""
        paid = deposit(business)
        site.track(600)
        first = site.bill()
        site.track(600)
        second = site.bill()
        read = deposits.get(TENANT, paid.invoice_id)
        monkeypatch.setattr(deposits, "get", lambda *_: read)

        assert deposits.deduct(TENANT, first, paid.invoice_id, None, Decimal(1200)) == 500
        with pytest.raises(Conflict, match="billed by others"):
            deposits.deduct(TENANT, second, paid.invoice_id, None, Decimal(1200))

        monkeypatch.undo()
        assert left(paid) == 0

    @pytest.mark.parametrize("state", ["draft", "VOIDED"])
    def test_count_only_while_xero_has_them(self, business, site, state):
        lines = (Line("Deposit", Decimal(1), Decimal(500)),)
        paid = bill(business, basis=Basis.BLANK, kind=InvoiceKind.DEPOSIT, lines=lines)
        if state == "VOIDED":
            sent(paid, "VOIDED")
        site.track(60)

        job = create.start(
            business.caller,
            NewInvoice(
                basis=Basis.PROJECT,
                project_ids=(site.project_id,),
                deduct=(Deduct(paid.invoice_id),),
            ),
        )

        assert job.state is JobState.FAILED
        assert "not in Xero" in job.message
        assert site.unbilled() == (1, 0)
        assert deposits.of_client(TENANT, business.client_id) == []

    def test_of_another_client_project_or_tax_do_not_fit(self, business, site):
        other = clients.create(TENANT, "Dale Ltd", currency="NZD")
        elsewhere = Site(business, "Elsewhere")
        site.track(60)
        for other_facts in (
            {"client_id": other.client_id},
            {"project_ids": (elsewhere.project_id,)},
            {"line_amount_types": LineAmountTypes.INCLUSIVE},
        ):
            paid = deposit(business, **other_facts)
            with pytest.raises(AssertionError, match="another client, project or currency"):
                site.bill(deduct=(Deduct(paid.invoice_id),))
        assert site.unbilled() == (1, 0)

    def test_come_back_when_the_invoice_or_the_line_goes(self, business, site):
        paid = deposit(business)
        site.track(600)
        invoice = site.bill(deduct=(Deduct(paid.invoice_id),))

        after = edit.change(
            business.caller, invoice.invoice_id, invoice.version, {"lines": invoice.lines[:1]}
        )
        assert left(paid) == 500
        again = edit.change(
            business.caller,
            invoice.invoice_id,
            after.version,
            {"deduct": [Deduct(paid.invoice_id, Decimal(200))]},
        )
        assert left(paid) == 300
        assert again.totals.sub_total == Decimal("1000.00")
        discard.start(business.caller, invoice.invoice_id)
        assert left(paid) == 500

    def test_taken_off_again_stay_so_when_the_first_change_is_finished_late(self, business, site):
        paid = deposit(business)
        site.track(600)
        invoice = site.bill(deduct=(Deduct(paid.invoice_id),))
        after = edit.change(
            business.caller, invoice.invoice_id, invoice.version, {"lines": invoice.lines[:1]}
        )
        edit.change(
            business.caller,
            invoice.invoice_id,
            after.version,
            {"deduct": [Deduct(paid.invoice_id, Decimal(200))]},
        )

        # A worker that died before it said so comes to do it again.
        (job,) = (one for one in jobs.tenant_jobs(TENANT, 50)[0] if one.kind == edit.KIND)
        edit.handle(job, None)

        assert left(paid) == 300

    def test_that_are_taken_off_cannot_be_voided(self, business, site):
        paid = deposit(business)
        site.track(600)
        site.bill(deduct=(Deduct(paid.invoice_id),))

        with pytest.raises(Conflict, match=r"500\.00 NZD of this deposit"):
            void.start(business.caller, paid.invoice_id, reason="Slip", release=False)

    def test_that_ended_in_xero_stop_the_invoice(self, business, site):
        paid = deposit(business)
        site.track(600)
        invoice = site.bill(deduct=(Deduct(paid.invoice_id),))
        stored = store.get(TENANT, paid.invoice_id)
        store.save(TENANT, replace(stored, mirror=replace(stored.mirror, status="VOIDED")))

        found = preflight.problems_of(invoice, facts.load(TENANT)(invoice))

        assert ("deposit_ended", 2) in [(one.code, one.line) for one in found]

    def test_that_are_discarded_are_found_no_more(self, business):
        lines = (Line("Deposit", Decimal(1), Decimal(500)),)
        made = bill(business, basis=Basis.BLANK, kind=InvoiceKind.DEPOSIT, lines=lines)

        discard.start(business.caller, made.invoice_id)

        assert deposits.of_client(TENANT, business.client_id) == []


class TestMissedWork:
    def test_who_saw_more_is_told_that_others_were_faster(self, site):
        site.track(60)
        invoice = site.bill(seen=3)

        (problem,) = invoice.problems
        assert problem.sentence.startswith("2 pieces of work were billed or changed by somebody")
        assert not problem.blocking

    def test_who_comes_second_gets_what_is_left_and_a_sentence(self, site, monkeypatch):
        first, second = site.track(60), site.track(30)
        claim = claims.claim

        def late(tenant, invoice_id, work):
            claim(tenant, "theirs", [first])
            return claim(tenant, invoice_id, work)

        monkeypatch.setattr(claims, "claim", late)
        invoice = site.bill()

        assert [one.work.record_ids for one in invoice.lines] == [(second.record_id,)]
        assert invoice.problems[0].sentence.startswith("1 piece of work was billed")

    def test_who_comes_second_to_nothing_is_told_so(self, site, monkeypatch):
        first = site.track(60)
        claim = claims.claim

        def late(tenant, invoice_id, work):
            claim(tenant, "theirs", [first])
            return claim(tenant, invoice_id, work)

        monkeypatch.setattr(claims, "claim", late)
        with pytest.raises(AssertionError, match="Nothing is left to bill here"):
            site.bill()
        assert store.listing(TENANT, limit=5).items == []


class TestCopiesAndTemplates:
    def test_a_copy_has_the_lines_and_none_of_the_work(self, business, site):
        site.track(60)
        like = site.bill(discount_percent=Decimal(10), reference="PO 1")

        wanted = copying.of_invoice(TENANT, NewInvoice(basis=Basis.COPY), like.invoice_id)
        made = store.get(TENANT, create.start(business.caller, wanted).result["invoice_id"])

        assert made.totals == like.totals
        assert made.reference == "PO 1"
        assert [line.work for line in made.lines] == [None, None]
        assert made.basis is Basis.COPY

    def test_codes_that_can_no_longer_be_used_are_left_to_the_mapping(self, business, line):
        like = business.draft(line("A", account_code="260"), line("B", tax_type="NOPE"))

        wanted = copying.of_invoice(TENANT, NewInvoice(basis=Basis.COPY), like.invoice_id)

        assert [(one.account_code, one.tax_type) for one in wanted.lines] == [
            ("", "OUTPUT2"),
            ("200", ""),
        ]

    def test_a_template_is_kept_changed_billed_and_removed(self, business, line):
        like = business.draft(line("Care"), Line("Thank you"), reference="Monthly")
        kept = copying.template_of(business.caller, like.invoice_id, "Care plan")
        more = replace(kept, lines=(*kept.lines, line("More")))
        changed = templates.change(business.caller, more)
        with pytest.raises(Conflict):
            templates.change(business.caller, kept)

        wanted = copying.of_template(
            TENANT,
            NewInvoice(basis=Basis.TEMPLATE, client_id=business.client_id),
            kept.template_id,
        )
        job = create.start(business.caller, wanted)

        made = store.get(TENANT, job.result["invoice_id"])
        assert [one.description for one in made.lines] == ["Care", "Thank you", "More"]
        assert made.reference == "Monthly"
        assert templates.listing(TENANT) == [changed]
        templates.delete(business.caller, kept.template_id)
        with pytest.raises(NotFound):
            templates.get(TENANT, kept.template_id)
        assert [entry.what for entry in trail.entries(TENANT) if "template" in entry.about] == [
            "template.made",
            "template.changed",
            "template.deleted",
        ]

    def test_another_tenants_template_and_invoice_do_not_exist(self, business):
        like = business.draft()
        kept = copying.template_of(business.caller, like.invoice_id, "Care plan")

        with pytest.raises(NotFound):
            templates.get("t2", kept.template_id)
        with pytest.raises(NotFound):
            copying.of_invoice("t2", NewInvoice(basis=Basis.COPY), like.invoice_id)


def test_rounding_is_by_six_fifteen_or_thirty_minutes(site):
    site.track(61)

    with pytest.raises(InvalidInput) as refused:
        site.bill(rounding=Rounding(7))

    assert refused.value.field == "rounding"
    assert site.bill(rounding=Rounding(15)).lines[0].quantity == Decimal("1.25")


def test_due_date_follows_the_clients_terms(business, site):
    terms = Terms(20, "OFFOLLOWINGMONTH")
    clients.change(TENANT, business.client_id, contact_id=None)
    clients.change(TENANT, business.client_id, payment_terms=terms)
    site.track(60)

    assert site.bill().due_date == date(2026, 12, 20)


def test_preview_draws_and_claims_nothing(business, fixed, site):
    fixed.track(60)
    site.track(30)
    site.use()

    draft, more = create.preview(
        TENANT, NewInvoice(basis=Basis.PROJECT, client_id=business.client_id)
    )

    assert amounts(draft) == ["1000.00", "60.00", "20.00"]
    assert not more
    assert fixed.now.drawn == 0
    assert (fixed.unbilled(), site.unbilled()) == ((1, 0), (1, 1))


def test_a_job_that_cannot_put_its_work_back_does_not_end(site, monkeypatch):
    site.track(60)
    monkeypatch.setattr(create.enqueue, "do_now", lambda job: job)
    job = create.start(
        site.business.caller, NewInvoice(basis=Basis.PROJECT, project_ids=(site.project_id,))
    )
    create.enqueue.store.ask(job)

    def broken(*_args):
        raise RuntimeError

    monkeypatch.setattr(billing, "gathered", broken)
    with monkeypatch.context() as patch:
        patch.setattr(release.claims, "release", broken)
        for _ in range(8):
            later(site)
        assert create.enqueue.store.get(job.lane, job.name).state.open
        assert site.unbilled() == (0, 0)
    later(site)

    assert create.enqueue.store.get(job.lane, job.name).state is JobState.FAILED
    assert site.unbilled() == (1, 0)
    assert store.listing(TENANT, limit=5).items == []


def later(site):
    now = site.business.aws.clock.advance(minutes=61)
    drain.drain(tenant_lane(TENANT), deadline=now + timedelta(seconds=20))


def test_dying_at_any_write_bills_everything_once_or_nothing(business, fixed, site):
    paid = deposit(business)
    fixed.track(60)
    site.track(30)
    site.use()
    power, write, reached = Power(), 0, True
    while reached:
        write += 1
        power.cut_at(write, after=False)
        with suppress(PowerCut):
            bill(business, deduct=(Deduct(paid.invoice_id),))
        reached = power.off
        power.restore()
        later(site)
        made = [
            store.get(TENANT, one.invoice_id)
            for one in store.listing(TENANT, limit=9)
            if one.kind is InvoiceKind.STANDARD
        ]
        assert [one.state for one in made] in ([], [InvoiceState.DRAFT]), write
        assert fixed.now.drawn == sum(1000 for _ in made), write
        assert left(paid) == (0 if made else 500), write
        unbilled = ((0, 0), (0, 0)) if made else ((1, 0), (1, 1))
        assert (fixed.unbilled(), site.unbilled()) == unbilled, write
        for one in made:
            assert amounts(one) == ["1000.00", "60.00", "20.00", "-500.00"]
            discard.put_back(TENANT, one)
    assert write > 8
