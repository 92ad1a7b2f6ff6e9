"""Deliveries are signed as Standard Webhooks has it, and secrets change without a gap."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from chalicelib.audit import trail
from chalicelib.events import change, sign
from tests.invoices.conftest import TENANT


def test_agrees_with_a_signature_published_elsewhere():
    """The example in the documentation of Svix, whose libraries verify this form."""
    headers = sign.headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def verifies(secret, headers, body):
    """As a receiver reckons it: RFC 2104 written out, and none of our code."""
    key = base64.b64decode(secret.split("_", 1)[1]).ljust(64, b"\0")
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + content).digest()
    mac = hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()
    expected = "v1," + base64.b64encode(mac).decode()
    return any(
        hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split(" ")
    )


def test_each_delivery_verifies_by_the_secret_that_was_shown(told):
    told.send()
    told.work()

    headers, body = told.receiver.raw[0]
    assert verifies(told.secret, headers, body)
    assert not verifies(told.secret, headers, body + b" ")
    assert not verifies(told.secret, {**headers, "webhook-timestamp": "1"}, body)


@pytest.mark.parametrize(("hours", "former"), [(23, True), (25, False)])
def test_after_a_rotation_both_secrets_are_valid_for_a_day(told, hours, former):
    _, new = change.rotate(told.business.caller, told.endpoint_id)
    told.business.aws.clock.advance(hours=hours)
    told.send()
    told.work()

    headers, body = told.receiver.raw[0]
    assert (verifies(new, headers, body), verifies(told.secret, headers, body)) == (True, former)


def test_no_secret_is_stored_in_clear_nor_recorded(told):
    change.rotate(told.business.caller, told.endpoint_id)

    kept = str(told.business.aws.rows("tenants")) + str(told.business.aws.rows("jobs"))
    assert told.secret.removeprefix("whsec_") not in kept + str(trail.entries(TENANT))
