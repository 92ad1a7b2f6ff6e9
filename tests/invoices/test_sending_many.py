"""Many at once: fifty to a call, each told of by itself, and a click goes between."""

import pytest

from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, More, Priority
from chalicelib.errors import Conflict
from chalicelib.invoices import ready, send, store
from chalicelib.invoices.model import InvoiceState

TENANT, ORGANISATION = "tenant-1", "organisation-1"


def asked(business, *invoices):
    """The job that a click on several leaves; nobody has worked at it yet."""
    send.start(business.caller, [one.invoice_id for one in invoices])
    return next(job for job in jobs.open_jobs(ORGANISATION) if job.priority is Priority.BULK)


def test_fifty_go_in_a_call_and_each_is_told_of(business):
    invoices = [business.draft() for _ in range(101)]
    business.xero.refusals = {"INV-00007": "No.", "INV-00077": "Nor this."}
    job = asked(business, *invoices)

    step = business.run(job)

    assert isinstance(step, Done)
    assert business.xero.calls == ["PUT"] * 3
    assert job.progress == {"done": 101, "total": 101, "sent": 99, "failed": 2}
    told = {one["number"]: one["sentence"] for one in step.result["invoices"]}
    assert [number for number, why in told.items() if why] == ["INV-00007", "INV-00077"]
    assert "outcomes" not in job.params


def test_a_click_goes_among_the_next_two_calls(business):
    invoices = [business.draft() for _ in range(51)]
    job = asked(business, *invoices)
    clicked = business.queued()

    def click_comes(_fake, stage):
        if stage == "before":
            jobs.ask(business.job(clicked))

    business.xero.faults = [click_comes]

    assert isinstance(business.run(job), More)
    assert jobs.open_jobs(ORGANISATION)[0].name == f"send-{clicked.invoice_id}"
    business.run(business.job(clicked))
    assert business.xero.calls == ["PUT"] * 2
    assert business.get(clicked).state is InvoiceState.SENT
    jobs.cancel(jobs.open_jobs(ORGANISATION)[0], "done", business.aws.clock.now())
    assert isinstance(business.run(job), Done)
    assert business.xero.calls == ["PUT"] * 3


def test_what_cannot_be_sent_is_told_beside_the_rest(business):
    good, gone = business.draft(), business.draft()
    sent = business.queued()
    business.run(business.job(sent))
    job = asked(business, good, sent)

    step = business.run(job)

    why = {one["invoice_id"]: one["sentence"] for one in step.result["invoices"]}
    assert why == {
        good.invoice_id: "",
        sent.invoice_id: "This invoice is sent and cannot be sent.",
    }
    assert job.progress == {"done": 2, "total": 2, "sent": 1, "failed": 1}
    assert len(business.in_xero(sent)) == 1
    assert store.get(TENANT, gone.invoice_id).state is InvoiceState.DRAFT


def test_nothing_that_can_be_sent_is_a_conflict(business):
    sent = [business.queued() for _ in range(2)]
    business.run(business.job(*sent))

    with pytest.raises(Conflict):
        send.start(business.caller, [one.invoice_id for one in sent])


def test_ready_is_what_xero_would_take(business, line):
    good = business.draft()
    business.draft(line(account_code="260"))
    business.queued()

    assert ready.ready(TENANT) == [good.invoice_id]
