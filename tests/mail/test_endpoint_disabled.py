"""Administrators are told once of an endpoint that took no webhooks for days."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch import drain
from chalicelib.dispatch.model import tenant_lane
from chalicelib.events.model import Endpoint
from chalicelib.mail import endpoint_disabled
from tests.mail.test_connection_lost import acme as acme  # noqa: PLC0414  fixtures of here, too
from tests.mail.test_connection_lost import xero as xero  # noqa: PLC0414
from tests.support.mail import REFUSED, Unwilling


@pytest.fixture
def endpoint(acme):
    return Endpoint(
        endpoint_id="hook",
        tenant_id=acme.tenant_id,
        name="Reports",
        url="https://reports.example/hooks",
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
        outcome="It answered 500.",
    )


def told(xero):
    """The messages about the endpoint; invitations are e-mailed, too."""
    return [one for one in xero.aws.mail() if "Reports" in one.text]


def work(xero, tenant_id):
    now = xero.aws.clock.now()
    drain.drain(tenant_lane(tenant_id), deadline=now + timedelta(seconds=20))


def test_each_active_administrator_gets_one_message(xero, acme, endpoint):
    for _ in range(2):
        endpoint_disabled.tell(endpoint)
    work(xero, acme.tenant_id)

    sent = told(xero)
    assert sorted(one.to[0] for one in sent) == ["ann@acme.test", "bea@acme.test"]
    assert "It answered 500." in sent[0].text
    assert [one.what for one in trail.entries(acme.tenant_id)].count("webhook disabled") == 1


def test_who_could_not_be_told_is_told_later(xero, acme, endpoint):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(wiring.current().clients, "ses", Unwilling(REFUSED))
        endpoint_disabled.tell(endpoint)
        work(xero, acme.tenant_id)
    assert told(xero) == []

    xero.aws.clock.advance(minutes=10)
    work(xero, acme.tenant_id)

    assert len(told(xero)) == 2
