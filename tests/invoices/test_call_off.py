"""What waited to go to an organisation that the tenant left, and what becomes of it."""

from dataclasses import replace

import pytest

from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import JobState, tenant_lane
from chalicelib.invoices import discard
from chalicelib.invoices.model import InvoiceState
from tests.support.fake_accounting import lost

TENANT, ORGANISATION = "tenant-1", "organisation-1"


@pytest.fixture
def call_off(business):  # noqa: ARG001  the tenant must be there first
    """The tenant has left the organisation; call off what is open there."""

    def act():
        present = connections.get(TENANT)
        connections.claim(replace(present, organisation_id="organisation-2"), present)
        job = enqueue.job(
            "call-off",
            tenant_lane(TENANT),
            TENANT,
            params={"organisation_id": ORGANISATION},
            name="call-off",
        )
        return enqueue.do_now(job)

    return act


def test_a_queued_invoice_fails_with_a_sentence_and_its_work_can_be_had_back(business, call_off):
    invoice = business.queued()
    job = business.job(invoice)
    jobs.ask(job)
    assert call_off().state is JobState.DONE
    assert jobs.get(ORGANISATION, job.name).state is JobState.CANCELLED
    after = business.get(invoice)
    assert after.state is InvoiceState.FAILED
    assert [one.code for one in after.problems] == ["other_books"]
    assert discard.start(business.caller, invoice.invoice_id).state is JobState.DONE


def test_one_in_doubt_keeps_the_job_that_will_look_it_up(business, call_off):
    invoice = business.queued()
    business.xero.faults = [lost("before")]
    job = business.job(invoice)
    business.run(job)
    assert business.get(invoice).state is InvoiceState.UNCERTAIN
    jobs.ask(job)
    call_off()
    assert jobs.get(ORGANISATION, job.name).state.open
    assert business.get(invoice).state is InvoiceState.UNCERTAIN


def test_jobs_of_others_and_a_lane_at_work_are_left_alone(business, call_off):
    mine, other = (
        enqueue.job("import-codes", ORGANISATION, tenant, name=f"of-{tenant}")
        for tenant in (TENANT, "tenant-2")
    )
    jobs.ask(mine)
    jobs.ask(other)
    lane = lanes.take(ORGANISATION, "worker", business.aws.clock.now())
    assert call_off().state is JobState.WAITING
    assert jobs.get(ORGANISATION, mine.name).state.open
    assert lanes.release(lane)
    business.aws.clock.advance(seconds=6)
    enqueue.do_now(jobs.get(tenant_lane(TENANT), "call-off"))
    assert jobs.get(ORGANISATION, mine.name).state is JobState.CANCELLED
    assert jobs.get(ORGANISATION, other.name).state.open
