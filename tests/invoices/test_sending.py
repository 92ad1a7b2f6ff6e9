"""One Workbill invoice is at most one Xero invoice, whatever happens on the way."""

from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Failed, More, Wait
from chalicelib.dispatch.setbacks import TRIES
from chalicelib.errors import Conflict, NotConnected
from chalicelib.invoices import calls, discard, send, store
from chalicelib.invoices.model import InvoiceState, SendAs
from chalicelib.xero.errors import (
    Message,
    XeroForbidden,
    XeroOutcomeUnknown,
    XeroRateLimited,
    XeroRejected,
    XeroUnavailable,
)
from tests.support.fake_accounting import fine, lost, raising, remembered
from tests.support.power import Power, PowerCut

TENANT, ORGANISATION = "tenant-1", "organisation-1"


def settled(business, invoice, job, *, most=30):
    """Run the job until it ends, letting time pass as it asks; the last step."""
    for _ in range(most):
        step = business.run(job)
        if isinstance(step, Done | Failed):
            return step
        if isinstance(step, Wait):
            seconds = (step.until - business.aws.clock.now()).total_seconds()
            business.aws.clock.advance(seconds=max(seconds, 1))
    raise AssertionError(f"The job never ended: {business.get(invoice)}")


def test_one_click_is_one_call(business):
    invoice = business.queued()

    step = business.run(business.job(invoice))

    assert isinstance(step, Done)
    assert business.xero.calls == ["PUT"]
    sent = business.get(invoice)
    assert sent.state is InvoiceState.SENT
    assert sent.mirror.xero_invoice_id == "xero-0001"
    assert sent.mirror.totals == sent.totals
    assert sent.number == "INV-00001"
    assert sent.call_id == ""


def test_lines_survive_sending(business):
    invoice = business.queued()

    business.run(business.job(invoice))

    assert business.get(invoice).lines == invoice.lines


def test_fifty_invoices_are_one_call(business):
    invoices = [business.queued() for _ in range(51)]

    step = business.run(business.job(*invoices))

    assert isinstance(step, Done)
    assert business.xero.calls == ["PUT", "PUT"]
    assert len(business.xero.invoices) == 51
    numbers = [business.get(invoice).number for invoice in invoices]
    assert numbers == [f"INV-{n:05d}" for n in range(1, 52)]


def test_second_job_makes_no_second_call(business):
    invoice = business.queued()
    business.run(business.job(invoice))

    step = business.run(business.job(invoice))

    assert isinstance(step, Done)
    assert business.xero.calls == ["PUT"]


def test_refused_element_fails_alone_in_words(business):
    good, bad = business.queued(), business.queued()
    business.xero.refusals["INV-00002"] = "Account code '200' is not a valid code."

    step = business.run(business.job(good, bad))

    assert isinstance(step, Done)
    assert step.result["sent"] == 1
    assert business.get(good).state is InvoiceState.SENT
    failed = business.get(bad)
    assert failed.state is InvoiceState.FAILED
    assert failed.problems[0].said == "Account code '200' is not a valid code."
    assert failed.number == "INV-00002"


def test_number_is_kept_for_the_next_attempt(business):
    invoice = business.queued()
    business.xero.refusals["INV-00001"] = "Something is wrong."
    business.run(business.job(invoice))
    business.xero.refusals.clear()
    send.queue(TENANT, business.get(invoice), None)

    business.run(business.job(invoice))

    assert business.get(invoice).number == "INV-00001"
    assert business.get(invoice).state is InvoiceState.SENT


def test_lost_answer_after_commit_is_adopted(business):
    invoice = business.queued()
    business.xero.faults = [lost("after")]

    step = business.run(business.job(invoice))

    assert isinstance(step, Done)
    assert business.xero.calls == ["PUT", "GET numbers"]
    assert len(business.in_xero(invoice)) == 1
    assert business.get(invoice).state is InvoiceState.SENT


def test_lost_answer_before_commit_is_repeated_under_the_same_key(business):
    invoice = business.queued()
    business.xero.faults = [lost("before")]
    job = business.job(invoice)

    assert isinstance(business.run(job), Wait)
    assert business.get(invoice).state is InvoiceState.UNCERTAIN
    business.aws.clock.advance(seconds=31)
    assert isinstance(business.run(job), Done)

    assert len(set(business.xero.keys)) == 1
    assert len(business.in_xero(invoice)) == 1


def test_after_six_minutes_a_new_key_is_taken(business):
    invoice = business.queued()
    business.xero.faults = [lost("before")]
    job = business.job(invoice)
    business.run(job)
    business.aws.clock.advance(minutes=7)

    assert isinstance(business.run(job), Done)

    assert len(set(business.xero.keys)) == 2
    assert len(business.in_xero(invoice)) == 1


def test_new_key_waits_while_a_repetition_may_be_under_way(business):
    """Where Xero numbers, nothing but the key tells the late one from the new one."""
    invoice = business.queued()
    business.xero.faults = [lost("before")]
    job = business.job(invoice)
    business.run(job)
    business.aws.clock.advance(seconds=290)
    business.xero.faults = [fine, fine, lost("before")]
    business.run(job)
    business.aws.clock.advance(seconds=20)

    step = business.run(job)

    assert isinstance(step, Wait)
    assert step.until - business.aws.clock.now() > timedelta(seconds=90)
    assert business.xero.calls.count("PUT") == 2
    assert len(set(business.xero.keys)) == 1
    assert isinstance(settled(business, invoice, job), Done)
    assert len(set(business.xero.keys)) == 2
    assert len(business.in_xero(invoice)) == 1


def test_word_of_a_gateway_is_repeated_under_the_same_key(business):
    """Xero itself may still be at it when a gateway has given up."""
    invoice = business.queued()
    business.xero.faults = [lost("before", status=504)]
    job = business.job(invoice)
    business.run(job)
    business.aws.clock.advance(seconds=31)

    assert isinstance(business.run(job), Done)

    assert len(set(business.xero.keys)) == 1


def test_call_that_somebody_else_settled_is_not_repeated(business):
    invoice = business.queued()
    business.xero.faults = [lost("before")]
    job = business.job(invoice)
    business.run(job)
    overtaken = calls.get(TENANT, business.get(invoice).call_id)
    business.aws.clock.advance(seconds=31)
    business.run(job)

    now = business.aws.clock.now()
    with pytest.raises(Conflict):
        calls.try_again(TENANT, overtaken, now)
    with pytest.raises(Conflict):
        calls.remember_error(TENANT, overtaken)

    assert calls.get(TENANT, overtaken.call_id) is None


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("write", range(1, 6))
@pytest.mark.parametrize("many", [1, 2])
def test_nothing_is_queued_without_a_job(business, many, write, after):
    ids = [business.draft().invoice_id for _ in range(many)]
    power = Power()
    power.cut_at(write, after=after)
    with suppress(PowerCut):
        send.start(business.caller, ids)
    power.restore()

    begun = {InvoiceState.QUEUED, InvoiceState.SENDING, InvoiceState.UNCERTAIN}
    queued = [one for one in ids if store.get(TENANT, one).state in begun]

    named = [one for job in jobs.open_jobs(ORGANISATION) for one in job.params["invoice_ids"]]
    assert set(queued) <= set(named)


def test_error_that_xero_remembers_gets_a_new_key(business):
    invoice = business.queued()
    business.xero.faults = [remembered(XeroOutcomeUnknown(http_status=500))]
    job = business.job(invoice)

    assert isinstance(business.run(job), Wait)
    business.aws.clock.advance(seconds=31)
    assert isinstance(business.run(job), Done)

    assert len(set(business.xero.keys)) == 2


def test_answer_500_after_commit_is_adopted(business):
    invoice = business.queued()
    business.xero.faults = [lost("after", status=500)]

    assert isinstance(business.run(business.job(invoice)), Done)

    assert len(business.in_xero(invoice)) == 1


@pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
def test_ended_invoice_is_adopted_and_not_sent_again(business, status):
    invoice = business.queued()
    business.xero.faults = [lost("after"), raising(XeroUnavailable())]
    job = business.job(invoice)
    with pytest.raises(XeroUnavailable):
        business.run(job)
    business.xero.change("xero-0001", Status=status)

    assert isinstance(business.run(job), Done)

    assert len(business.in_xero(invoice)) == 1
    assert business.get(invoice).mirror.ended


def test_renumbered_invoice_is_found_by_its_address(business):
    invoice = business.queued()
    business.xero.faults = [lost("after"), raising(XeroUnavailable())]
    job = business.job(invoice)
    with pytest.raises(XeroUnavailable):
        business.run(job)
    business.xero.change("xero-0001", InvoiceNumber="MINE-7")

    assert isinstance(business.run(job), Done)

    assert len(business.in_xero(invoice)) == 1
    assert business.get(invoice).mirror.number == "MINE-7"


def test_who_cannot_look_waits(business):
    invoice = business.queued()
    business.xero.faults = [lost("before"), raising(XeroUnavailable())]
    job = business.job(invoice)

    with pytest.raises(XeroUnavailable):
        business.run(job)

    assert business.get(invoice).state is InvoiceState.UNCERTAIN
    business.xero.faults = [raising(XeroUnavailable())]
    with pytest.raises(XeroUnavailable):
        business.run(job)
    assert business.xero.calls.count("PUT") == 1


@pytest.mark.parametrize(
    "error",
    [
        XeroRateLimited(retry_after=30, problem="minute"),
        XeroUnavailable(),
        NotConnected("Reconnect."),
    ],
)
def test_what_was_not_done_goes_back_to_the_queue(business, error):
    invoice = business.queued()
    business.xero.faults = [raising(error)]
    job = business.job(invoice)

    with pytest.raises(type(error)):
        business.run(job)

    assert business.get(invoice).state is InvoiceState.QUEUED
    assert isinstance(business.run(job), Done)
    assert business.xero.calls == ["PUT", "PUT"]
    assert len(business.in_xero(invoice)) == 1


def test_what_is_given_up_is_queued_no_more(business):
    """The dispatch ends the job now, so the invoice says why and can be sent again."""
    invoice = business.queued()
    job = business.job(invoice)
    job.attempts = TRIES
    business.xero.faults = [raising(XeroUnavailable())]

    with pytest.raises(XeroUnavailable):
        business.run(job)

    failed = business.get(invoice)
    assert failed.state is InvoiceState.FAILED
    assert failed.problems[0].code == "xero_unavailable"


def test_what_cannot_be_looked_up_is_seen_to_be_in_doubt(business):
    """Its worker died, and Xero lets nobody look: it is not merely being sent."""
    invoice = business.queued()

    def dies(_fake, _stage):
        raise PowerCut

    business.xero.faults = [dies]
    with pytest.raises(PowerCut):
        business.run(business.job(invoice))
    assert business.get(invoice).state is InvoiceState.SENDING
    business.xero.faults = [raising(XeroForbidden())]

    with pytest.raises(XeroForbidden):
        business.run(business.job(invoice))

    assert business.get(invoice).state is InvoiceState.UNCERTAIN
    assert business.xero.calls.count("PUT") == 1


def test_limit_during_a_doubt_keeps_the_doubt(business):
    invoice = business.queued()
    limited = raising(XeroRateLimited(retry_after=30, problem="minute"))
    business.xero.faults = [lost("before"), fine, fine, fine, fine, limited]
    job = business.job(invoice)
    business.run(job)
    business.aws.clock.advance(seconds=31)

    with pytest.raises(XeroRateLimited):
        business.run(job)

    assert business.get(invoice).state is InvoiceState.UNCERTAIN
    assert isinstance(settled(business, invoice, job), Done)
    assert len(business.in_xero(invoice)) == 1


def test_refused_call_fails_its_invoices_with_xeros_words(business):
    invoice = business.queued()
    said = Message("JSON for post data was invalid", "")
    business.xero.faults = [raising(XeroRejected((said,)))]

    step = business.run(business.job(invoice))

    assert isinstance(step, Failed)
    assert business.get(invoice).state is InvoiceState.FAILED
    assert business.get(invoice).problems[0].said == "JSON for post data was invalid"


def test_number_of_another_document_is_never_overwritten(business):
    other = business.queued()
    business.run(business.job(other))
    business.xero.change("xero-0001", Url="http://elsewhere.example/1", InvoiceNumber="INV-00002")
    invoice = business.queued()

    step = business.run(business.job(invoice))

    assert isinstance(step, Failed)
    assert business.get(invoice).problems[0].code == "number_taken"
    assert len(business.xero.invoices) == 1


def test_renumbered_on_wish_after_a_clash(business):
    test_number_of_another_document_is_never_overwritten(business)
    clashed = store.get(TENANT, "inv0002")
    send.queue(TENANT, clashed, None, renumber=True)

    assert isinstance(business.run(business.job(clashed)), Done)

    sent = store.get(TENANT, "inv0002")
    assert sent.number == "INV-00003"
    assert sent.former_numbers == ("INV-00002",)


def test_number_taken_by_this_very_invoice_is_adopted(business):
    """The look-up missed it, and Xero's rule of numbers stopped the second under a new key."""
    invoice = business.queued()
    business.xero.faults = [lost("after"), raising(XeroUnavailable())]
    job = business.job(invoice)
    with pytest.raises(XeroUnavailable):
        business.run(job)
    hidden = business.xero.invoices.copy()

    def appears(fake, stage):
        if stage == "before":
            fake.invoices.update(hidden)

    business.xero.invoices.clear()
    business.xero.memory.clear()
    business.xero.faults = [fine, fine, appears]

    assert isinstance(business.run(job), Done)

    assert len(business.xero.invoices) == 1
    assert business.get(invoice).state is InvoiceState.SENT


def test_partly_arrived_call_is_completed(business):
    first, second = business.queued(), business.queued()
    business.xero.faults = [lost("after"), raising(XeroUnavailable())]
    job = business.job(first, second)
    with pytest.raises(XeroUnavailable):
        business.run(job)
    del business.xero.invoices["xero-0002"]

    assert isinstance(settled(business, first, job), Done)

    assert len(business.in_xero(first)) == 1
    assert len(business.in_xero(second)) == 1


def test_doubt_that_never_ends_is_handed_to_a_person(business):
    invoice = business.queued()
    job = business.job(invoice)
    business.xero.faults = [
        step for _ in range(40) for step in (lost("before"), fine, fine, fine, fine)
    ]

    step = settled(business, invoice, job, most=60)

    assert isinstance(step, Failed)
    assert business.get(invoice).state is InvoiceState.UNCERTAIN
    assert business.xero.calls.count("PUT") == 12


def test_body_is_sent_only_if_xero_would_take_it(business, line):
    invoice = business.queued(line(account_code="260"))

    step = business.run(business.job(invoice))

    assert isinstance(step, Failed)
    assert business.xero.calls == []
    assert business.get(invoice).problems[0].code == "account_unusable"
    assert business.get(invoice).number == ""


def test_slice_that_is_over_makes_no_call(business):
    invoice = business.queued()

    assert isinstance(business.run(business.job(invoice), seconds=0), More)

    assert business.xero.calls == []


def test_invoice_on_its_way_cannot_be_discarded(business):
    invoice = business.queued()

    with pytest.raises(Conflict):
        discard.start(business.caller, invoice.invoice_id)


def test_sent_invoice_cannot_be_sent_again(business):
    invoice = business.queued()
    business.run(business.job(invoice))

    with pytest.raises(Conflict):
        send.start(business.caller, [invoice.invoice_id])


def test_arrival_status_is_the_clicks_choice(business):
    invoice = business.draft()
    send.queue(TENANT, invoice, SendAs.DRAFT)

    business.run(business.job(invoice))

    assert business.xero.invoices["xero-0001"]["Status"] == "DRAFT"


def test_difference_in_the_sums_is_marked(business):
    invoice = business.queued()
    business.xero.percent = business.xero.percent + 1

    business.run(business.job(invoice))

    sent = business.get(invoice)
    assert sent.difference is not None
    assert sent.mirror.totals != sent.totals


def test_settled_call_leaves_no_record(business):
    invoice = business.queued()
    business.xero.faults = [lost("before")]
    job = business.job(invoice)
    business.run(job)
    call_id = business.get(invoice).call_id
    assert calls.get(TENANT, call_id) is not None

    settled(business, invoice, job)

    assert calls.get(TENANT, call_id) is None
