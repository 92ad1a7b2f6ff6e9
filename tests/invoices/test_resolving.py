"""What a person says of an invoice in doubt is held against Xero, and ends the doubt."""

import pytest

from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Failed, Slice, Wait
from chalicelib.errors import Conflict
from chalicelib.invoices import calls, resolve, send, store
from chalicelib.invoices.model import InvoiceState
from chalicelib.invoices.resolve import Doubt
from chalicelib.invoices.verdict import Verdict
from chalicelib.xero.errors import XeroUnavailable
from tests.support.fake_accounting import lost, raising

TENANT, ORGANISATION = "tenant-1", "organisation-1"


@pytest.fixture
def doubtful(business):
    """An invoice whose call was lost, and nothing is known of it."""
    invoice = business.queued()
    business.xero.faults = [lost("before")]
    business.run(business.job(invoice))
    business.aws.clock.advance(minutes=10)
    assert business.get(invoice).state is InvoiceState.UNCERTAIN
    return business.get(invoice)


def doubt(business, invoice):
    now = business.get(invoice)
    call = calls.get(TENANT, now.call_id) if now.call_id else None
    return Doubt(TENANT, now, call, business.xero)


def part(business):
    clock = business.aws.clock
    return Slice(clock.now(), clock.now)


def typed_by_hand(business, number="MANUAL-7", **facts):
    """A document that somebody made in Xero."""
    other = business.queued()
    business.run(business.job(other))
    key = next(reversed(business.xero.invoices))
    business.xero.change(key, InvoiceNumber=number, Url="", **facts)
    store.remove(TENANT, business.get(other))
    return key


class TestThisOne:
    def test_takes_over_the_document_as_it_is(self, business, doubtful):
        key = typed_by_hand(business)
        before = dict(business.xero.invoices[key])

        step = doubt(business, doubtful).link("MANUAL-7", part(business))

        assert isinstance(step, Done)
        linked = business.get(doubtful)
        assert linked.state is InvoiceState.SENT
        assert linked.mirror.xero_invoice_id == key
        assert (linked.number, linked.former_numbers) == ("MANUAL-7", (doubtful.number,))
        assert business.xero.invoices[key] == before
        assert calls.get(TENANT, doubtful.call_id) is None

    def test_is_refused_where_it_cannot_be(self, business, doubtful):
        ours = business.queued()
        business.run(business.job(ours))
        foreign = typed_by_hand(business, "MANUAL-8", Contact={"ContactID": "c2", "Name": "Bay"})
        typed_by_hand(business, "MANUAL-9", CurrencyCode="USD")

        for named, why in (
            (business.get(ours).number, "another invoice of yours"),
            ("MANUAL-8", "for Bay"),
            ("MANUAL-9", "in USD"),
            ("NOWHERE", "no such"),
        ):
            step = doubt(business, doubtful).link(named, part(business))
            assert isinstance(step, Failed), named
            assert why in step.why
        assert business.get(doubtful) == doubtful
        assert foreign in business.xero.invoices

    def test_is_refused_where_our_own_did_arrive(self, business):
        invoice = business.queued()
        business.xero.faults = [lost("after"), raising(XeroUnavailable())]
        with pytest.raises(XeroUnavailable):
            business.run(business.job(invoice))
        business.xero.change("xero-0001", InvoiceNumber="MOVED-1")
        typed_by_hand(business, "INV-00001")

        step = doubt(business, invoice).link("INV-00001", part(business))

        assert isinstance(step, Failed)
        assert "MOVED-1" in step.why
        assert business.get(invoice).mirror is None

    def test_ends_a_clash_of_numbers_without_a_write(self, business):
        key = typed_by_hand(business, "INV-00002")
        clashing = business.queued()
        business.run(business.job(clashing))
        assert business.get(clashing).problems[0].code == "number_taken"
        writes = business.xero.calls.count("PUT")

        assert isinstance(doubt(business, clashing).link("INV-00002", part(business)), Done)

        assert business.get(clashing).mirror.xero_invoice_id == key
        assert business.xero.calls.count("PUT") == writes


class TestNeverArrived:
    def test_lets_it_be_sent_anew(self, business, doubtful):
        assert isinstance(doubt(business, doubtful).give_up(part(business)), Done)

        failed = business.get(doubtful)
        assert (failed.state, failed.call_id) == (InvoiceState.FAILED, "")
        send.queue(TENANT, failed, None)
        business.run(business.job(failed))
        assert business.get(doubtful).state is InvoiceState.SENT
        assert len(set(business.xero.keys)) == 2
        assert len(business.in_xero(doubtful)) == 1

    def test_is_held_against_xero(self, business):
        invoice = business.queued()
        business.xero.faults = [lost("after"), raising(XeroUnavailable())]
        with pytest.raises(XeroUnavailable):
            business.run(business.job(invoice))

        assert isinstance(doubt(business, invoice).give_up(part(business)), Done)

        assert business.get(invoice).state is InvoiceState.SENT

    def test_waits_for_what_may_still_arrive(self, business):
        invoice = business.queued()
        business.xero.faults = [lost("before")]
        business.run(business.job(invoice))

        assert isinstance(doubt(business, invoice).give_up(part(business)), Wait)

        assert business.get(invoice).state is InvoiceState.UNCERTAIN

    def test_changes_nothing_where_xero_cannot_be_asked(self, business, doubtful):
        business.xero.faults = [raising(XeroUnavailable())]

        with pytest.raises(XeroUnavailable):
            doubt(business, doubtful).give_up(part(business))

        assert business.get(doubtful) == doubtful

    def test_leaves_the_others_of_its_call_in_doubt(self, business):
        first, second = business.queued(), business.queued()
        business.xero.faults = [lost("before")]
        business.run(business.job(first, second))
        business.aws.clock.advance(minutes=10)

        doubt(business, first).give_up(part(business))

        assert business.get(first).state is InvoiceState.FAILED
        left = business.get(second)
        assert left.state is InvoiceState.UNCERTAIN
        assert calls.get(TENANT, left.call_id) is not None
        assert isinstance(business.run(business.job(second)), Done)
        assert len(business.in_xero(second)) == 1
        assert business.in_xero(first) == []


class TestStop:
    def test_nothing_more_is_done_by_itself(self, business, doubtful):
        jobs.ask(business.job(doubtful))
        doubt(business, doubtful).stop(ORGANISATION, part(business))
        asked = len(business.xero.calls)

        assert isinstance(business.run(business.job(doubtful)), Failed)

        assert len(business.xero.calls) == asked
        assert business.get(doubtful).state is InvoiceState.UNCERTAIN
        assert jobs.open_jobs(ORGANISATION) == []

    def test_asking_again_searches_again(self, business, doubtful):
        doubt(business, doubtful).stop(ORGANISATION, part(business))

        send.start(business.caller, [doubtful.invoice_id])

        assert not business.get(doubtful).stopped
        assert isinstance(business.run(business.job(doubtful)), Done)
        assert business.get(doubtful).state is InvoiceState.SENT


def test_only_an_invoice_in_doubt_is_settled(business):
    draft = business.draft()

    with pytest.raises(Conflict, match="in doubt"):
        resolve.start(business.caller, draft.invoice_id, Verdict.NEVER_ARRIVED)


def test_what_was_said_is_in_the_trail_before_it_is_done(business, doubtful):
    from chalicelib.audit import trail

    resolve.start(business.caller, doubtful.invoice_id, Verdict.THIS_ONE, "INV-7")

    entry = next(one for one in trail.entries(TENANT) if one.what == "invoice.resolve")
    assert entry.facts == {"verdict": "this_one", "document": "INV-7"}
