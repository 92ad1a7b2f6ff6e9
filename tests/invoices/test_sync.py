"""Status and payments are Xero's word, fetched cheaply and never acted upon."""

from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, JobState, Slice
from chalicelib.errors import Conflict
from chalicelib.invoices import cadence, hints, store, sync
from chalicelib.invoices.model import InvoiceState
from chalicelib.invoices.rows import CallRow
from chalicelib.storage.rows import transaction_connection
from chalicelib.webhooks import inbox
from chalicelib.xero.errors import XeroUnavailable
from tests.support.fake_accounting import lost, raising

TENANT, ORGANISATION = "tenant-1", "organisation-1"


def look(business):
    clock = business.aws.clock
    counts = {"seen": 0, "updated": 0}
    part = Slice(clock.now() + timedelta(seconds=20), clock.now)
    step = sync.look_at_changes(TENANT, ORGANISATION, business.xero, part, counts)
    assert isinstance(step, Done)
    return counts


@pytest.fixture
def sent(business):
    invoice = business.queued()
    business.run(business.job(invoice))
    business.xero.calls.clear()
    return invoice


def test_payment_arrives_with_its_ledger(business, sent):
    business.aws.clock.advance(minutes=10)
    business.xero.pay("xero-0001", "10.00")

    look(business)

    mirror = business.get(sent).mirror
    assert mirror.status == "AUTHORISED"
    assert mirror.amount_paid == Decimal("10.00")
    assert mirror.amount_due == Decimal("18.82")
    assert [entry.amount for entry in mirror.ledger] == [Decimal("10.00")]


def test_paid_invoice_is_not_open_any_more(business, sent):
    assert list(store.open_ids(TENANT, ORGANISATION)) == [sent.invoice_id]
    business.aws.clock.advance(minutes=10)
    business.xero.pay("xero-0001", "28.82")

    look(business)

    assert business.get(sent).xero_status == "PAID"
    assert list(store.open_ids(TENANT, ORGANISATION)) == []


def test_deleted_payment_takes_paid_back(business, sent):
    business.aws.clock.advance(minutes=10)
    business.xero.pay("xero-0001", "28.82")
    look(business)
    business.aws.clock.advance(minutes=10)
    business.xero.change(
        "xero-0001",
        Status="AUTHORISED",
        Payments=[],
        AmountPaid=Decimal(0),
        AmountDue=Decimal("28.82"),
    )

    look(business)

    mirror = business.get(sent).mirror
    assert (mirror.status, mirror.ledger) == ("AUTHORISED", ())


@pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
def test_invoice_ended_in_xero_is_flagged_and_kept(business, sent, status):
    business.aws.clock.advance(minutes=10)
    business.xero.change("xero-0001", Status=status)

    look(business)

    invoice = business.get(sent)
    assert invoice.mirror.ended
    assert invoice.state is InvoiceState.SENT
    assert invoice.lines == sent.lines


def test_unknown_status_is_kept_as_it_is(business, sent):
    business.aws.clock.advance(minutes=10)
    business.xero.change("xero-0001", Status="DISPUTED")

    look(business)

    assert business.get(sent).xero_status == "DISPUTED"


@pytest.mark.usefixtures("sent")
def test_nothing_changed_is_one_call_and_no_write(business):
    look(business)
    business.xero.calls.clear()
    written = []
    events = transaction_connection().client.meta.events
    events.register("before-call.dynamodb", lambda model, **_: written.append(model.name))

    assert look(business)["updated"] == 0

    assert business.xero.calls == ["GET changed"]
    assert not {"PutItem", "UpdateItem", "TransactWriteItems"} & set(written)


def test_change_just_before_the_watermark_is_not_missed(business, sent):
    business.aws.clock.advance(minutes=10)
    other = business.queued()
    business.run(business.job(other))
    business.aws.clock.advance(minutes=10)
    business.xero.change("xero-0002", Reference="later")
    look(business)
    hidden = business.xero.invoices["xero-0001"]
    hidden["Status"] = "VOIDED"
    hidden["UpdatedDateUTC"] = business.aws.clock.now() - timedelta(minutes=3)

    look(business)

    assert business.get(sent).xero_status == "VOIDED"


def test_renumbered_and_readdressed_invoice_is_found_by_xeros_id(business, sent):
    business.aws.clock.advance(minutes=10)
    business.xero.change("xero-0001", Url="", InvoiceNumber="ELSE-1", Status="PAID")

    look(business)

    assert business.get(sent).mirror.number == "ELSE-1"


@pytest.mark.usefixtures("sent")
def test_invoices_of_others_are_left_alone(business):
    foreign = {**business.xero.invoices["xero-0001"], "InvoiceID": "foreign", "Url": ""}
    business.xero.invoices["foreign"] = foreign

    assert look(business)["seen"] == 2


def test_doubtful_invoice_is_found_by_a_look_too(business):
    invoice = business.queued()
    business.xero.faults = [lost("after"), raising(XeroUnavailable())]
    with pytest.raises(XeroUnavailable):
        business.run(business.job(invoice))

    look(business)

    found = business.get(invoice)
    assert (found.state, found.call_id) == (InvoiceState.SENT, "")
    open_calls = CallRow.query(TENANT, CallRow.sk.startswith("call#"), consistent_read=True)
    assert list(open_calls) == []


def test_draft_has_no_status_to_fetch(business):
    with pytest.raises(Conflict):
        sync.start(business.caller, business.draft().invoice_id)


def every(name=ORGANISATION):
    return lanes.get(name).status_every


@pytest.mark.usefixtures("business", "sent")
def test_open_invoices_are_looked_at_every_quarter_of_an_hour():
    assert every() == 15


@pytest.mark.usefixtures("sent")
def test_webhooks_make_looks_rarer_for_a_day(business):
    inbox.take_in({ORGANISATION: {"INVOICE"}})
    cadence.settle(TENANT, ORGANISATION, business.aws.clock.now())
    assert every() == 60

    business.aws.clock.advance(hours=25)
    cadence.settle(TENANT, ORGANISATION, business.aws.clock.now())

    assert every() == 15


@pytest.mark.usefixtures("sent")
def test_without_open_invoices_a_daily_look_is_enough(business):
    business.aws.clock.advance(minutes=10)
    business.xero.pay("xero-0001", "28.82")
    look(business)

    cadence.settle(TENANT, ORGANISATION, business.aws.clock.now())

    assert every() == lanes.DAILY


class TestHints:
    """Which tell of something new, and which of what is known as it has been since."""

    @pytest.fixture
    def known(self, business, sent):
        """Xero's id of an invoice, and the moment that is known of it."""
        mirror = business.get(sent).mirror
        return mirror.xero_invoice_id, mirror.updated_at

    @staticmethod
    def hint(xero_id, moment, category="INVOICE"):
        return f"{category} {xero_id} {moment:%Y-%m-%dT%H:%M:%S.%f}"

    def test_of_what_is_known_are_no_news(self, known):
        xero_id, at = known
        earlier = self.hint(xero_id, at - timedelta(milliseconds=1))

        assert not hints.tell_news(TENANT, [self.hint(xero_id, at), earlier])

    def test_of_a_change_a_millisecond_later_are_news(self, known):
        xero_id, at = known
        later = self.hint(xero_id, at + timedelta(milliseconds=1))

        assert hints.tell_news(TENANT, [self.hint(xero_id, at), later])

    @pytest.mark.parametrize(
        "hint",
        [
            "INVOICE",
            "INVOICE xero-0001 ",
            "INVOICE xero-0001 yesterday",
            "INVOICE unknown 2026-11-23T09:00:00.000",
            "CREDITNOTE xero-0001 2026-11-23T09:00:00.000",
            "",
        ],
    )
    @pytest.mark.usefixtures("sent")
    def test_in_doubt_are_news(self, hint):
        assert hints.tell_news(TENANT, [hint])

    def test_of_many_at_once_are_looked_at(self, known):
        xero_id, at = known
        many = [self.hint(xero_id, at - timedelta(seconds=ago)) for ago in range(hints.MOST + 1)]

        assert hints.tell_news(TENANT, many)

    def test_wait_beside_those_that_came_before_and_were_not_looked_at(self, known):
        xero_id, at = known
        later = self.hint(xero_id, at + timedelta(seconds=1))
        for one in (later, self.hint(xero_id, at)):
            inbox.take_in({ORGANISATION: {one}})

        assert hints.tell_news(TENANT, jobs.get(ORGANISATION, "sync-status").news)

    def test_leave_a_wish_to_look_at_everything_as_it_is(self, business, known):
        wish = sync._job("sync-status", ORGANISATION, business.caller, name="sync-status")
        jobs.ask(wish)
        inbox.take_in({ORGANISATION: {self.hint(*known)}})

        found = jobs.get(ORGANISATION, "sync-status")
        assert (found.news, found.ticket == wish.ticket) == (frozenset(), False)

    def test_of_several_organisations_are_kept_apart(self, known):
        one = self.hint(*known)
        inbox.take_in({ORGANISATION: {one}, "another": {"INVOICE"}})
        inbox.take_in({ORGANISATION: {"INVOICE"}, "another": {"INVOICE"}})

        assert jobs.get(ORGANISATION, "sync-status").news == {one, "INVOICE"}
        assert jobs.get("another", "sync-status").news == {"INVOICE"}

    def test_of_several_are_of_everything_where_one_is(self, business, known):
        jobs.ask(sync._job("sync-status", ORGANISATION, business.caller, name="sync-status"))
        inbox.take_in({ORGANISATION: {self.hint(*known)}, "another": {"INVOICE"}})

        assert jobs.get(ORGANISATION, "sync-status").news == frozenset()
        assert jobs.get("another", "sync-status").news == frozenset()

    def test_begin_anew_once_they_were_looked_at(self, known):
        xero_id, at = known
        inbox.take_in({ORGANISATION: {self.hint("unknown", at)}})
        job = jobs.get(ORGANISATION, "sync-status")
        job.state, job.finished_at = JobState.DONE, at
        jobs.update(job)
        inbox.take_in({ORGANISATION: {self.hint(xero_id, at)}})

        found = jobs.get(ORGANISATION, "sync-status")
        assert (found.news, found.state) == ({self.hint(xero_id, at)}, JobState.QUEUED)

    def test_that_are_too_many_to_keep_become_a_wish_to_look_at_everything(self, business):
        at = business.aws.clock.now()
        some = {self.hint(number, at) for number in range(jobs.MOST_NEWS)}
        inbox.take_in({ORGANISATION: some})
        assert len(jobs.get(ORGANISATION, "sync-status").news) == jobs.MOST_NEWS

        inbox.take_in({ORGANISATION: {self.hint("one more", at)}})

        assert jobs.get(ORGANISATION, "sync-status").news == frozenset()


def test_hint_for_an_unknown_organisation_ends_quietly(business):
    inbox.take_in({"nobody": {"INVOICE"}})
    job = jobs.get("nobody", "sync-status")
    clock = business.aws.clock

    step = sync.handle(job, Slice(clock.now() + timedelta(seconds=9), clock.now))

    assert isinstance(step, Done)
    assert job.state is JobState.QUEUED


@pytest.mark.usefixtures("sent")
def test_look_after_a_reconnect_is_no_webhook(business):
    look_again = jobs.Job(
        ORGANISATION,
        "sync-status",
        TENANT,
        "sync-status",
        jobs.Priority.BACKGROUND,
        business.aws.clock.now(),
        business.aws.clock.now(),
        "ticket",
    )
    jobs.ask(look_again)

    cadence.settle(TENANT, ORGANISATION, business.aws.clock.now())

    assert every() == 15
