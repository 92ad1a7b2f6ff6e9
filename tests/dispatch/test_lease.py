"""Calls are counted by whoever holds the lane, in one update each, and by nobody twice."""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.dispatch import enqueue, lease, meter, usage
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.budget import KEPT_A_MINUTE, OUTSIDE_LANE, PER_MINUTE
from chalicelib.dispatch.lane import LaneRow
from chalicelib.dispatch.lease import Lease, LeaseLost
from chalicelib.dispatch.model import Priority
from chalicelib.dispatch.tally import Count
from chalicelib.xero.call_record import CallRecord
from chalicelib.xero.errors import XeroBudgetSpent
from chalicelib.xero.limits import Limits

LANE = "7b1f0c9e-organisation"
LANES_OWN = PER_MINUTE - OUTSIDE_LANE


def taken(aws, holder="first"):
    lane = lanes.take(LANE, holder, aws.clock.now())
    return lane and Lease(lane, aws.clock.now() + timedelta(seconds=30))


def serving(lease_, kind="sync-status", priority=Priority.CLICK, tenant="tenant-1"):
    lease_.serve(enqueue.job(kind, LANE, tenant, priority=priority))
    return lease_


def record(path="/api.xro/2.0/Invoices", **facts):
    return CallRecord(
        **{
            "method": "GET",
            "path": path,
            "status": 200,
            "milliseconds": 5,
            "bytes_out": 10,
            "bytes_in": 100,
            "correlation_id": None,
            "limits": Limits(),
            "failure": None,
            "organisation_id": LANE,
            **facts,
        }
    )


def call(meter_, **facts):
    meter_.admit()
    meter_.note(record(**facts))


def use_up(aws, calls):
    """So many calls were made in this minute, by whoever had the lane before."""
    tally = usage.new_tally()
    for _ in range(calls):
        tally = tally.after(record(), "status", "tenant-1", aws.clock.now())
    assert lanes.tell(lanes.get(LANE), tally, now=aws.clock.now())


def counts(day=None):
    return (day or lanes.get(LANE).tally.today).counts


@pytest.fixture
def requests(aws):
    """How often each operation of DynamoDB was asked for."""
    made = Counter()
    lanes.get(LANE)
    events = LaneRow._get_connection().connection.client.meta.events

    def note(model, **_):
        made[model.name] += 1

    events.register("before-call.dynamodb", note)
    yield made
    events.unregister("before-call.dynamodb", note)
    assert aws


def test_each_call_costs_one_update_and_the_last_goes_with_the_lease(aws, requests):
    lease_ = serving(taken(aws))
    for _ in range(10):
        call(lease_)
    lease_.let_go()

    assert requests == {"UpdateItem": 1 + 10}
    assert counts() == {"status": Count(10, 1000, 100, 1000)}
    assert lanes.get(LANE).holder == ""


def test_budget_use_and_last_success_are_stored_together(aws):
    lease_ = serving(taken(aws))
    call(lease_, limits=Limits(day=4_000, minute=59))
    at = aws.clock.now()
    aws.clock.advance(seconds=2)
    call(lease_, failure="xero_unavailable", status=503)
    lease_.let_go()

    tally = lanes.get(LANE).tally
    assert (tally.budget.used, tally.budget.left, tally.budget.day_left) == (2, 59, 4_000)
    assert tally.last_success_at == at
    assert tally.today.counts["status"].calls == 2


def test_the_count_passes_from_one_worker_to_the_next(aws):
    use_up(aws, LANES_OWN - 1)
    lease_ = serving(taken(aws))
    call(lease_)
    lease_.let_go()

    with pytest.raises(XeroBudgetSpent) as spent:
        serving(taken(aws)).admit()
    assert not spent.value.kept


def test_background_work_leaves_calls_to_people(aws):
    use_up(aws, LANES_OWN - KEPT_A_MINUTE - 1)
    lease_ = serving(taken(aws), priority=Priority.BULK)
    call(lease_)
    with pytest.raises(XeroBudgetSpent) as spent:
        lease_.admit()
    assert spent.value.kept

    call(serving(lease_, priority=Priority.CLICK))


def test_a_call_of_a_worker_that_died_is_counted(aws):
    serving(taken(aws)).admit()
    aws.clock.advance(seconds=61)

    taken(aws, "second").let_go()

    assert lanes.get(LANE).tally.budget.used == 1


def test_nothing_is_called_in_a_lane_that_another_has_by_now(aws):
    late = serving(taken(aws))
    call(late)
    aws.clock.advance(seconds=61)
    second = serving(taken(aws, "second"))

    with pytest.raises(LeaseLost):
        late.admit()
    late.let_go()
    call(second)
    second.let_go()

    assert counts()["status"].calls == 2
    assert lanes.get(LANE).holder == ""


def test_a_lease_is_confirmed_before_a_call_when_it_grew_old(aws):
    lease_ = serving(taken(aws))
    aws.clock.advance(seconds=50)
    lease_.admit()
    aws.clock.advance(seconds=50)

    assert taken(aws, "second") is None


def test_calls_outside_the_lane_are_counted_beside_its_own(aws):
    lease_ = serving(taken(aws))
    call(lease_)
    outside = meter.meter_of(LANE, "tenant-1")
    call(outside, path="/api.xro/2.0/Organisation")
    call(lease_)
    lease_.let_go()

    assert lanes.get(LANE).tally.budget.used == 3
    assert counts()["keep-alive"] == Count(1, 100, 10, 0)
    assert counts()["status"].calls == 2


def test_outside_the_lane_nobody_calls_in_a_minute_that_is_used_up(aws):
    outside = meter.meter_of(LANE, "tenant-1")
    use_up(aws, PER_MINUTE - 1)
    call(outside)

    with pytest.raises(XeroBudgetSpent):
        outside.admit()
    aws.clock.advance(minutes=1)
    outside.admit()


def test_work_that_holds_the_lane_is_counted_by_it_and_other_work_is_not(aws):
    lease_ = taken(aws)
    with lease.holding(lease_):
        assert meter.meter_of(LANE, "tenant-1") is lease_
        assert meter.meter_of("another", "tenant-1") is not lease_
    assert meter.meter_of(LANE, "tenant-1") is not lease_


def test_a_day_that_is_over_is_kept_apart(aws):
    lease_ = serving(taken(aws), kind="import-codes")
    call(lease_)
    lease_.let_go()
    yesterday = aws.clock.now().date()
    aws.clock.advance(days=1)
    lease_ = serving(taken(aws))
    call(lease_)
    lease_.let_go()

    (day,) = usage.kept(LANE, "tenant-1", yesterday)
    assert (day.on, counts(day)) == (yesterday, {"import": Count(1, 100, 10, 100)})
    assert set(counts()) == {"status"}


def test_what_another_tenant_used_is_not_mixed_with_ones_own(aws):
    for tenant in ("tenant-1", "tenant-2", "tenant-1"):
        lease_ = serving(taken(aws), tenant=tenant)
        call(lease_)
        lease_.let_go()
        aws.clock.advance(seconds=1)

    today = aws.clock.now().date()
    for tenant in ("tenant-1", "tenant-2"):
        (day,) = usage.kept(LANE, tenant, today)
        assert counts(day)["status"].calls == 1
    assert lanes.get(LANE).tally.today.tenant_id == "tenant-1"
    assert counts()["status"].calls == 1


def test_what_all_organisations_share_is_respected(aws):
    lease_ = serving(taken(aws), priority=Priority.BACKGROUND)
    call(lease_, limits=Limits(app_minute=900))

    with pytest.raises(XeroBudgetSpent) as spent:
        lease_.admit()
    assert spent.value.problem == "appminute"
    assert wiring.current().app_budget.left == 900
