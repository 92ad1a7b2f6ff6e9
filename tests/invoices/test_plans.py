"""Each instalment becomes a draft once, when its day begins where the tenant is."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from chalicelib.dispatch import drain
from chalicelib.dispatch.model import tenant_lane
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.invoices import billing_run, create, discard, plans, store
from chalicelib.invoices.model import InvoiceState
from chalicelib.invoices.plans import Instalment, Plan

TENANT = "tenant-1"


def wish(business, *days, **facts):
    instalments = tuple(Instalment(day, f"Part {day}", Decimal(1000)) for day in days)
    return Plan("", business.client_id, "", "", "", instalments, **facts)


def work(business):
    deadline = business.aws.clock.now() + timedelta(seconds=20)
    drain.drain(tenant_lane(TENANT), deadline=deadline)


def drafts():
    return store.listing(TENANT, limit=50).items


def test_day_begins_where_the_tenant_is():
    assert plans.begins(date(2026, 11, 24), "Pacific/Auckland") == datetime(
        2026, 11, 23, 11, tzinfo=UTC
    )


def test_instalment_becomes_a_draft_when_its_day_begins(business):
    create.plan(business.caller, wish(business, date(2026, 11, 24), date(2026, 12, 24)))
    assert billing_run.run() == 0

    business.aws.clock.advance(hours=2)  # 11:00 UTC, midnight in Auckland.
    assert billing_run.run() == 1
    work(business)

    (draft,) = drafts()
    assert draft.state is InvoiceState.DRAFT
    assert draft.date == date(2026, 11, 24)
    assert draft.totals.total == Decimal("1150.00")
    (plan,) = plans.of_tenant(TENANT)
    assert [place for place, _ in plan.waiting] == [1]


def test_runs_that_come_twice_make_one_draft(business):
    create.plan(business.caller, wish(business, date(2026, 11, 1)))

    billing_run.run()
    billing_run.run()
    work(business)
    billing_run.run()
    work(business)

    assert len(drafts()) == 1


def test_days_missed_are_made_up_for(business):
    days = [date(2026, 11, day) for day in (24, 25, 26)]
    create.plan(business.caller, wish(business, *days))
    business.aws.clock.advance(days=10)

    billing_run.run()
    work(business)

    assert sorted(draft.date for draft in drafts()) == days
    assert list(plans.due(business.aws.clock.now())) == []


def test_discarded_draft_does_not_come_back(business):
    create.plan(business.caller, wish(business, date(2026, 11, 1)))
    billing_run.run()
    work(business)
    discard.start(business.caller, drafts()[0].invoice_id)

    billing_run.run()
    work(business)

    assert drafts() == []


@pytest.mark.parametrize("days", [[], [date(2026, 11, 1)] * 121])
def test_plan_has_some_dates(business, days):
    with pytest.raises(InvalidInput):
        create.plan(business.caller, wish(business, *days))


def test_plan_is_of_a_client_of_ours(business):
    wanted = Plan("", "nobody", "", "", "", (Instalment(date(2026, 1, 1), "x", Decimal(1)),))

    with pytest.raises(NotFound):
        create.plan(business.caller, wanted)
