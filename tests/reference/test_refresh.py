"""The lists are read on connecting and then once a day, whatever happens in between."""

from datetime import timedelta

import pytest

from chalicelib.connection import disconnect
from chalicelib.dispatch import drain, tick
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.kinds import REFRESH_CODES
from chalicelib.dispatch.model import JobState, Slice
from chalicelib.dispatch.setbacks import TRIES
from chalicelib.reference import import_codes, refresh, store
from tests.support.xero import caller_of

ACCOUNTS = "/api.xro/2.0/Accounts"


@pytest.fixture
def made(xero):
    return xero.connect()


@pytest.fixture
def work(xero, made):
    """What a worker does that somebody woke."""

    def do():
        now = xero.aws.clock.now()
        drain.drain(made.organisation_id, deadline=now + timedelta(seconds=30))
        return jobs.get(made.organisation_id, REFRESH_CODES)

    return do


def test_connecting_brings_the_lists_in(xero, made, work):
    assert made.organisation_id in xero.aws.wakes()
    job = work()
    assert store.account("t1", "200").usable_for_lines
    assert job.state is JobState.WAITING
    assert job.due_at == xero.aws.clock.now() + timedelta(days=1)
    assert "within a day" in job.message
    assert refresh.read_at(made.organisation_id) == xero.aws.clock.now()


def test_they_are_read_once_a_day_and_no_more(xero, made, work):
    work()
    xero.world.calls.clear()
    for _ in range(8):
        xero.aws.clock.advance(hours=6)
        xero.aws.wakes()
        tick.tick()
        if made.organisation_id in xero.aws.wakes():
            work()
    assert xero.calls("GET", ACCOUNTS) == 2


def test_a_click_puts_the_next_day_off(xero, made, work):
    work()
    xero.aws.clock.advance(hours=20)
    import_codes.start(caller_of("t1"))
    job = jobs.get(made.organisation_id, REFRESH_CODES)
    assert job.due_at == xero.aws.clock.now() + timedelta(days=1)
    assert job.state is JobState.WAITING
    assert refresh.read_at(made.organisation_id) == xero.aws.clock.now()


def test_it_is_never_given_up(xero, work):
    """Where any other job would have failed for good, it waits, and then goes on."""
    xero.fault("status", "/Accounts", status=503, times=0)
    job = work()
    job.attempts = TRIES
    step = refresh.handle(job, Slice(xero.aws.clock.now(), xero.aws.clock.now))
    assert step.until == xero.aws.clock.now() + timedelta(hours=6)
    assert "by itself" in step.why
    xero.world.faults.clear()
    xero.aws.clock.advance(hours=6)
    assert "came in" in work().message


def test_reconnecting_reads_at_once(xero, made, work):
    work()
    disconnect.start(caller_of("t1"))
    xero.aws.clock.advance(hours=2)
    xero.world.organisations[made.organisation_id].books.archive_account("200")
    xero.connect()
    work()
    assert not store.account("t1", "200").usable_for_lines


def test_an_organisation_that_was_left_is_read_for_its_next_tenant_only(xero, work):
    work()
    left_at = xero.aws.clock.now()
    disconnect.start(caller_of("t1"))
    xero.aws.clock.advance(days=2)
    made = xero.connect("t2")
    xero.world.calls.clear()
    assert work().tenant_id == "t2"
    assert xero.calls("GET", ACCOUNTS) == 1
    assert refresh.read_at(made.organisation_id) == left_at + timedelta(days=2)
    assert store.account("t2", "200").usable_for_lines


@pytest.mark.usefixtures("xero")
def test_nothing_was_read_where_nothing_is_connected():
    assert refresh.read_at("nowhere") is None
