"""Clients come in by themselves: as often as it takes, and no more calls than that."""

from datetime import timedelta

import pytest

from chalicelib.dispatch import store, tick
from chalicelib.dispatch.listing import listing
from chalicelib.dispatch.model import Slice
from chalicelib.reference.contacts import watch
from chalicelib.reference.contacts.ask import KIND, start
from chalicelib.reference.contacts.choose import choose
from chalicelib.reference.contacts.model import Choice
from chalicelib.work import clients
from tests.support.imports import Importer


@pytest.fixture
def importer(xero):
    made = Importer.connected(xero)
    choose(made.caller, Choice(automatic=True))
    made.work()
    return made


def passes(importer, **parts):
    """Time passes on both sides, and the tick comes by."""
    importer.xero.world.clock.advance(timedelta(**parts))
    importer.xero.aws.clock.advance(**parts)
    importer.xero.aws.wakes()
    tick.tick()
    if importer.lane in importer.xero.aws.wakes():
        importer.work()


def history(importer):
    jobs = listing(importer.tenant, 100)
    return [job for job in jobs if job.kind == "import-clients"]


def test_choosing_it_brings_all_in_and_then_what_changed_every_hour(importer):
    assert len(importer.clients()) > 30
    importer.xero.world.calls.clear()
    passes(importer, minutes=30)
    assert importer.calls() == 0
    importer.books.rename_contact(importer.contact("Boom FM")["ContactID"], "Boom Radio")
    passes(importer, minutes=30)
    assert importer.calls() == 1
    assert clients.find("t1", "Boom Radio")


def test_an_hour_without_changes_is_one_call_and_all_leave_one_import_behind(importer):
    importer.xero.world.calls.clear()
    for _ in range(4):
        passes(importer, hours=1)
    assert importer.calls() == 4
    assert [job.progress["created"] for job in history(importer)] == [0, 36]


def test_an_import_that_changed_something_keeps_its_place_in_the_history(importer):
    for name in ("One", "Two"):
        importer.plant(name, UpdatedDateUTC=importer.xero.world.clock.now())
        passes(importer, hours=1)
    passes(importer, hours=1)
    assert [job.progress["created"] for job in history(importer)] == [0, 1, 1, 36]


def test_all_are_looked_through_once_a_day(importer):
    gone = importer.contact("Boom FM")["ContactID"]
    importer.books.vanish_contact(gone)
    passes(importer, hours=23)
    assert importer.client(gone).standing == "active"
    passes(importer, hours=1)
    assert importer.client(gone).standing == "gone"


def test_it_ends_when_nobody_wants_it_any_more(importer):
    choose(importer.caller, Choice())
    importer.xero.world.calls.clear()
    passes(importer, hours=1)
    passes(importer, hours=1)
    assert importer.calls() == 0
    assert not {job.kind for job in store.open_jobs(importer.lane)} & {KIND, watch.KIND}


def test_choosing_it_twice_watches_once(importer):
    choose(importer.caller, Choice(automatic=True, with_email=True))
    watching = [job for job in store.open_jobs(importer.lane) if job.kind == watch.KIND]
    assert len(watching) == 1


def test_an_import_that_is_under_way_is_enough(importer):
    start(importer.caller)
    (watching,) = (job for job in store.open_jobs(importer.lane) if job.kind == watch.KIND)
    now = importer.xero.aws.clock.now
    watch.handle(watching, Slice(now(), now))
    assert len([job for job in store.open_jobs(importer.lane) if job.kind == KIND]) == 1
