"""How far contacts were read: nothing is missed, and nothing read again without need."""

from datetime import timedelta

import pytest

from chalicelib.dispatch import store
from chalicelib.dispatch.cancel import cancel
from chalicelib.dispatch.model import JobState
from chalicelib.reference.contacts.ask import Wish, start
from chalicelib.work import clients
from tests.support.clients import by_contact
from tests.support.dynamo import requests_to
from tests.support.imports import Importer


@pytest.fixture
def importer(xero):
    made = Importer.connected(xero)
    made.xero.world.clock.freeze()
    return made


def later(importer, **parts):
    importer.xero.world.clock.advance(timedelta(**parts))
    importer.xero.aws.clock.advance(**parts)


def test_a_change_that_shows_late_is_not_missed(importer):
    importer.plant("Newest", UpdatedDateUTC=importer.xero.world.clock.now())
    importer.run()
    late = importer.xero.world.clock.now() - timedelta(minutes=4)
    contact_id = importer.plant("Late but true", UpdatedDateUTC=late)
    later(importer, minutes=30)
    importer.run()
    assert importer.client(contact_id).name == "Late but true"


def test_what_changed_long_before_the_last_look_is_read_no_more(importer):
    importer.run()
    later(importer, hours=1)
    importer.books.rename_contact(importer.contact("Boom FM")["ContactID"], "Boom Radio")
    assert importer.run().progress["total"] < 5


def test_a_look_that_finds_old_changes_again_moves_on_past_them(importer):
    for name in ("Boom FM", "Bayside Club"):
        later(importer, minutes=1)
        importer.books.rename_contact(importer.contact(name)["ContactID"], f"New {name}")
    importer.run()
    before = importer.contacts.reading()
    later(importer, minutes=10)
    assert importer.run().progress["total"] == 2
    after = importer.contacts.reading()
    last = importer.contact("New Bayside Club")["UpdatedDateUTC"]
    assert before.since < after.since == last.replace(microsecond=after.since.microsecond)
    assert importer.run().progress["total"] == 1
    assert importer.contacts.reading() == after


class Restless:
    """Changes contacts between the pages of an import, as people do."""

    def __init__(self, importer, times):
        self.importer, self.times = importer, times
        self.pages = 0
        show = importer.books.contacts.all

        def shown():
            if self.times > 0 and self.pages % 3 == 2:
                self.times -= 1
                later(importer, seconds=1)
                first = sorted(show(), key=lambda one: (one["UpdatedDateUTC"], one["ContactID"]))
                first[0]["UpdatedDateUTC"] = importer.xero.world.clock.now()
            self.pages += 1
            return show()

        importer.books.contacts.all = shown


@pytest.mark.parametrize("times", [1, 3])
def test_a_contact_that_moves_up_while_pages_are_read_is_not_missed(importer, times):
    Restless(importer, times)
    job = importer.run(Wish(page_size=7))
    assert job.state is JobState.DONE
    active = {
        one["ContactID"]
        for one in importer.books.contacts.by_id.values()
        if one["ContactStatus"] == "ACTIVE"
    }
    assert set(by_contact("t1")) == active
    assert job.progress["created"] == len(active)


def test_where_contacts_never_rest_all_is_read_again_the_next_time(importer):
    restless = Restless(importer, 1000)
    importer.run(Wish(page_size=7))
    assert importer.contacts.reading() is None
    restless.times = 0
    importer.run(Wish(page_size=7))
    assert importer.contacts.reading()


def test_each_page_is_read_once_however_many_workers_it_takes(importer):
    job = start(importer.caller, Wish(whole=True, page_size=7))
    show = importer.books.contacts.all

    def shown():
        later(importer, seconds=21)
        return show()

    importer.books.contacts.all = shown
    pages = -(-len(show()) // 7)
    workers = 0
    with requests_to("work") as of_work:
        while store.get(job.lane, job.name).state.open and workers < pages:
            importer.work()
            workers += 1
    ended = store.get(job.lane, job.name)
    assert (ended.state, ended.progress["done"]) == (JobState.DONE, len(show()))
    assert (importer.calls(), workers) == (pages, pages // 2 + 1)
    # Who may be meant by a contact is looked for once; the rest is the mapping's check.
    assert of_work.count("Query") == 1 + 3


def test_an_import_stops_where_it_is_cancelled(importer):
    job = start(importer.caller, Wish(page_size=7))
    seen = []
    show = importer.books.contacts.all

    def shown():
        seen.append(1)
        if len(seen) == 3:
            cancel(importer.caller, job.job_id)
        return show()

    importer.books.contacts.all = shown
    importer.work()
    assert store.get(job.lane, job.name).state is JobState.CANCELLED
    assert importer.calls() == 3
    assert 0 < len(importer.clients()) < 36
    importer.books.contacts.all = show
    importer.run()
    assert clients.find("t1", "Boom FM")
