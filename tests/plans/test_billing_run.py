"""Each day of a plan becomes an invoice once, when it begins where the tenant is."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.dispatch import drain
from chalicelib.dispatch.model import Slice, tenant_lane
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.invoices import discard, store
from chalicelib.invoices.build import Grouping, Rounding
from chalicelib.invoices.model import InvoiceState
from chalicelib.plans import change, make, occur, run
from chalicelib.plans import store as plans
from chalicelib.plans.make import Part
from chalicelib.plans.model import Instalment, Plan
from chalicelib.plans.schedule import Every, Rule
from chalicelib.work import add_time, clients, projects, tasks
from chalicelib.work.add_time import NewTime
from chalicelib.work.time_records import Facts
from tests.support.power import Power, PowerCut

TENANT = "tenant-1"
"""The clock of these tests begins at 2026-11-23 09:00 UTC, which is 22:00 in Auckland."""


def wish(business, *days, **facts):
    instalments = tuple(Instalment(day, f"Part {day}", Decimal(1000)) for day in days)
    return Plan("", business.client_id, "", "", "", instalments, **facts)


def monthly(business, start, **facts):
    rule = Rule(Every.MONTH, start)
    known = {"rule": rule, "description": "Support", "amount": Decimal(200), **facts}
    return Plan("", business.client_id, "", "", "", **known)


def work(business):
    deadline = business.aws.clock.now() + timedelta(seconds=20)
    drain.drain(tenant_lane(TENANT), deadline=deadline)


def bill(business):
    run.run()
    work(business)


def drafts():
    return sorted(store.listing(TENANT, limit=50).items, key=lambda one: one.date)


def only_plan():
    (plan,) = plans.of_tenant(TENANT)
    return plan


def track(business, *days, minutes=60, notes=""):
    """A project of the client with an hour of work on each of these days."""
    project = projects.create(TENANT, business.client_id, "Website", currency="NZD")
    task = tasks.create(TENANT, project.project_id, "Design", rate="100")
    for day in days:
        add_time.add(TENANT, NewTime(task.task_id, Facts(day, minutes, "Dev", notes)))
    return project


class TestInstalments:
    def test_become_drafts_when_their_days_begin(self, business):
        make.make(business.caller, wish(business, date(2026, 11, 24), date(2026, 12, 24)))
        assert run.run() == 0

        business.aws.clock.advance(hours=2)
        assert run.run() == 1
        work(business)

        (draft,) = drafts()
        assert draft.state is InvoiceState.DRAFT
        assert draft.date == date(2026, 11, 24)
        assert draft.totals.total == Decimal("1150.00")
        assert only_plan().invoice_ids() == [draft.invoice_id]
        assert only_plan().next.date == date(2026, 12, 24)

    def test_runs_that_come_twice_make_one_draft(self, business):
        make.make(business.caller, wish(business, date(2026, 11, 1)))

        run.run()
        run.run()
        work(business)
        bill(business)

        assert len(drafts()) == 1

    def test_days_missed_are_made_up_for_by_one_run(self, business):
        days = [date(2026, 11, day) for day in (24, 25, 26)]
        make.make(business.caller, wish(business, *days))
        business.aws.clock.advance(days=10)

        bill(business)

        assert [draft.date for draft in drafts()] == days
        assert list(plans.due(business.aws.clock.now())) == []

    def test_discarded_draft_does_not_come_back(self, business):
        make.make(business.caller, wish(business, date(2026, 11, 1)))
        bill(business)
        discard.start(business.caller, drafts()[0].invoice_id)

        bill(business)

        assert drafts() == []

    def test_job_that_comes_again_brings_nothing_back(self, business):
        plan = make.make(business.caller, wish(business, date(2026, 11, 1), date(2026, 12, 1)))
        job = run.job_of(TENANT, plan, plan.next)
        bill(business)
        discard.start(business.caller, drafts()[0].invoice_id)
        clock = business.aws.clock

        occur.handle(job, Slice(clock.now() + timedelta(seconds=20), clock.now))

        assert drafts() == []
        assert only_plan().done == 1

    @pytest.mark.parametrize("after", [False, True])
    @pytest.mark.parametrize("write", range(1, 13))
    def test_come_once_wherever_the_power_fails(self, business, write, after):
        make.make(business.caller, wish(business, date(2026, 11, 1), date(2026, 11, 2)))
        power = Power()
        power.cut_at(write, after=after)
        with pytest.raises(PowerCut):
            bill(business)
        power.restore()

        for _ in range(4):
            business.aws.clock.advance(minutes=2)
            bill(business)

        assert [draft.date for draft in drafts()] == [date(2026, 11, 1), date(2026, 11, 2)]
        assert {draft.state for draft in drafts()} == {InvoiceState.DRAFT}
        assert only_plan().done == 2

    def test_percentages_make_up_the_total_exactly(self):
        thirds = [Part(date(2026, 11, n), "Third", percent=Decimal("33.33")) for n in (1, 2)]
        last = Part(date(2026, 11, 3), "Rest", percent=Decimal("33.34"))

        made = make.instalments([*thirds, last], Decimal("100.01"))

        assert sum(one.amount for one in made) == Decimal("100.01")

    @pytest.mark.parametrize(
        ("parts", "total", "field"),
        [
            ([Part(date(2026, 11, 1), "x")], None, "instalments"),
            ([Part(date(2026, 11, 1), "x", percent=Decimal(50))], None, "total"),
            ([Part(date(2026, 11, 1), "x", percent=Decimal(101))], Decimal(9), "instalments"),
            ([Part(date(2026, 11, 1), "x", percent=Decimal(0))], Decimal(9), "instalments"),
        ],
    )
    def test_unclear_amount_is_refused_by_its_field(self, parts, total, field):
        with pytest.raises(InvalidInput) as refused:
            make.instalments(parts, total)

        assert refused.value.field == field


class TestComingRound:
    def test_fixed_amount_names_the_period_that_ended(self, business):
        make.make(business.caller, monthly(business, date(2026, 11, 1)))

        bill(business)

        (draft,) = drafts()
        (line,) = store.get(TENANT, draft.invoice_id).lines
        assert line.description == "Support (2026-10-01 to 2026-10-31)"
        assert draft.totals.sub_total == Decimal("200.00")

    def test_in_advance_names_the_period_that_begins(self, business):
        make.make(business.caller, monthly(business, date(2026, 11, 1), in_advance=True))

        bill(business)

        (line,) = store.get(TENANT, drafts()[0].invoice_id).lines
        assert line.description == "Support (2026-11-01 to 2026-11-30)"

    def test_time_of_each_period_is_billed_on_its_own_invoice(self, business):
        track(business, *(date(2026, month, day) for month in (8, 9, 10) for day in (1, 30)))
        make.make(business.caller, monthly(business, date(2026, 10, 1), amount=None))

        bill(business)

        assert [(draft.date, draft.records) for draft in drafts()] == [
            (date(2026, 10, 1), 2),
            (date(2026, 11, 1), 2),
        ]

    def test_time_is_rounded_and_its_notes_shown_as_the_plan_says(self, business):
        track(business, date(2026, 10, 1), minutes=61, notes="Sketches")
        style = {"rounding": Rounding(15), "notes": True, "grouping": Grouping.STAFF}
        make.make(business.caller, monthly(business, date(2026, 11, 1), amount=None, **style))

        bill(business)

        (line,) = store.get(TENANT, drafts()[0].invoice_id).lines
        assert line.quantity == Decimal("1.25")
        assert "Sketches" in line.description

    def test_period_without_work_has_no_invoice_and_the_plan_goes_on(self, business):
        track(business, date(2026, 10, 15))
        make.make(business.caller, monthly(business, date(2026, 9, 1), amount=None))

        bill(business)

        assert [draft.date for draft in drafts()] == [date(2026, 11, 1)]
        assert only_plan().empty == (0, 1)
        assert only_plan().next.date == date(2026, 12, 1)

    def test_plan_of_a_project_leaves_other_projects_alone(self, business):
        project = track(business, date(2026, 10, 1))
        track(business, date(2026, 10, 2))
        wanted = monthly(business, date(2026, 11, 1), amount=None)
        make.make(business.caller, replace(wanted, project_id=project.project_id))

        bill(business)

        assert [draft.records for draft in drafts()] == [1]

    def test_what_stands_in_the_way_is_shown_and_the_day_is_not_lost(self, business):
        make.make(business.caller, monthly(business, date(2026, 11, 1)))
        project = track(business, date(2026, 10, 1))
        wanted = monthly(business, date(2026, 11, 1), amount=None)
        plan = make.make(business.caller, replace(wanted, project_id=project.project_id))
        (task,) = tasks.of_project(TENANT, project.project_id).values()
        tasks.change(TENANT, task.task_id, rate=None)

        bill(business)
        assert "hourly rate" in plans.get(TENANT, plan.plan_id).problem

        tasks.change(TENANT, task.task_id, rate="100")
        bill(business)
        assert plans.get(TENANT, plan.plan_id).problem == ""
        assert plans.get(TENANT, plan.plan_id).done == 1


class TestChanges:
    def test_paused_plan_makes_nothing_and_skips_what_passed(self, business):
        plan = make.make(business.caller, monthly(business, date(2026, 12, 1)))
        change.pause(business.caller, plan.plan_id)
        business.aws.clock.advance(days=60)
        bill(business)
        assert drafts() == []

        change.resume(business.caller, plan.plan_id)
        bill(business)

        assert drafts() == []
        assert only_plan().next.date == date(2027, 2, 1)

    def test_resuming_what_was_not_paused_skips_nothing(self, business):
        plan = make.make(business.caller, monthly(business, date(2026, 11, 1)))

        change.resume(business.caller, plan.plan_id)

        assert only_plan().next.date == date(2026, 11, 1)

    def test_skipped_day_has_no_invoice(self, business):
        plan = make.make(business.caller, monthly(business, date(2026, 10, 1)))
        change.skip(business.caller, plan.plan_id, 0)

        bill(business)

        assert [draft.date for draft in drafts()] == [date(2026, 11, 1)]
        assert only_plan().invoice_ids() == [drafts()[0].invoice_id]

    def test_skip_can_be_taken_back_before_its_day(self, business):
        plan = make.make(business.caller, monthly(business, date(2026, 11, 1)))
        change.skip(business.caller, plan.plan_id, 0)
        change.unskip(business.caller, plan.plan_id, 0)

        bill(business)

        assert [draft.date for draft in drafts()] == [date(2026, 11, 1)]

    def test_ended_plan_makes_nothing_more_and_cannot_be_changed(self, business):
        plan = make.make(business.caller, monthly(business, date(2026, 11, 1)))
        change.end(business.caller, plan.plan_id)

        bill(business)

        assert drafts() == []
        with pytest.raises(Conflict, match="ended"):
            change.pause(business.caller, plan.plan_id)

    def test_other_terms_hold_from_the_next_day_on(self, business):
        plan = make.make(business.caller, monthly(business, date(2026, 11, 1)))
        bill(business)
        version = plans.get(TENANT, plan.plan_id).version
        change.edit(business.caller, plan.plan_id, version, amount=Decimal(300), count=2)
        business.aws.clock.advance(days=70)

        bill(business)

        assert [draft.totals.sub_total for draft in drafts()] == [Decimal(200), Decimal(300)]

    def test_change_of_what_somebody_else_changed_is_refused(self, business):
        plan = make.make(business.caller, monthly(business, date(2026, 11, 1)))
        change.pause(business.caller, plan.plan_id)

        with pytest.raises(Conflict):
            change.edit(business.caller, plan.plan_id, plan.version, amount=Decimal(1))


class TestRefused:
    @pytest.mark.parametrize("days", [[], [date(2026, 11, 1)] * 121])
    def test_plan_has_some_dates(self, business, days):
        with pytest.raises(InvalidInput):
            make.make(business.caller, wish(business, *days))

    def test_plan_is_of_a_client_of_ours(self, business):
        wanted = replace(wish(business, date(2026, 1, 1)), client_id="nobody")

        with pytest.raises(NotFound):
            make.make(business.caller, wanted)

    def test_archived_client_is_not_billed(self, business):
        clients.change(TENANT, business.client_id, archived=True)

        with pytest.raises(InvalidInput, match="archived"):
            make.make(business.caller, wish(business, date(2026, 1, 1)))

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"amount": Decimal(0)}, "amount"),
            ({"description": " "}, "description"),
            ({"rule": Rule(Every.MONTH, date(2026, 1, 1), interval=0)}, "interval"),
            ({"rule": Rule(Every.MONTH, date(2026, 1, 1), day=32)}, "day"),
            ({"rule": Rule(Every.MONTH, date(2026, 1, 1), count=0)}, "count"),
            ({"rule": Rule(Every.MONTH, date(2026, 2, 1), end=date(2026, 1, 1))}, "end"),
        ],
    )
    def test_what_cannot_come_round_is_named_by_its_field(self, business, facts, field):
        with pytest.raises(InvalidInput) as refused:
            make.make(business.caller, monthly(business, date(2026, 1, 1), **facts))

        assert refused.value.field == field
