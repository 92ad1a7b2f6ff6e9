"""A click's job is done before all others, and what it stores holds whoever comes in between."""

from datetime import timedelta

import pytest
from pynamodb.exceptions import TransactWriteError

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch import enqueue, store
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.model import Done, JobState, Wait
from chalicelib.dispatch.wish import NotKept, Wish
from chalicelib.invoices.rows import WatermarkRow
from chalicelib.people.caller import EVERYTHING, Caller

LANE, TENANT = "organisation-1", "tenant-1"
ANN = Caller(TENANT, "user:ann", "Ann", EVERYTHING)
MARK = WatermarkRow.pk.does_not_exist()


def mark(transaction):
    """Something that is stored once with the wish."""
    transaction.save(WatermarkRow(TENANT, "mark", seen_until="now"), condition=MARK)


@pytest.fixture
def wish(aws):  # noqa: ARG001  the account must be there first
    wanted = enqueue.job("send-invoices", LANE, TENANT, created_by="user:ann", name="send-1")
    wanted.params["invoice_ids"] = ["1"]

    def ask(write):
        def both(transaction):
            store.ask_in(transaction, wanted, anew=True)
            write(transaction)

        trail.record_with(both, ANN, "invoices.send", "invoice:1", "asked", invoices=1)

    return Wish(wanted, mark, ask, "Changed.")


def stored():
    return store.get(LANE, "send-1")


def noted():
    return [one.what for one in trail.entries(TENANT)]


def ended(_job, _part):
    return Done("1 sent, 0 not sent.")


def test_what_is_begun_with_the_wish_is_stored_with_it(wish):
    def handle(_job, _part):
        wish.keep_with(mark)
        return Done("Done.")

    assert enqueue.do_first(wish, handle).state is JobState.DONE
    assert stored().state is JobState.DONE
    assert noted() == ["invoices.send", "invoices.sent"]
    assert lanes.get(LANE).holder == ""


@pytest.mark.parametrize("raises", [False, True])
def test_a_wish_that_came_to_nothing_is_stored_all_the_same(wish, raises):
    def handle(_job, part):
        if raises:
            raise ValueError
        return Wait(part.now() + timedelta(minutes=1), "Later.")

    assert enqueue.do_first(wish, handle).state is JobState.WAITING
    assert stored().state is JobState.WAITING
    assert noted() == ["invoices.send"]


def test_of_a_wish_that_cannot_be_stored_nothing_is_done(wish):
    WatermarkRow(TENANT, "mark", seen_until="before").save()

    with pytest.raises(NotKept, match="Changed"):
        enqueue.do_first(wish, ended)

    assert (store.open_jobs(LANE), noted(), lanes.get(LANE).holder) == ([], [], "")


def test_in_a_lane_that_is_taken_it_waits_for_a_worker(wish, aws):
    assert lanes.take(LANE, "another", aws.clock.now())

    assert enqueue.do_first(wish, ended).state is JobState.QUEUED
    assert aws.wakes() == [LANE]


def test_who_writes_to_the_trail_meanwhile_loses_nothing_for_either(wish):
    def handle(_job, _part):
        wish.keep()
        trail._forget(TENANT)
        end = trail._end(TENANT)
        trail.record(ANN, "sign-in", "user:ann")
        # What this process remembers is out of date by now.
        wiring.current().trail_ends[TENANT] = end
        return Done("Done.")

    enqueue.do_first(wish, handle)

    assert noted() == ["invoices.send", "sign-in", "invoices.sent"]
    assert stored().state is JobState.DONE
    assert lanes.get(LANE).holder == ""


def test_who_asks_anew_meanwhile_is_not_covered_by_the_older_end(wish):
    def handle(job, _part):
        wish.keep()
        again = enqueue.job("send-invoices", LANE, TENANT, created_by="user:ben", name=job.name)
        store.ask(again)
        return Done("Done.")

    enqueue.do_first(wish, handle)

    assert (stored().created_by, stored().state.open) == ("user:ben", True)
    assert lanes.get(LANE).holder == ""


def test_another_write_that_is_refused_is_no_reason_to_try_again(aws):  # noqa: ARG001  as above
    WatermarkRow(TENANT, "mark", seen_until="before").save()

    with pytest.raises(TransactWriteError):
        trail.record_with(mark, ANN, "invoices.send", "invoice:1", "asked")

    assert noted() == []
