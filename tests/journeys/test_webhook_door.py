"""Xero's webhooks at the deployed door."""

import base64
import hashlib
import hmac
import json

import pytest
import requests

from local.cloud.xero import LOCAL_APP

ITR = b'{"events": [], "firstEventSequence": 0, "lastEventSequence": 0, "entropy": "QWERTY"}'


def signature(body, key=LOCAL_APP["XeroWebhookKey"]):
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def deliver(demo, body, signed):
    return requests.post(
        f"{demo['base_url']}/webhooks/xero",
        data=body,
        headers={"Content-Type": "application/json", "x-xero-signature": signed},
        timeout=30,
    )


def test_a_right_signature_is_answered_200_and_nothing_else(demo):
    answer = deliver(demo, ITR, signature(ITR))

    assert (answer.status_code, answer.content) == (200, b"")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "signed",
    ["", "AAAA", signature(ITR, "another key"), signature(ITR + b" ")],
    ids=["none", "garbage", "another key", "another body"],
)
def test_a_wrong_signature_is_answered_401_and_nothing_else(demo, signed):
    answer = deliver(demo, ITR, signed)

    assert (answer.status_code, answer.content) == (401, b"")


def test_an_unknown_organisation_is_taken_in_and_harms_nothing(demo):
    body = json.dumps(
        {
            "events": [
                {
                    "resourceUrl": "https://api.xero.com/api.xro/2.0/Invoices/1",
                    "resourceId": "00000000-0000-4000-8000-000000000001",
                    "tenantId": "00000000-0000-4000-8000-000000000002",
                    "tenantType": "ORGANISATION",
                    "eventCategory": "INVOICE",
                    "eventType": "UPDATE",
                    "eventDateUtc": "2026-11-23T01:15:39.902",
                }
            ],
            "firstEventSequence": 1,
            "lastEventSequence": 1,
            "entropy": "S0m3r4Nd0mt3xt",
        }
    ).encode()

    assert deliver(demo, body, signature(body)).status_code == 200
