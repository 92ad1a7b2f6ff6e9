"""Where Xero gives the numbers, an invoice is known again by its address alone."""

import pytest

from chalicelib.invoices import numbering
from chalicelib.invoices.model import InvoiceState
from chalicelib.people import tenants
from chalicelib.xero.errors import XeroUnavailable
from tests.support.fake_accounting import lost, raising

TENANT = "tenant-1"


@pytest.fixture
def business(business):
    tenants.change(TENANT, numbering="xero")
    return business


def test_number_of_xero_is_kept_and_none_of_ours_is_used(business):
    first, second = business.queued(), business.queued()

    business.run(business.job(first, second))

    numbers = [business.get(one).number for one in (first, second)]
    assert numbers == [business.in_xero(one)[0]["InvoiceNumber"] for one in (first, second)]
    assert numbers == ["XERO-0001", "XERO-0002"]
    assert numbering.load(TENANT).start == 1


def test_each_answer_goes_to_its_own_invoice_when_one_is_refused(business):
    good, bad, other = business.queued(), business.queued(), business.queued()
    create = business.xero._create

    def refuse_one(sent):
        business.xero.refusals[""] = "Not this one." if bad.invoice_id in sent["Url"] else ""
        return create(sent)

    business.xero._create = refuse_one
    business.run(business.job(good, bad, other))

    assert business.get(bad).state is InvoiceState.FAILED
    for one in (good, other):
        found = business.get(one)
        assert found.state is InvoiceState.SENT
        assert found.mirror.xero_invoice_id == business.in_xero(one)[0]["InvoiceID"]


@pytest.mark.parametrize("status", [None, 500, 503])
def test_lost_answer_is_found_by_address(business, status):
    invoice = business.queued()
    business.xero.faults = [lost("after", status)]

    business.run(business.job(invoice))

    assert len(business.in_xero(invoice)) == 1
    assert business.get(invoice).number == "XERO-0001"


def test_failed_look_up_repeats_nothing(business):
    invoice = business.queued()
    job = business.job(invoice)
    business.xero.faults = [lost("after"), raising(XeroUnavailable())]
    with pytest.raises(XeroUnavailable):
        business.run(job)

    business.aws.clock.advance(minutes=10)
    business.run(job)

    assert len(business.in_xero(invoice)) == 1
    assert business.get(invoice).state is InvoiceState.SENT
