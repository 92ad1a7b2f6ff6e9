"""What was approved is sent, or nothing is."""

from dataclasses import replace

import pytest

from chalicelib.dispatch.model import Done, Failed
from chalicelib.invoices import show, store
from chalicelib.invoices.approval import CHANGED
from chalicelib.invoices.model import InvoiceState, SendAs
from chalicelib.work import clients

TENANT = "tenant-1"


def approved(business, invoice, **choices):
    """The job that sends just what is seen now."""
    job = business.job(invoice)
    job.params["approved"] = show.would_send(TENANT, invoice, **choices).approval
    return job


def test_what_was_approved_is_sent_whatever_number_comes_next(business):
    invoice, faster = business.queued(), business.queued()
    job = approved(business, invoice)
    business.run(business.job(faster))

    step = business.run(job)

    assert isinstance(step, Done)
    assert business.get(invoice).number == "INV-00002"


def other_reference(invoice):
    store.save(TENANT, replace(invoice, reference="PO 7"))


def other_contact(invoice):
    clients.change(TENANT, invoice.client_id, contact_id="contact-2")


def other_status(invoice):
    store.save(TENANT, replace(invoice, send_as=SendAs.DRAFT))


@pytest.mark.parametrize("change", [other_reference, other_contact, other_status])
def test_anything_else_is_refused_before_it_is_sent(business, change):
    invoice = business.queued()
    job = approved(business, invoice)
    change(invoice)

    step = business.run(job)

    assert isinstance(step, Failed)
    assert business.xero.calls == []
    assert business.get(invoice).state is InvoiceState.FAILED
    assert business.get(invoice).problems == (CHANGED,)


def test_another_status_can_be_approved(business):
    invoice = business.queued()
    job = approved(business, invoice, send_as=SendAs.SUBMITTED)
    store.save(TENANT, replace(invoice, send_as=SendAs.SUBMITTED))

    assert isinstance(business.run(job), Done)
