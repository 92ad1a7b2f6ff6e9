"""The promises of the dispatch, on mocked tables."""

from datetime import timedelta

import pytest

from chalicelib.dispatch import drain, enqueue, kinds, store
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.cancel import cancel
from chalicelib.dispatch.model import (
    Done,
    Failed,
    JobState,
    More,
    Priority,
    Wait,
    split_job_id,
    tenant_lane,
)
from chalicelib.dispatch.tick import tick
from chalicelib.errors import Conflict, NotConnected, NotFound
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.xero.errors import XeroRateLimited

LANE = "7b1f0c9e-organisation"
done_kinds: list[str] = []
steps: dict = {}


def handle(job, slice_):
    """A handler that answers what the test has laid out for its kind."""
    done_kinds.append(job.params.get("label", job.kind))
    step = steps[job.kind]
    step = step(job, slice_) if callable(step) else step
    if isinstance(step, Exception):
        raise step
    return step


@pytest.fixture(autouse=True)
def laid_out():
    """Handlers of this file stand in for the product's while a test runs."""
    before = dict(kinds.KINDS)
    kinds.KINDS.update(
        dict.fromkeys(
            ["one", "two", "three", kinds.STATUS_KIND], "tests.dispatch.test_dispatch:handle"
        )
    )
    done_kinds.clear()
    steps.clear()
    steps[kinds.STATUS_KIND] = Done()
    yield
    kinds.KINDS.clear()
    kinds.KINDS.update(before)


def ask(kind, **options):
    return enqueue.job(kind, LANE, "tenant-1", **options)


def delayed(aws):
    """Lanes named in messages that are not delivered yet."""
    queue = aws.wiring.sqs.get_queue_attributes(
        QueueUrl=aws.wiring.settings.wake_queue_url,
        AttributeNames=["ApproximateNumberOfMessagesDelayed"],
    )
    return [LANE] * int(queue["Attributes"]["ApproximateNumberOfMessagesDelayed"])


def work(aws, seconds=20):
    return drain.drain(LANE, deadline=aws.clock.now() + timedelta(seconds=seconds))


def test_a_stored_job_is_done_by_whoever_is_woken(aws):
    steps["one"] = Done("Finished.", {"made": 3})

    job = enqueue.enqueue(ask("one"))
    assert aws.wakes() == [LANE]
    assert work(aws)

    job = store.get(*split_job_id(job.job_id))
    assert job.state is JobState.DONE
    assert (job.message, job.result) == ("Finished.", {"made": 3})


def test_a_click_does_its_own_job_at_once(aws):
    steps["one"] = Done("Finished.")

    job = enqueue.do_now(ask("one"))

    assert job.state is JobState.DONE
    assert aws.wakes() == []


def test_a_click_answers_with_an_open_job_when_the_lane_is_busy(aws):
    steps["one"] = Done()
    assert lanes.take(LANE, "somebody-else", aws.clock.now())

    job = enqueue.do_now(ask("one"))

    assert job.state is JobState.QUEUED
    assert aws.wakes() == [LANE]


def test_the_lease_lets_one_worker_in(aws):
    assert lanes.take(LANE, "first", aws.clock.now())
    assert lanes.take(LANE, "second", aws.clock.now()) is None


def test_a_dead_workers_lease_frees_itself(aws):
    lanes.take(LANE, "first", aws.clock.now())
    later = aws.clock.advance(seconds=61)

    assert lanes.take(LANE, "second", later)


def test_a_late_worker_cannot_release_anothers_lease(aws):
    first = lanes.take(LANE, "first", aws.clock.now())
    lanes.take(LANE, "second", aws.clock.advance(seconds=61))

    assert not lanes.release(first)

    assert lanes.take(LANE, "third", aws.clock.now()) is None


def test_clicks_go_before_hints_and_bulk(aws):
    steps.update({"one": Done(), "two": Done(), "three": Done()})
    store.ask(ask("one", priority=Priority.BULK))
    store.ask(ask("two", priority=Priority.HINT))
    store.ask(ask("three", priority=Priority.CLICK))

    work(aws)

    assert done_kinds == ["three", "two", "one"]


def test_a_click_overtakes_a_bulk_job_between_its_slices(aws):
    turns = iter([More(), More(), Done()])

    def bulk(_job, _slice):
        if len(done_kinds) == 1:
            store.ask(ask("two", priority=Priority.CLICK))
        return next(turns)

    steps.update({"one": bulk, "two": Done()})
    store.ask(ask("one", priority=Priority.BULK))

    work(aws)

    assert done_kinds == ["one", "two", "one", "one"]


def test_work_left_at_the_deadline_wakes_another_worker(aws):
    def slow(_job, _slice):
        aws.clock.advance(seconds=30)
        return More()

    steps["one"] = slow
    store.ask(ask("one"))

    work(aws, seconds=20)

    assert aws.wakes() == [LANE]
    assert store.open_jobs(LANE)[0].state is JobState.RUNNING


def test_a_job_stored_while_the_lease_was_held_is_not_forgotten(aws):
    def last_moment(_job, _slice):
        aws.clock.advance(seconds=25)
        store.ask(ask("two"))
        return Done()

    steps.update({"one": last_moment, "two": Done()})
    store.ask(ask("one"))

    work(aws, seconds=20)

    assert aws.wakes() == [LANE]


def test_a_wish_repeated_during_its_work_is_done_again(aws):
    asked_again = []

    def asked_meanwhile(_job, _slice):
        if not asked_again:
            asked_again.append(True)
            store.ask(ask("one", name="sync-status"))
        return Done()

    steps["one"] = asked_meanwhile
    store.ask(ask("one", name="sync-status"))

    work(aws)

    assert done_kinds == ["one", "one"]
    assert store.open_jobs(LANE) == []


@pytest.mark.usefixtures("aws")
def test_repeated_wishes_become_one_job_when_asked_so():
    first = enqueue.enqueue(ask("one", name="import"), unless_open=True)
    second = enqueue.enqueue(ask("one", name="import"), unless_open=True)

    assert second.ticket == first.ticket
    assert len(store.open_jobs(LANE)) == 1


def test_a_minute_limit_parks_the_lane_for_as_long_as_xero_says(aws):
    steps["one"] = XeroRateLimited(retry_after=40, problem="minute")
    steps["two"] = Done()
    store.ask(ask("one"))
    store.ask(ask("two", priority=Priority.BULK))

    work(aws)

    assert done_kinds == ["one"]
    lane = lanes.get(LANE)
    assert lane.state is lanes.LaneState.PARKED
    assert lane.parked_until == aws.clock.now() + timedelta(seconds=40)
    assert list(store.lanes_due(aws.clock.now())) == []
    assert list(store.lanes_due(aws.clock.now() + timedelta(seconds=41))) == [LANE]


def test_a_parked_lane_goes_on_by_itself(aws):
    answers = iter([XeroRateLimited(retry_after=40, problem="day"), Done()])
    steps["one"] = lambda _job, _slice: next(answers)
    store.ask(ask("one"))
    work(aws)
    aws.clock.advance(seconds=41)

    work(aws)

    assert store.open_jobs(LANE) == []
    assert lanes.get(LANE).state is lanes.LaneState.OPEN


def test_a_lost_connection_keeps_the_work_until_it_is_back(aws):
    answers = iter([NotConnected("Not connected."), Done()])
    steps["one"] = lambda _job, _slice: next(answers)
    store.ask(ask("one"))
    work(aws)
    assert lanes.get(LANE).state is lanes.LaneState.DISCONNECTED
    aws.clock.advance(hours=30)
    work(aws)
    assert done_kinds == ["one"]

    lanes.open_lane(LANE, "tenant-1", aws.clock.now())
    drain.bring_forward(LANE)
    work(aws)

    assert done_kinds == ["one", "one"]
    assert store.open_jobs(LANE) == []


def test_late_bad_news_does_not_close_a_lane_that_was_opened_meanwhile(aws):
    def reconnected_meanwhile(_job, _slice):
        if len(done_kinds) > 1:
            return Done()
        aws.clock.advance(seconds=1)
        lanes.open_lane(LANE, "tenant-1", aws.clock.now())
        return NotConnected("Not connected.")

    steps["one"] = reconnected_meanwhile
    store.ask(ask("one"))

    work(aws)
    work(aws)

    assert lanes.get(LANE).state is lanes.LaneState.OPEN
    assert store.open_jobs(LANE) == []


def test_a_refusal_fails_at_once_with_its_sentence(aws):
    steps["one"] = Conflict("That number is taken.")
    job = ask("one")
    store.ask(job)

    work(aws)

    job = store.get(LANE, job.name)
    assert (job.state, job.message) == (JobState.FAILED, "That number is taken.")


def test_a_fault_of_ours_is_tried_again_and_then_given_up_loudly(aws):
    steps["one"] = RuntimeError("disk on fire")
    job = ask("one")
    store.ask(job)

    for _ in range(6):
        work(aws)
        aws.clock.advance(hours=1)

    job = store.get(LANE, job.name)
    assert job.state is JobState.FAILED
    assert "Ask for help" in job.message
    assert len(done_kinds) == 6


def test_a_worker_comes_in_time_for_what_soon_falls_due(aws):
    steps["one"] = XeroRateLimited(retry_after=40, problem="minute")
    store.ask(ask("one"))

    work(aws)

    assert delayed(aws) == [LANE]
    assert aws.wakes() == []


def test_what_lies_far_off_is_left_to_the_tick(aws):
    steps["one"] = XeroRateLimited(retry_after=40_000, problem="day")
    store.ask(ask("one"))

    work(aws)

    assert delayed(aws) == []


def test_waiting_is_over_at_its_moment(aws):
    until = aws.clock.now() + timedelta(minutes=5)
    answers = iter([Wait(until, "Waiting for the other side."), Done()])
    steps["one"] = lambda _job, _slice: next(answers)
    store.ask(ask("one"))

    work(aws)
    work(aws)
    assert done_kinds == ["one"]
    aws.clock.advance(minutes=5)
    work(aws)

    assert done_kinds == ["one", "one"]


def test_a_failed_job_keeps_its_result(aws):
    steps["one"] = Failed("Two rows were refused.", {"refused": 2})
    job = ask("one")
    store.ask(job)

    work(aws)

    assert store.get(LANE, job.name).result == {"refused": 2}


def test_the_tick_wakes_each_due_lane_once(aws):
    store.ask(ask("one"))
    store.ask(ask("two"))
    store.ask(enqueue.job("three", tenant_lane("t"), "t", after=timedelta(hours=1)))

    assert tick() == 1
    assert aws.wakes() == [LANE]


def test_the_tick_meets_every_lane_once_in_its_interval(aws):
    names = [f"organisation-{number}" for number in range(40)]
    for name in names:
        lanes.open_lane(name, "tenant-1", aws.clock.now())
        lanes.look_at_status_every(name, 15)

    for _ in range(15):
        tick()
        aws.clock.advance(minutes=1)

    assert sorted(aws.wakes()) == sorted(names)


def test_status_is_looked_at_when_due_and_not_before(aws):
    lanes.open_lane(LANE, "tenant-1", aws.clock.now())
    lanes.look_at_status_every(LANE, 15)

    work(aws)
    work(aws)
    assert done_kinds == [kinds.STATUS_KIND]
    aws.clock.advance(minutes=15)
    work(aws)

    assert done_kinds == [kinds.STATUS_KIND] * 2


@pytest.mark.parametrize("job_id", ["", "name", "name.", ".lane"])
def test_a_job_id_that_is_none_leads_nowhere(job_id):
    with pytest.raises(NotFound):
        split_job_id(job_id)


def test_every_kind_of_job_has_its_handler():
    for kind in kinds.KINDS:
        assert callable(drain.handler_of(kind))


class TestCancel:
    """Cancelling; sync-status is one of the kinds that may be."""

    ANN = Caller("tenant-1", "user:ann", "Ann", EVERYTHING)

    def test_nothing_more_of_a_cancelled_job_is_done(self, aws):
        steps[kinds.STATUS_KIND] = More()
        job = ask(kinds.STATUS_KIND)
        store.ask(job)

        ended = cancel(self.ANN, job.job_id)
        work(aws)

        assert ended.state is JobState.CANCELLED
        assert done_kinds == []
        assert list(store.lanes_due(aws.clock.now())) == []

    def test_a_worker_that_is_at_it_reports_over_it_no_more(self, aws):
        def cancelled_meanwhile(job, _slice):
            cancel(self.ANN, job.job_id)
            return More()

        steps[kinds.STATUS_KIND] = cancelled_meanwhile
        job = ask(kinds.STATUS_KIND)
        store.ask(job)

        work(aws)

        assert done_kinds == [kinds.STATUS_KIND]
        assert store.get(LANE, job.name).state is JobState.CANCELLED

    @pytest.mark.usefixtures("aws")
    def test_a_second_time_changes_nothing(self):
        job = ask(kinds.STATUS_KIND)
        store.ask(job)

        first = cancel(self.ANN, job.job_id)

        assert cancel(self.ANN, job.job_id) == first

    def test_what_has_ended_stays_as_it_ended(self, aws):
        job = ask(kinds.STATUS_KIND)
        store.ask(job)
        work(aws)

        with pytest.raises(Conflict):
            cancel(self.ANN, job.job_id)

        assert store.get(LANE, job.name).state is JobState.DONE

    def test_a_wish_made_meanwhile_is_not_cancelled_with_the_old_one(self, aws):
        job = ask(kinds.STATUS_KIND, name="sync-status")
        store.ask(job)
        store.ask(ask(kinds.STATUS_KIND, name="sync-status"))

        assert not store.cancel(job, "Cancelled.", aws.clock.now())

        assert len(store.open_jobs(LANE)) == 1

    @pytest.mark.usefixtures("aws")
    def test_what_was_begun_in_xero_is_seen_through(self):
        job = ask("send-invoices")
        store.ask(job)

        with pytest.raises(Conflict, match="seen through"):
            cancel(self.ANN, job.job_id)

    @pytest.mark.usefixtures("aws")
    def test_another_tenants_job_is_not_found(self):
        job = ask(kinds.STATUS_KIND)
        store.ask(job)

        with pytest.raises(NotFound):
            cancel(Caller("tenant-2", "user:eve", "Eve", EVERYTHING), job.job_id)

        assert store.get(LANE, job.name).state.open
