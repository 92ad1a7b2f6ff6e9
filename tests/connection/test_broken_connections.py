"""Every way in which Xero shows a broken connection, made by the local Xero, and what follows."""

import pytest

from chalicelib.connection import access, store, tokens
from chalicelib.connection.model import ConnectionState
from chalicelib.errors import NotConnected
from chalicelib.xero.errors import XeroForbidden, XeroNotFound

ACTIVE = ConnectionState.ACTIVE
RECONNECT = ConnectionState.NEEDS_RECONNECT
ENDED = ConnectionState.DISCONNECTED
ACCESS_DENIED = "<html><head><title>Access Denied</title></head></html>"


def token_expired(xero, _made):
    for issued in xero.world.issued.values():
        issued.expires = xero.world.clock.now()


def token_unknown(xero, _made):
    xero.world.issued.clear()


def token_never_good(xero, _made):
    xero.fault(
        "status",
        "/Organisation",
        status=401,
        times=0,
        body='{"Title": "Unauthorized", "Status": 401, "Detail": "AuthenticationUnsuccessful"}',
    )


def scope_missing(xero, made):
    for grant in xero.world.grants.values():
        grant.scopes.remove("accounting.settings.read")
    xero.expire()
    tokens.access_to(made.xero_userid)


def disconnected_in_xero(xero, made):
    xero.world.disconnect("test-client", tenant_id=made.organisation_id)


def user_lost_access(xero, made):
    xero.world.users[made.xero_userid].organisations.remove(made.organisation_id)


def organisation_deleted(xero, made):
    del xero.world.organisations[made.organisation_id]


def not_found_for_the_tenant(xero, _made):
    xero.fault("status", "/Organisation", status=404, times=1, body="{}")


def old_tls(xero, _made):
    xero.fault(
        "status",
        "/Organisation",
        status=403,
        times=1,
        body=ACCESS_DENIED,
        content_type="text/html",
    )


def refresh_token_dead(xero, _made):
    xero.expire()
    xero.end_grants()


# What happened; what the call raises; the state afterwards; how often the grant is refreshed.
ROWS = [
    (token_expired, None, ACTIVE, 1),
    (token_unknown, None, ACTIVE, 1),
    (token_never_good, NotConnected, RECONNECT, 1),
    (scope_missing, NotConnected, RECONNECT, 0),
    (disconnected_in_xero, NotConnected, ENDED, 0),
    (user_lost_access, XeroForbidden, ACTIVE, 0),
    (organisation_deleted, NotConnected, ENDED, 0),
    (not_found_for_the_tenant, XeroNotFound, ACTIVE, 0),
    (old_tls, XeroForbidden, ACTIVE, 0),
    (refresh_token_dead, NotConnected, RECONNECT, 1),
]


@pytest.mark.parametrize(
    ("happens", "raised", "state", "refreshes"), ROWS, ids=[row[0].__name__ for row in ROWS]
)
def test_what_xero_answers_is_understood(xero, happens, raised, state, refreshes):
    made = xero.connect()
    happens(xero, made)
    xero.world.calls.clear()

    if raised:
        with pytest.raises(raised):
            access.call(made, lambda books: books.organisation().name)
    else:
        assert access.call(made, lambda books: books.organisation().name)

    assert store.get("t1").state is state
    assert xero.calls("POST", "/connect/token") == refreshes
    assert not (state is ACTIVE and store.get("t1").problem)
