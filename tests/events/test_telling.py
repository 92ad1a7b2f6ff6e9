"""What happens is told in order, without gaps, at least once, and delays nobody's sending."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.dispatch import drain, enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import tenant_lane
from chalicelib.errors import InvalidInput
from chalicelib.events import add, change, deliver, log, outbox, try_out
from chalicelib.events.model import EventKind, Happening
from chalicelib.invoices import store, sync
from chalicelib.people import tenants
from tests.events.conftest import URL, Died
from tests.invoices.conftest import TENANT, line
from tests.support.dynamo import requests_to
from tests.support.power import Power, PowerCut


def test_tells_of_what_was_sent_and_of_what_was_not(told):
    good = told.business.queued()
    bad = told.business.queued(line(account_code="260"))
    told.business.run(told.business.job(good, bad))
    told.work()

    kinds = {body["data"]["invoice_id"]: body["type"] for body in told.receiver.bodies}
    assert kinds == {
        good.invoice_id: "invoice.sent",
        bad.invoice_id: "invoice.send_failed",
    }
    failed = next(b for b in told.receiver.bodies if b["type"] == "invoice.send_failed")
    assert failed["data"]["problems"][0]["line"] == 1
    sent = next(b for b in told.receiver.bodies if b["type"] == "invoice.sent")
    assert (sent["data"]["total"], sent["data"]["currency"]) == ("28.82", "NZD")


def test_numbers_have_no_gaps_and_keep_the_order(told):
    invoices = told.send(5)
    told.work()

    assert told.receiver.numbers == [1, 2, 3, 4, 5]
    assert [body["data"]["invoice_id"] for body in told.receiver.bodies] == [
        invoice.invoice_id for invoice in invoices
    ]


def look(told, invoice):
    """What a look at Xero keeps and tells of the invoice."""
    known = told.business.get(invoice)
    return sync.mirror(TENANT, known, told.business.xero.invoice(known.mirror.xero_invoice_id))


def test_what_a_look_at_xero_brings_is_told_once(told):
    invoice, xero = told.send()[0], told.business.xero
    xero.pay("xero-0001", "10.00")
    assert look(told, invoice)
    assert not look(told, invoice)
    xero.pay("xero-0001", "18.82")
    look(told, invoice)
    xero.change("xero-0001", Payments=[], AmountPaid=Decimal(0), Status="AUTHORISED")
    look(told, invoice)
    told.work()

    bodies = told.receiver.bodies
    assert [body["type"].partition(".")[2] for body in bodies] == [
        "sent",
        "payment_received",
        "status_changed",
        "payment_received",
        "status_changed",
        "payment_removed",
        "payment_removed",
    ]
    assert bodies[1]["data"]["payment"]["amount"] == "10.00"
    assert (bodies[2]["data"]["previous_status"], bodies[2]["data"]["status"]) == (
        "AUTHORISED",
        "PAID",
    )


def test_what_is_called_off_is_told_with_its_reason(told):
    business = told.business
    invoice = business.queued()
    jobs.ask(business.job(invoice))
    present = connections.get(TENANT)
    connections.claim(replace(present, organisation_id="organisation-2"), present)
    off = {"organisation_id": "organisation-1"}
    enqueue.do_now(enqueue.job("call-off", tenant_lane(TENANT), TENANT, params=off))
    told.work()

    (body,) = told.receiver.bodies
    assert body["type"] == "invoice.send_failed"
    assert body["data"]["invoice_id"] == invoice.invoice_id
    assert [one["code"] for one in body["data"]["problems"]] == ["other_books"]


def test_a_lost_connection_is_told_once_however_often_it_is_repeated(told):
    lost = Happening(EventKind.CONNECTION_LOST, {"organisation": "Demo", "sentence": "Gone."})
    for _ in range(3):
        outbox.tell_once(TENANT, lost, "connection-lost-1")
        told.work()

    assert [body["type"] for body in told.receiver.bodies] == ["connection.lost"]


def test_what_is_not_taken_is_tried_again_later_and_holds_the_rest_in_order(told):
    told.receiver.refusals = 2
    told.send(2)
    told.work()
    assert told.receiver.numbers == []
    assert told.endpoint.outcome == "It answered 500."

    told.send()
    told.work()
    assert (told.receiver.refusals, told.receiver.numbers) == (1, [])

    for _ in range(2):
        told.business.aws.clock.advance(seconds=21)
        told.work()
    assert told.receiver.numbers == [1, 2, 3]
    assert told.endpoint.failing_since is None


def test_waits_longer_each_time_and_gives_up_after_three_days(told):
    clock, began = told.business.aws.clock, told.business.aws.clock.now()
    told.receiver.refusals = 10**6
    told.send()
    told.work()
    assert told.endpoint.next_at - began == timedelta(seconds=10)
    clock.advance(days=2, hours=23)
    told.work()
    assert told.endpoint.state == "active"
    clock.advance(hours=2)
    told.work()

    assert told.endpoint.state == "disabled"
    waits = [deliver.wait_after(failures) for failures in (0, 1, 2, 9, 70)]
    assert waits == [timedelta(seconds=s) for s in (10, 20, 40, 3600, 3600)]
    drain.drain(tenant_lane(TENANT), deadline=clock.now() + timedelta(seconds=20))
    assert trail.last(TENANT).what == "webhook disabled"

    told.receiver.refusals = 0
    change.change(told.business.caller, told.endpoint_id, paused=False)
    told.work()
    assert told.receiver.numbers == [1]


def test_dying_after_a_delivery_tells_it_again_under_the_same_id(told):
    told.send(2)
    told.receiver.dies_after = 1
    with pytest.raises(Died):
        told.work()
    told.business.aws.clock.advance(minutes=2)
    told.work()

    assert told.receiver.numbers == [1, 1, 2]
    assert told.receiver.raw[0][1] == told.receiver.raw[1][1]
    first, again = (headers["webhook-id"] for headers, _ in told.receiver.raw[:2])
    assert first == again


@pytest.mark.parametrize("write", range(1, 16))
def test_dying_after_any_write_tells_each_change_once_and_in_order(told, write):
    """What one sending and its telling write, one after the other, from a fresh account."""
    power = Power()
    power.cut_at(write, after=True)
    with suppress(PowerCut):
        told.send()
        told.work()
    assert power.off
    power.restore()
    told.business.aws.clock.advance(minutes=2)
    for invoice in every(told):
        if invoice.state in {"queued", "sending", "uncertain"}:
            told.business.run(told.business.job(invoice))
    told.business.aws.clock.advance(seconds=1)
    told.send()
    told.work()

    in_xero = sorted(one.invoice_id for one in every(told) if one.state == "sent")
    assert told.logged == list(range(1, len(in_xero) + 1))
    assert list(dict.fromkeys(told.receiver.numbers)) == told.logged
    assert (
        list(dict.fromkeys(body["data"]["invoice_id"] for body in told.receiver.bodies))
        == in_xero
    )


def every(told):
    made = [f"inv{number:04d}" for number in range(1, told.business.made + 1)]
    return list(store.get_many(TENANT, made).values())


def test_telling_again_begins_at_the_number_and_keeps_the_ids(told):
    told.send(3)
    told.work()
    change.send_again(told.business.caller, told.endpoint_id, 2)
    told.work()

    assert told.receiver.numbers == [1, 2, 3, 2, 3]
    for number in (0, 4):
        with pytest.raises(InvalidInput, match="from 1 to 3"):
            change.send_again(told.business.caller, told.endpoint_id, number)


def test_a_paused_endpoint_hears_everything_once_it_is_resumed(told):
    change.change(told.business.caller, told.endpoint_id, paused=True)
    told.send(2)
    told.work()
    assert told.receiver.numbers == []

    change.change(told.business.caller, told.endpoint_id, paused=False)
    told.work()
    assert told.receiver.numbers == [1, 2]


def test_a_kind_that_is_not_wanted_is_passed_over(told):
    kinds = ["invoice.payment_received"]
    change.change(told.business.caller, told.endpoint_id, kinds=kinds)
    told.send(2)
    told.work()

    assert (told.receiver.numbers, told.endpoint.cursor) == ([], 2)


def test_a_slow_receiver_holds_up_no_other(told):
    second, _ = add.add(told.business.caller, f"{URL}/2", "Other")
    told.receiver.refusals = 1
    told.send()
    told.work()
    now = told.business.aws.clock.now()
    drain.drain(second.lane, deadline=now + timedelta(seconds=20))

    assert told.receiver.numbers == [1]


def test_a_test_is_signed_kept_as_the_last_outcome_and_stands_in_no_log(told):
    _, outcome = try_out.try_out(told.business.caller, told.endpoint_id)

    assert outcome.delivered
    assert told.receiver.bodies[0]["type"] == "endpoint.test"
    assert (told.logged, told.endpoint.outcome) == ([], "It answered 204.")


def test_without_an_endpoint_nothing_is_asked_or_kept_for_it(told):
    """Sending reads the tenant anyhow, and that says whether anybody listens."""
    with requests_to("invoices") as listened, requests_to("tenants") as of_tenant:
        told.send()
    change.remove(told.business.caller, told.endpoint_id)
    with requests_to("invoices") as alone, requests_to("tenants") as of_tenant_alone:
        told.send()

    assert (len(listened), len(of_tenant)) == (len(alone), len(of_tenant_alone))
    assert not tenants.get(TENANT).telling
    assert log.last_number(TENANT) == 0
    drain.drain(
        outbox.lane_of(TENANT), deadline=told.business.aws.clock.now() + timedelta(seconds=9)
    )
    assert told.logged == [1]


def test_the_bodies_are_the_same_whenever_an_event_is_told(told):
    told.send()
    told.work()
    told.business.aws.clock.advance(days=1)
    change.send_again(told.business.caller, told.endpoint_id, 1)
    told.work()

    (first, body), (again, same) = told.receiver.raw
    assert body == same
    assert json.loads(body)["number"] == 1
    assert first["webhook-timestamp"] != again["webhook-timestamp"]
