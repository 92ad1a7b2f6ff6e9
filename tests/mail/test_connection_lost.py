"""Administrators are told once of a connection that ended on Xero's side."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import access, disconnect, store
from chalicelib.connection.model import ConnectionState
from chalicelib.dispatch import drain
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import tenant_lane
from chalicelib.errors import NotConnected
from chalicelib.mail import administrators, connection_lost
from chalicelib.people import invite, roster
from chalicelib.people import store as people
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.people.make_tenant import make_tenant
from tests.support.mail import REFUSED, Unwilling
from tests.support.xero import books


@pytest.fixture
def xero():
    with books(MAIL_FROM="workbill@acme.test") as both:
        yield both


@pytest.fixture
def acme(xero):
    """A connected tenant with two administrators, a biller, and one who was deactivated."""
    made = make_tenant(name="Acme Ltd", email="ann@acme.test")
    caller = Caller(made["tenant_id"], "user:ann", "Ann", EVERYTHING)
    settle("ann")
    for name, role in (("bea", "administrator"), ("cy", "biller"), ("dot", "administrator")):
        invite.invite(caller, f"{name}@acme.test", role)
        settle(name)
    roster.deactivate(caller, people.user_by_email("dot@acme.test").user_id)
    invite.invite(caller, "eve@acme.test", "administrator")
    xero.connect(made["tenant_id"])
    return caller


def settle(name):
    """As after the one-time link was used."""
    user = people.user_by_email(f"{name}@acme.test")
    people.change(user, people.UserRow.password_hash.set("a hash"))


def notice(tenant_id):
    """A call that meets the end."""
    with pytest.raises(NotConnected):
        access.call(store.active(tenant_id), lambda books: books.organisation())


def work(xero, tenant_id):
    """What a worker does in the tenant's own lane; answers with the states of jobs that tell."""
    now = xero.aws.clock.now()
    drain.drain(tenant_lane(tenant_id), deadline=now + timedelta(seconds=20))
    rows = jobs.JobRow.query(tenant_lane(tenant_id))
    return [row.state for row in rows if row.kind == connection_lost.KIND]


def told(xero):
    return [mail.to for mail in xero.aws.mail() if "no longer connected" in mail.subject]


def lost(tenant_id):
    found = trail.entries(tenant_id)
    return [(one.actor, one.about) for one in found if one.what == "connection lost"]


ADMINISTRATORS = [["ann@acme.test"], ["bea@acme.test"]]


def test_an_end_made_in_xero_is_told_to_the_active_administrators(acme, xero):
    organisation = store.get(acme.tenant_id).organisation_id
    xero.world.disconnect("test-client", tenant_id=organisation)
    notice(acme.tenant_id)
    work(xero, acme.tenant_id)
    assert told(xero) == ADMINISTRATORS
    assert lost(acme.tenant_id) == [("system:connection", "Demo Company (NZ)")]
    assert "disconnected in Xero" in xero.aws.mail()[-1].text


def test_an_ended_permission_is_told(acme, xero):
    xero.expire()
    xero.end_grants()
    notice(acme.tenant_id)
    work(xero, acme.tenant_id)
    assert told(xero) == ADMINISTRATORS


def test_it_is_told_once_however_many_notice(acme, xero):
    xero.expire()
    xero.end_grants()
    connection = store.active(acme.tenant_id)
    for _ in range(3):
        with pytest.raises(NotConnected):
            access.call(connection, lambda books: books.organisation())
    work(xero, acme.tenant_id)
    work(xero, acme.tenant_id)
    assert told(xero) == ADMINISTRATORS
    assert len(lost(acme.tenant_id)) == 1


def test_a_second_end_is_told_again(acme, xero):
    for _ in range(2):
        xero.expire()
        xero.end_grants()
        notice(acme.tenant_id)
        work(xero, acme.tenant_id)
        xero.connect(acme.tenant_id)
    assert told(xero) == ADMINISTRATORS * 2


def test_who_disconnects_here_is_not_told_of_it(acme, xero):
    disconnect.start(acme)
    work(xero, acme.tenant_id)
    assert told(xero) == []


def test_a_connection_that_works_again_is_recorded_and_not_told(acme, xero):
    xero.expire()
    xero.end_grants()
    notice(acme.tenant_id)
    xero.connect(acme.tenant_id)
    assert store.get(acme.tenant_id).state is ConnectionState.ACTIVE
    work(xero, acme.tenant_id)
    assert told(xero) == []
    assert len(lost(acme.tenant_id)) == 1


def test_a_message_that_cannot_be_sent_is_tried_again_for_those_who_lack_it(acme, xero):
    xero.expire()
    xero.end_grants()
    notice(acme.tenant_id)
    wiring.current().clients["ses"] = Unwilling(REFUSED)
    assert work(xero, acme.tenant_id) == ["waiting"]
    assert told(xero) == []
    del wiring.current().clients["ses"]
    xero.aws.clock.advance(minutes=2)
    assert work(xero, acme.tenant_id) == ["done"]
    assert told(xero) == ADMINISTRATORS


class UnwillingForBea(Unwilling):
    """Takes what is for anybody else."""

    def __init__(self, willing):
        super().__init__(REFUSED)
        self.willing = willing

    def send_email(self, **message):
        if message["Destination"]["ToAddresses"] == ["bea@acme.test"]:
            super().send_email(**message)
        return self.willing.send_email(**message)


def test_who_was_told_is_not_told_again(acme, xero):
    xero.expire()
    xero.end_grants()
    notice(acme.tenant_id)
    clients, willing = wiring.current().clients, wiring.current().ses
    clients["ses"] = UnwillingForBea(willing)
    assert work(xero, acme.tenant_id) == ["waiting"]
    assert told(xero) == ADMINISTRATORS[:1]
    clients["ses"] = willing
    xero.aws.clock.advance(minutes=2)
    assert work(xero, acme.tenant_id) == ["done"]
    assert told(xero) == ADMINISTRATORS


def test_who_cannot_be_told_is_in_the_trail_at_last(acme, xero):
    xero.expire()
    xero.end_grants()
    notice(acme.tenant_id)
    wiring.current().clients["ses"] = Unwilling(REFUSED)
    for _ in range(administrators.TRIES):
        states = work(xero, acme.tenant_id)
        xero.aws.clock.advance(hours=1)
    del wiring.current().clients["ses"]
    assert states == ["done"]
    failed = [one for one in trail.entries(acme.tenant_id) if one.result == "failed"]
    assert [one.facts for one in failed] == [{"letter": "lost connection"}] * 2
    assert len(lost(acme.tenant_id)) == 1
