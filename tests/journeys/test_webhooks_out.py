"""A program outside is told what happens, by the deployed stack over the network."""

import base64
import hashlib
import hmac
import json

import pytest

from tests.support.eventually import eventually
from tests.support.work import draft


@pytest.fixture
def endpoint(connected, receiver):
    """The receiver as the demo tenant's endpoint; it goes again."""
    made = connected.program.post("/endpoints", {"name": "Reports", "url": receiver.url})
    yield made
    connected.program.delete(f"/endpoints/{made['id']}")


def test_a_program_is_told_of_an_invoice_and_again_when_it_asks(connected, receiver, endpoint):
    program, one = connected.program, f"/endpoints/{endpoint['id']}"
    assert program.post(f"{one}/test")["delivered"]

    invoice = draft(program)
    program.post(f"/invoices/{invoice['id']}/send")
    expected = ["endpoint.test", "invoice.sent"]
    assert eventually(receiver.told, expected) == expected

    headers, body = receiver.got[-1]
    event = json.loads(body)
    key = base64.b64decode(endpoint["secret"].removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert event["data"]["invoice_id"] == invoice["id"]

    events = program.get(f"/events?after={event['number'] - 1}")["items"]
    assert [one["id"] for one in events] == [event["id"]]
    program.post(f"{one}/send-again", {"number": event["number"]})
    assert eventually(lambda: receiver.told()[2:], ["invoice.sent"]) == ["invoice.sent"]
    assert receiver.got[-1][1] == body
    assert program.get(one)["told"] == event["number"]
