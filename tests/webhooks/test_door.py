"""The door tells Xero's deliveries from forged ones, and takes in wishes to look."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys

import pytest
from chalice.test import Client

from chalicelib.dispatch import store
from chalicelib.dispatch.model import Priority
from chalicelib.webhooks import inbox
from chalicelib.webhooks.signature import signed
from tests.support.browser import application

KEY = "test-webhook-key"
INTENT = b'{"events": [], "firstEventSequence": 0, "lastEventSequence": 0, "entropy": "S0m3"}'


def sign(body: bytes, key: str = KEY) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def delivery(*events: tuple[str, str]) -> bytes:
    return json.dumps(
        {
            "events": [
                {
                    "resourceUrl": f"https://api.xero.com/api.xro/2.0/Invoices/{number}",
                    "resourceId": str(number),
                    "tenantId": organisation,
                    "tenantType": "ORGANISATION",
                    "eventCategory": category,
                    "eventType": "UPDATE",
                    "eventDateUtc": "2026-11-23T01:15:39.902",
                }
                for number, (organisation, category) in enumerate(events)
            ],
            "firstEventSequence": 1,
            "lastEventSequence": len(events),
            "entropy": "S0m3r4Nd0mt3xt",
        }
    ).encode()


@pytest.fixture
def client(aws):  # noqa: ARG001  aws must be there first
    with application() as client:
        yield client


def post(client: Client, body: bytes, signature: str | None, kind: str = "application/json"):
    headers = {"Content-Type": kind}
    if signature is not None:
        headers["x-xero-signature"] = signature
    return client.http.post("/webhooks/xero", headers=headers, body=body)


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_intent_to_receive_is_answered(client, kind):
    good = post(client, INTENT, sign(INTENT), kind)
    bad = post(client, INTENT, sign(INTENT, "another key"), kind)

    assert (good.status_code, good.body) == (200, b"")
    assert (bad.status_code, bad.body) == (401, b"")


def test_cookies_and_redirects_are_never_answered(client):
    headers = post(client, INTENT, sign(INTENT)).headers

    assert not {"Set-Cookie", "Location"} & set(headers)


@pytest.mark.parametrize("signature", [None, "", "é", "x" * 5000])
def test_forged_delivery_enqueues_nothing(aws, client, signature):
    body = delivery(("organisation-1", "INVOICE"))

    assert post(client, body, signature).status_code == 401

    assert aws.wakes() == []
    assert store.open_jobs("organisation-1") == []


def test_changed_body_is_refused(client):
    body = delivery(("organisation-1", "INVOICE"))

    assert post(client, body + b" ", sign(body)).status_code == 401


def test_events_of_one_organisation_become_one_wish(aws, client):
    body = delivery(*[("organisation-1", "INVOICE")] * 5, ("organisation-2", "INVOICE"))

    assert post(client, body, sign(body)).status_code == 200

    assert sorted(aws.wakes()) == ["organisation-1", "organisation-2"]
    (job,) = store.open_jobs("organisation-1")
    assert (job.kind, job.priority) == ("sync-status", Priority.HINT)


def test_same_delivery_twice_is_one_wish(client):
    body = delivery(("organisation-1", "INVOICE"))

    post(client, body, sign(body))
    post(client, body, sign(body))

    assert len(store.open_jobs("organisation-1")) == 1


@pytest.mark.parametrize(
    "body",
    [
        delivery(("organisation-1", "SUBSCRIPTION")),
        delivery(("organisation-1", "SOMETHING_NEW")),
        delivery(("", "INVOICE")),
        b'{"events": null}',
        b"{}",
        b"not json",
        b"[]",
    ],
)
def test_what_says_nothing_of_invoices_is_taken_and_left(aws, client, body):
    assert post(client, body, sign(body)).status_code == 200

    assert aws.wakes() == []


def test_delivery_costs_at_most_two_calls_to_aws(aws, client):
    body = delivery(*[(f"organisation-{number}", "INVOICE") for number in range(20)])
    post(client, body, sign(body))
    made = []
    for service in (aws.wiring.sqs, store.JobRow._get_connection().connection.client):
        service.meta.events.register("before-call", lambda model, **_: made.append(model.name))

    post(client, body, sign(body))

    assert made == ["TransactWriteItems", "SendMessageBatch"]


def test_without_a_key_nothing_is_trusted():
    assert not signed(b"x", sign(b"x", ""), "")


def test_door_loads_no_templates_and_no_client_of_xero():
    script = (
        "import sys; import chalicelib.webhooks.door, chalicelib.webhooks.inbox;"
        "print([m for m in ('jinja2', 'requests', 'argon2', 'chalicelib.xero.accounting')"
        " if m in sys.modules])"
    )

    said = subprocess.run(  # noqa: S603  runs this very interpreter
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout

    assert said.strip() == "[]"


def test_organisations_are_named_once_in_order():
    body = delivery(("b", "INVOICE"), ("a", "CREDITNOTE"), ("b", "PAYMENT"))

    assert list(inbox.news(body)) == ["b", "a"]
