"""A program outside is told what happens, by the deployed stack over the network."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.eventually import eventually
from tests.support.work import draft


class Doorman(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    """A program that takes whatever it is told."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Doorman) as server:
        server.daemon_threads, server.got = True, []
        server.url = f"http://127.0.0.1:{server.server_address[1]}/workbill"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def endpoint(connected, receiver):
    """The receiver as the demo tenant's endpoint; it goes again."""
    made = connected.program.post("/endpoints", {"name": "Reports", "url": receiver.url})
    yield made
    connected.program.delete(f"/endpoints/{made['id']}")


def told(receiver):
    return [json.loads(body)["type"] for _, body in receiver.got]


def test_a_program_is_told_of_an_invoice_and_again_when_it_asks(connected, receiver, endpoint):
    program, one = connected.program, f"/endpoints/{endpoint['id']}"
    assert program.post(f"{one}/test")["delivered"]

    invoice = draft(program)
    program.post(f"/invoices/{invoice['id']}/send")
    expected = ["endpoint.test", "invoice.sent"]
    assert eventually(lambda: told(receiver), expected) == expected

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
    assert eventually(lambda: told(receiver)[2:], ["invoice.sent"]) == ["invoice.sent"]
    assert receiver.got[-1][1] == body
    assert program.get(one)["told"] == event["number"]
